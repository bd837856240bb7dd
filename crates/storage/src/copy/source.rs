//! Reads whole tables, some rows at a time, in one snapshot.

use std::time::Duration;

use app::port::Stored;
use diesel::connection::DefaultLoadingMode;
use diesel::sql_types::{BigInt, Binary, Bool, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde_json::Value;

use super::CopyError;
use super::shape::{Column, Kind, Table};
use crate::connection::Either;
use crate::error::stored;
use crate::migrate;
use crate::session::Session;
use crate::sql::{Made, statements};

/// Rows at once, and about how many bytes of them.
const ROWS: usize = 1_000;
const BYTES: usize = 4 * 1_024 * 1_024;

statements! {
    Instance: "SELECT secret, incomplete FROM instance" => (Binary, Bool) as (Vec<u8>, bool);
    /// PostgreSQL: who else may write. A server has a session at all times, and shows its name where
    /// the URL gives none.
    Others: "SELECT CAST(count(*) AS bigint) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() \
           AND (application_name = 'rolecall' OR usename = current_user)" => (BigInt,) as (i64,);
    /// PostgreSQL.
    Unnumbered: "SELECT count(*) FROM events WHERE seq IS NULL" => (BigInt,) as (i64,);
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// How often others are looked for, and how long between: the server of PostgreSQL takes a moment to see
/// that somebody has left.
const LOOKS: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(100);

/// Whether others have sessions in the source; PostgreSQL only.
#[expect(
    clippy::disallowed_methods,
    reason = "a command waits for those who leave"
)]
pub(super) fn is_shared(source: &mut Session) -> Result<bool, CopyError> {
    if source.is_sqlite() {
        return Ok(false);
    }
    for _ in 0..LOOKS {
        if Others::row(source, &[]).map_err(refused)? == Some((0,)) {
            return Ok(false);
        }
        std::thread::sleep(BETWEEN);
    }
    Ok(true)
}

/// Begins the snapshot; the instance's secret.
pub(super) fn begin(source: &mut Session) -> Result<Vec<u8>, CopyError> {
    match migrate::pending(source).map_err(CopyError::Source)? {
        0 => {}
        missing if missing == migrate::all() => return Err(CopyError::SourceIsNotWhole),
        _ => return Err(CopyError::SourceIsOld),
    }
    snapshot(source).map_err(refused)?;
    // The first look makes SQLite's snapshot.
    match Instance::row(source, &[]).map_err(refused)? {
        Some((secret, false)) => Ok(secret),
        _ => Err(CopyError::SourceIsNotWhole),
    }
}

/// Everything that is read until the end of the transaction is of one moment.
pub(super) fn snapshot(session: &mut Session) -> Stored<()> {
    session.batch(if session.is_sqlite() {
        "BEGIN"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    })
}

fn refused(error: app::port::StoreError) -> CopyError {
    CopyError::Statement("source", error)
}

/// Whether an event's number has to become its ticket: on SQLite they are one.
pub(super) fn unlike(source: &Session, target: &Session) -> bool {
    !source.is_sqlite() && target.is_sqlite()
}

/// How many rows there are in all. `lent`: see [`unlike`]; an event without a number has none then.
pub(super) fn count(source: &mut Session, tables: &[Table], lent: bool) -> Result<u64, CopyError> {
    if lent && Unnumbered::row(source, &[]).map_err(refused)? != Some((0,)) {
        return Err(CopyError::Unnumbered);
    }
    let mut all = 0;
    for table in tables {
        let text = format!("SELECT count(*) FROM {}{}", table.name, table.copied());
        let query = Made::<(BigInt,)>::new(&text, &[]);
        let rows: Vec<(i64,)> = source
            .ask(|conn| RunQueryDsl::load(query, conn))
            .map_err(refused)?;
        all += rows.first().map_or(0, |(count,)| count.unsigned_abs());
    }
    Ok(all)
}

/// Hands over all rows of a table, in parts; inside a transaction. `lent`: see [`unlike`].
pub(super) fn each(
    session: &mut Session,
    table: &Table,
    lent: bool,
    mut take: impl FnMut(Vec<Vec<Value>>) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    let sqlite = session.is_sqlite();
    let columns = table.columns.iter().map(|column| {
        let taken = match (table.name, column.name.as_str()) {
            ("events", "ticket") if lent => "seq",
            // The door of the copy tells what all gates tell together.
            ("org_gates", "seats") => {
                "(SELECT CAST(sum(g.seats) AS BIGINT) FROM org_gates g WHERE g.org = org_gates.org)"
            }
            (_, name) => name,
        };
        told(column, taken, sqlite)
    });
    let columns: Vec<String> = columns.collect();
    let columns = columns.join(", ");
    let from = format!("{}{}", table.name, table.copied());
    let mut part = Part::of(table);
    match session.bare() {
        Either::Sqlite(conn) => {
            let text = format!("SELECT json_array({columns}) AS row FROM {from}");
            let rows = sql_query(text).load_iter::<Row, DefaultLoadingMode>(conn);
            for row in rows.map_err(|error| refused(stored(error)))? {
                part.add(&row.map_err(|error| refused(stored(error)))?.row)?;
                if part.is_full() {
                    take(part.given())?;
                }
            }
        }
        Either::Postgres(conn) => {
            let fails = |error| refused(stored(error));
            let cursor = format!(
                "DECLARE copied NO SCROLL CURSOR FOR \
                 SELECT CAST(json_build_array({columns}) AS text) AS row FROM {from}"
            );
            sql_query(cursor).execute(conn).map_err(fails)?;
            loop {
                let fetch = format!("FETCH {ROWS} FROM copied");
                let rows: Vec<Row> = sql_query(fetch).load(conn).map_err(fails)?;
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    part.add(&row.row)?;
                    if part.is_full() {
                        take(part.given())?;
                    }
                }
            }
            sql_query("CLOSE copied").execute(conn).map_err(fails)?;
        }
    }
    if !part.rows.is_empty() {
        take(part.given())?;
    }
    Ok(())
}

/// A column's value as JSON has it, the same on both databases.
fn told(column: &Column, taken: &str, sqlite: bool) -> String {
    match (column.kind, sqlite) {
        (Kind::Bytes, true) => {
            format!("CASE WHEN {taken} IS NULL THEN NULL ELSE lower(hex({taken})) END")
        }
        (Kind::Bytes, false) => format!("encode({taken}, 'hex')"),
        (Kind::Bool, _) => format!("CAST({taken} AS integer)"),
        (Kind::Number | Kind::Text, _) => taken.to_owned(),
    }
}

/// Rows that go together.
struct Part {
    table: &'static str,
    width: usize,
    rows: Vec<Vec<Value>>,
    bytes: usize,
}

impl Part {
    fn of(table: &Table) -> Part {
        Part {
            table: table.name,
            width: table.columns.len(),
            rows: Vec::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, text: &str) -> Result<(), CopyError> {
        let row: Vec<Value> = serde_json::from_str(text)
            .ok()
            .filter(|row: &Vec<Value>| row.len() == self.width)
            .ok_or(CopyError::Unreadable(self.table))?;
        self.bytes += text.len();
        self.rows.push(row);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes >= BYTES
    }

    fn given(&mut self) -> Vec<Vec<Value>> {
        self.bytes = 0;
        std::mem::take(&mut self.rows)
    }
}
