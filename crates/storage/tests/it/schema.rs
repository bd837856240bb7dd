//! The two schemas say the same.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use rolecall_storage::{Config, Database};

use crate::support::sqlite_url;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    columns: String,
}

const SQLITE_COLUMNS: &str = "SELECT t.name || '.' || c.name AS place, lower(c.type) AS kind, \
     c.\"notnull\" AS required FROM sqlite_master t, pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_COLUMNS: &str = "SELECT table_name || '.' || column_name AS place, \
     CAST(data_type AS text) AS kind, is_nullable = 'NO' AS required \
     FROM information_schema.columns \
     WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";

/// Unique keys, primary ones among them, as a table and columns in order.
const SQLITE_KEYS: &str = "SELECT t.name || ': ' || (SELECT group_concat(name, ', ') FROM \
         (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns \
     FROM sqlite_master t, pragma_index_list(t.name) i \
     WHERE t.type = 'table' AND i.\"unique\" AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_KEYS: &str = "SELECT c.relname || ': ' || (SELECT string_agg(a.attname, ', ' \
         ORDER BY array_position(CAST(i.indkey AS int2[]), a.attnum)) FROM pg_attribute a \
         WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) AS columns \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
     JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE i.indisunique AND n.nspname = 'public' AND c.relname NOT LIKE '\\_\\_%'";

/// One name for a type that both have.
fn kind(name: &str) -> &str {
    match name {
        "bytea" | "blob" => "bytes",
        "integer" | "bigint" => "number",
        other => other,
    }
}

fn columns(rows: Vec<Column>) -> BTreeSet<String> {
    let line = |row: Column| {
        let null = if row.required { "" } else { " or null" };
        format!("{} {}{null}", row.place, kind(&row.kind))
    };
    rows.into_iter().map(line).collect()
}

fn keys(rows: Vec<Key>) -> BTreeSet<String> {
    // A rowid is the key of these on SQLite, and in no list.
    let single = ["orgs: id", "instance: one", "heartbeats: one"];
    let rows = rows.into_iter().map(|row| row.columns);
    rows.filter(|columns| !single.contains(&columns.as_str()))
        .collect()
}

#[test]
fn tables_columns_and_unique_keys_are_the_same() {
    let sqlite = sqlite_url();
    Database::migrate(&Config::new(&sqlite)).unwrap();
    let path = sqlite.strip_prefix("sqlite://").unwrap();
    let mut conn = SqliteConnection::establish(path).unwrap();
    let ours = columns(diesel::sql_query(SQLITE_COLUMNS).load(&mut conn).unwrap());
    let our_keys = keys(diesel::sql_query(SQLITE_KEYS).load(&mut conn).unwrap());
    assert!(ours.contains("users.external_id text or null"), "{ours:?}");
    assert!(our_keys.contains("users: org, user_name"), "{our_keys:?}");
    let Some(postgres) = testkit::postgres::fresh_database() else {
        return;
    };
    Database::migrate(&Config::new(&postgres)).unwrap();
    let mut conn = PgConnection::establish(&postgres).unwrap();
    let theirs = columns(diesel::sql_query(POSTGRES_COLUMNS).load(&mut conn).unwrap());
    let mut their_keys = keys(diesel::sql_query(POSTGRES_KEYS).load(&mut conn).unwrap());
    // On SQLite an event's number is its ticket, which is a key there already.
    assert!(their_keys.remove("events: org, seq"));
    assert_eq!(ours, theirs);
    assert_eq!(our_keys, their_keys);
}

#[test]
fn migrations_have_the_same_names() {
    let names = |backend: &str| -> BTreeSet<String> {
        let folder = format!("{}/../../migrations/{backend}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    step: String,
}

/// A plan that is kept must suit a large organization, though nothing has been counted yet.
#[test]
fn a_handful_of_ids_is_probed_in_a_database_that_has_not_been_analyzed() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    Database::migrate(&Config::new(&url)).unwrap();
    let mut conn = PgConnection::establish(&url).unwrap();
    let setup = "INSERT INTO access (org, user_id, state, seat, sees_all) \
             SELECT 1, decode(lpad(to_hex(n), 32, '0'), 'hex'), 'active', true, false \
             FROM generate_series(1, 3000) n; \
         SET plan_cache_mode = force_generic_plan; \
         PREPARE probe (bigint, json) AS SELECT a.role FROM access a \
             LEFT JOIN stale_access s ON s.org = a.org AND s.user_id = a.user_id \
             WHERE a.org = $1 AND a.user_id = ANY (ARRAY (SELECT decode(value, 'hex') \
                 FROM json_array_elements_text($2)))";
    conn.batch_execute(setup).unwrap();
    let steps: Vec<Step> = diesel::sql_query("EXPLAIN EXECUTE probe (1, '[]')")
        .load(&mut conn)
        .unwrap();
    let plan: Vec<String> = steps.into_iter().map(|row| row.step).collect();
    let probes = |step: &String| step.contains("Index Cond") && step.contains("user_id = ANY");
    assert!(plan.iter().any(probes), "{plan:#?}");
}
