//! One connection type for both databases, and how each is set up.

use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::config::{Address, Config};
use crate::open::OpenError;

pub(crate) use either::{Either, MultiBackend};

/// The derive makes a whole backend; it stands alone so that its names do not spread.
#[expect(unreachable_pub, reason = "the derive makes them public")]
mod either {
    /// A connection to either database.
    #[derive(diesel::MultiConnection)]
    pub enum Either {
        Sqlite(diesel::SqliteConnection),
        Postgres(diesel::PgConnection),
    }
}

/// What a SQLite connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The one that writes.
    Writer,
    /// Snapshots only; the database refuses writes.
    Reader,
}

/// What every SQLite connection is told. WAL is a property of the file and set when it is
/// migrated. `synchronous=FULL`: an identity provider was told 201, so the commit is on the disk.
/// No foreign keys are declared, so none are switched on.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;";

/// Opens a connection, set up for its purpose.
///
/// # Errors
/// [`OpenError::Connect`] and [`OpenError::Prepare`].
pub(crate) fn connect(
    config: &Config,
    address: &Address,
    purpose: Purpose,
) -> Result<Either, OpenError> {
    match address {
        Address::Sqlite(path) => sqlite(path, purpose).map(Either::Sqlite),
        Address::Postgres(url) => postgres(url, config).map(Either::Postgres),
    }
}

fn sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, OpenError> {
    if purpose == Purpose::Writer {
        make_private(path);
    }
    let mut conn =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(OpenError::Connect)?;
    conn.batch_execute(SQLITE_SETUP)
        .map_err(OpenError::Prepare)?;
    if purpose == Purpose::Reader {
        conn.batch_execute("PRAGMA query_only = ON")
            .map_err(OpenError::Prepare)?;
    }
    Ok(conn)
}

/// Makes a missing file for its owner alone: it will hold people's data and the instance's secret.
/// SQLite gives the files beside it the same rights. Where it cannot be made SQLite says why.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // It is there already, most of the time.
    let _ = options.open(path);
}

fn postgres(url: &str, config: &Config) -> Result<PgConnection, OpenError> {
    let mut conn = PgConnection::establish(&with_timeouts(url)).map_err(OpenError::Connect)?;
    conn.batch_execute(&postgres_setup(config.statement_timeout))
        .map_err(OpenError::Prepare)?;
    // Deadlocks are known by their message alone. Only a superuser may choose the language; where
    // that is refused and the server speaks another, an unknown error is tried once more instead.
    let _ = conn.batch_execute("SET lc_messages = 'C'");
    Ok(conn)
}

/// Adds the client's own deadlines where the URL does not set them: seconds for connecting,
/// milliseconds for unacknowledged data (a peer that vanished).
fn with_timeouts(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in [("connect_timeout", "5"), ("tcp_user_timeout", "10000")] {
        if !url.contains(name) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(name);
            url.push('=');
            url.push_str(value);
        }
    }
    url
}

/// Every wait on the server's side ends. A transaction left idle (our process hangs) must not
/// keep its locks.
fn postgres_setup(statement: Duration) -> String {
    let statement = statement.as_millis();
    let lock = statement / 2;
    format!(
        "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
         SET idle_in_transaction_session_timeout = 30000; SET synchronous_commit = on; \
         SET default_transaction_isolation = 'read committed'; \
         SET client_min_messages = warning; SET TIME ZONE 'UTC'"
    )
}

#[cfg(test)]
mod tests;
