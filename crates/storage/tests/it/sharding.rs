//! The schema on PostgreSQL can be split by organization: every key and index of a table that
//! belongs to organizations begins with the organization, and nothing ties two organizations, or
//! two nodes, together.

use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use rolecall_storage::{Config, Database};

/// Small tables of the whole instance, which every node may have a copy of.
const OF_THE_INSTANCE: &[&str] = &["api_keys", "heartbeats", "instance", "orgs"];

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    /// Its first column; of no length where that is an expression.
    #[diesel(sql_type = Text)]
    first: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Every index, those of primary and unique keys among them.
const INDEXES: &str = "SELECT c.relname AS of, x.relname AS name, coalesce(a.attname, '') AS first \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
     JOIN pg_namespace n ON n.oid = c.relnamespace \
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] \
     WHERE n.nspname = 'public' AND c.relname NOT LIKE '\\_\\_%'";

/// Tables without a primary key.
const KEYLESS: &str = "SELECT count(*) AS count FROM pg_class c \
     JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS \
         (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)";

/// What a database that is split up does otherwise or not at all.
const TIES: &[(&str, &str)] = &[
    (
        "foreign keys",
        "SELECT count(*) AS count FROM pg_constraint WHERE contype = 'f'",
    ),
    (
        "exclusion constraints",
        "SELECT count(*) AS count FROM pg_constraint WHERE contype = 'x'",
    ),
    (
        "triggers",
        "SELECT count(*) AS count FROM pg_trigger WHERE NOT tgisinternal",
    ),
    (
        "functions",
        "SELECT count(*) AS count FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
             WHERE n.nspname = 'public' AND p.proname NOT LIKE 'diesel\\_%'",
    ),
    (
        "views and rules",
        "SELECT count(*) AS count FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')",
    ),
];

/// Whether an index is one that cannot be split by organization.
fn is_whole(index: &Index) -> bool {
    index.first != "org" && !OF_THE_INSTANCE.contains(&index.of.as_str())
}

#[test]
fn every_key_and_index_begins_with_the_organization() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    Database::migrate(&Config::new(&url)).unwrap();
    let mut conn = PgConnection::establish(&url).unwrap();
    let whole = |conn: &mut PgConnection| {
        let all: Vec<Index> = diesel::sql_query(INDEXES).load(conn).unwrap();
        assert!(all.len() > 40, "{}", all.len());
        let whole = all.into_iter().filter(is_whole);
        whole
            .map(|index| format!("{}: {}", index.of, index.name))
            .collect::<Vec<_>>()
    };
    assert_eq!(whole(&mut conn), Vec::<String>::new());
    // One that is not is seen.
    let wrong = "CREATE INDEX by_name ON users (user_name, org)";
    diesel::sql_query(wrong).execute(&mut conn).unwrap();
    assert_eq!(whole(&mut conn), ["users: by_name"]);
}

#[test]
fn nothing_ties_organizations_together() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    Database::migrate(&Config::new(&url)).unwrap();
    let mut conn = PgConnection::establish(&url).unwrap();
    let mut count = |text: &str| {
        let found: Count = diesel::sql_query(text).get_result(&mut conn).unwrap();
        found.count
    };
    for (what, text) in TIES {
        assert_eq!(count(text), 0, "{what}");
    }
    assert_eq!(count(KEYLESS), 0, "tables without a primary key");
}

/// Locks and messages that only one node would know of.
#[test]
fn no_statement_uses_what_only_one_node_knows() {
    let mut files = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/src").into()];
    files.push(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres").into());
    let mut seen = 0;
    while let Some(path) = files.pop() {
        let path: std::path::PathBuf = path;
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
        for word in [
            "advisory_",
            "\"listen ",
            "\"notify ",
            "pg_notify",
            "create temp",
        ] {
            assert!(!text.contains(word), "{word} in {}", path.display());
        }
    }
    assert!(seen > 50, "{seen}");
}
