//! Brings a database's schema up to this binary, or refuses one that is ahead of it.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationConnection, MigrationSource};
use diesel::sql_types::{BigInt, Bool};
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::Either;
use crate::open::OpenError;
use crate::session::Session;
use crate::sql::Bind;
use crate::sql::statements;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// What rolecall's files of SQLite are known by: the text `RoLe` in their header.
const OURS: i64 = 0x526F_4C65;

statements! {
    /// How many things a file of SQLite has, how many of two tables of rolecall are among them, and
    /// whose it says that it is.
    InFile: "SELECT (SELECT count(*) FROM sqlite_master), (SELECT count(*) FROM sqlite_master \
         WHERE name IN ('instance', '__diesel_schema_migrations')), \
         (SELECT application_id FROM pragma_application_id)"
        => (BigInt, BigInt, BigInt) as (i64, i64, i64);
    /// The table that tells which migrations ran; PostgreSQL.
    Ledger: "SELECT CAST(count(*) AS bigint) FROM pg_tables \
         WHERE schemaname = current_schema() AND tablename = '__diesel_schema_migrations'"
        => (BigInt,) as (i64,);
    /// The first migration's row; later ones leave it.
    MakeInstance: "INSERT INTO instance (one, secret, fold_version, incomplete) SELECT 1, ?, ?, false \
         WHERE NOT EXISTS (SELECT 1 FROM instance)";
    /// How keys were folded when this database was made, and whether it is a copy that was not ended.
    Made: "SELECT fold_version, incomplete FROM instance" => (BigInt, Bool) as (i64, bool);
}

/// Runs what is pending, all of it in one transaction that only one process can be in, and makes
/// the instance's secret where there is none. Returns the names of the migrations that ran.
///
/// # Errors
/// [`OpenError::Foreign`], [`OpenError::Newer`], [`OpenError::Migrate`], [`OpenError::Folding`].
pub(crate) fn migrate(session: &mut Session) -> Result<Vec<String>, OpenError> {
    if session.is_sqlite() {
        // Before anything is written to it.
        is_used(session)?;
        // A property of the file, and not to be changed inside a transaction.
        session
            .bare()
            .batch_execute("PRAGMA journal_mode = WAL")
            .map_err(OpenError::Prepare)?;
    }
    begin(session.bare()).map_err(OpenError::Prepare)?;
    match prepare(session) {
        Ok(ran) => {
            end(session.bare(), true).map_err(OpenError::Prepare)?;
            Ok(ran)
        }
        Err(error) => {
            // The connection is dropped by the caller, which rolls back just the same.
            let _ = end(session.bare(), false);
            Err(error)
        }
    }
}

/// Through diesel's own counting of transactions, because a migration opens one inside.
fn begin(conn: &mut Either) -> diesel::QueryResult<()> {
    match conn {
        Either::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        }
        Either::Postgres(conn) => begin_on_postgres(conn),
    }
}

/// Two processes may find the table of migrations missing at the same time; one of them then fails
/// to make it and finds it at the next try. The table's lock keeps the others out until commit.
fn begin_on_postgres(conn: &mut PgConnection) -> diesel::QueryResult<()> {
    conn.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0")?;
    let mut tries = 0;
    while let Err(error) = conn.transaction(MigrationConnection::setup) {
        tries += 1;
        if tries == 5 {
            return Err(error);
        }
    }
    AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN")?;
    conn.batch_execute("LOCK TABLE __diesel_schema_migrations IN ACCESS EXCLUSIVE MODE")
}

fn end(conn: &mut Either, commit: bool) -> diesel::QueryResult<()> {
    match (conn, commit) {
        (Either::Sqlite(conn), true) => AnsiTransactionManager::commit_transaction(conn),
        (Either::Sqlite(conn), false) => AnsiTransactionManager::rollback_transaction(conn),
        (Either::Postgres(conn), true) => AnsiTransactionManager::commit_transaction(conn),
        (Either::Postgres(conn), false) => AnsiTransactionManager::rollback_transaction(conn),
    }
}

fn prepare(session: &mut Session) -> Result<Vec<String>, OpenError> {
    let ran = match session.bare() {
        Either::Sqlite(conn) => run::<_, SqliteConnection>(conn, SQLITE),
        Either::Postgres(conn) => run::<_, PgConnection>(conn, POSTGRES),
    }?;
    make_instance(session)?;
    if session.is_sqlite() {
        let sign = format!("PRAGMA application_id = {OURS}");
        let signed = session.bare().batch_execute(&sign);
        signed.map_err(OpenError::Prepare)?;
    }
    check_whole(session)?;
    Ok(ran)
}

fn run<DB, C>(conn: &mut C, ours: EmbeddedMigrations) -> Result<Vec<String>, OpenError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB> + Connection<Backend = DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = ours.migrations().map_err(OpenError::Migrate)?;
    let applied = conn.applied_migrations().map_err(OpenError::Migrate)?;
    check_known(&known, &applied)?;
    let ran = conn
        .run_pending_migrations(ours)
        .map_err(OpenError::Migrate)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

/// How many migrations there are.
pub(crate) fn all() -> usize {
    let known = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE);
    known.map_or(0, |known| known.len())
}

/// Whether rolecall has been in a database before. A file that holds anything else is another
/// program's; one from before files were signed is known by its tables.
fn is_used(session: &mut Session) -> Result<bool, OpenError> {
    let unread = |error| OpenError::Migrate(Box::new(error));
    if !session.is_sqlite() {
        let there = Ledger::row(session, &[]).map_err(unread)?;
        return Ok(there.is_some_and(|(tables,)| tables > 0));
    }
    match InFile::row(session, &[]).map_err(unread)? {
        None | Some((0, _, 0 | OURS)) => Ok(false),
        Some((_, _, OURS) | (_, 2, 0)) => Ok(true),
        Some(_) => Err(OpenError::Foreign),
    }
}

/// Whether a database can be worked on as it is. Changes nothing.
///
/// # Errors
/// [`OpenError::Empty`], [`OpenError::Old`], and as for [`migrate`].
pub(crate) fn expect_current(session: &mut Session) -> Result<(), OpenError> {
    match pending(session)? {
        0 => check_whole(session),
        missing if missing == all() => Err(OpenError::Empty),
        _ => Err(OpenError::Old),
    }
}

/// How many migrations a database still needs. Changes nothing.
///
/// # Errors
/// [`OpenError::Foreign`], [`OpenError::Newer`], [`OpenError::Migrate`].
pub(crate) fn pending(session: &mut Session) -> Result<usize, OpenError> {
    // To ask which migrations ran makes the table that tells it.
    if !is_used(session)? {
        return Ok(all());
    }
    match session.bare() {
        Either::Sqlite(conn) => left(conn, &SQLITE),
        Either::Postgres(conn) => left(conn, &POSTGRES),
    }
}

fn left<DB, C>(conn: &mut C, ours: &EmbeddedMigrations) -> Result<usize, OpenError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB> + Connection<Backend = DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = ours.migrations().map_err(OpenError::Migrate)?;
    let applied = conn.applied_migrations().map_err(OpenError::Migrate)?;
    check_known(&known, &applied)?;
    Ok(known.len().saturating_sub(applied.len()))
}

/// Refuses a database that a newer binary has migrated.
fn check_known<DB: diesel::backend::Backend>(
    known: &[Box<dyn Migration<DB>>],
    applied: &[diesel::migration::MigrationVersion<'_>],
) -> Result<(), OpenError> {
    let is_known = |version: &&diesel::migration::MigrationVersion<'_>| {
        known
            .iter()
            .any(|migration| migration.name().version() == **version)
    };
    match applied.iter().find(|version| !is_known(version)) {
        Some(version) => Err(OpenError::Newer(version.to_string())),
        None => Ok(()),
    }
}

fn make_instance(session: &mut Session) -> Result<(), OpenError> {
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|error| OpenError::Start(Box::new(error)))?;
    let binds = [
        Bind::Bytes(&secret),
        Bind::Int(i64::from(scim::fold::VERSION)),
    ];
    MakeInstance::run(session, &binds).map_err(|error| OpenError::Migrate(Box::new(error)))?;
    Ok(())
}

fn check_whole(session: &mut Session) -> Result<(), OpenError> {
    let row = Made::row(session, &[]);
    let row = row.map_err(|error| OpenError::Migrate(Box::new(error)))?;
    let ours = i64::from(scim::fold::VERSION);
    match row {
        Some((_, true)) => Err(OpenError::Incomplete),
        Some((stored, _)) if stored != ours => Err(OpenError::Folding { stored, ours }),
        _ => Ok(()),
    }
}
