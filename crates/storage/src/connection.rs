//! One connection type for both databases, and how each is set up.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::result::{ConnectionError, Error};
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::config::{Address, Config};
use crate::lookout::{Line, finding};
use crate::open::{OpenError, Unreachable};

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
    /// The same, and on SQLite nobody else may have the file open meanwhile.
    Sole,
}

/// What every SQLite connection is told. WAL is a property of the file and set when it is
/// migrated. `synchronous=FULL`: an identity provider was told 201, so the commit is on the disk.
/// No foreign keys are declared, so none are switched on.
/// A mapped file is read without a call of the kernel for each page; 2 GB is the most that SQLite
/// maps, and what is beyond it is read as ever.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY; \
     PRAGMA mmap_size = 2147418112;";

/// The writer keeps 8 MB of pages, which stay good from one transaction to the next; a reader's are
/// thrown away when somebody has written, so that it keeps SQLite's 2 MB. More would cost more than it
/// saves: at a COMMIT after pages were split SQLite looks at every page that it keeps.
const SQLITE_WRITER: &str = "PRAGMA cache_size = -8000";

/// A connection, and its line to [`crate::lookout`] where it has one.
pub(crate) type Connected = (Either, Option<Arc<Line>>);

/// Opens a connection, set up for its purpose.
///
/// # Errors
/// [`OpenError::Connect`], [`OpenError::Prepare`] and, for [`Purpose::Sole`], [`OpenError::InUse`].
pub(crate) fn connect(
    config: &Config,
    address: &Address,
    purpose: Purpose,
) -> Result<Connected, OpenError> {
    match address {
        Address::Sqlite(path) => Ok((Either::Sqlite(sqlite(path, purpose)?), None)),
        Address::Postgres(url) => {
            let (conn, line) = postgres(url, config)?;
            Ok((Either::Postgres(conn), line))
        }
    }
}

fn sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, OpenError> {
    if purpose == Purpose::Writer {
        make_private(path);
    }
    let mut conn = open_file(path)?;
    if purpose == Purpose::Sole {
        shut_others_out(&mut conn)?;
    }
    conn.batch_execute(SQLITE_SETUP)
        .map_err(OpenError::Prepare)?;
    let own = match purpose {
        Purpose::Writer => SQLITE_WRITER,
        Purpose::Reader | Purpose::Sole => "PRAGMA query_only = ON",
    };
    conn.batch_execute(own).map_err(OpenError::Prepare)?;
    Ok(conn)
}

/// Opens a file as it is.
///
/// # Errors
/// [`OpenError::Connect`], which says what is wrong with the file.
pub(crate) fn open_file(path: &Path) -> Result<SqliteConnection, OpenError> {
    let opened = SqliteConnection::establish(&path.to_string_lossy());
    opened.map_err(|error| OpenError::Connect(Unreachable::file(path, &error)))
}

/// Has to come before anything is read: with the lock that it takes then nobody else can have the file
/// open, and for as long as this connection is nobody can open it.
fn shut_others_out(conn: &mut SqliteConnection) -> Result<(), OpenError> {
    conn.batch_execute(
        "PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE; \
         BEGIN; SELECT count(*) FROM sqlite_master; COMMIT",
    )
    .map_err(|error| match error {
        Error::DatabaseError(_, told) if told.message().contains("locked") => OpenError::InUse,
        error => OpenError::Prepare(error),
    })
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

fn postgres(url: &str, config: &Config) -> Result<(PgConnection, Option<Arc<Line>>), OpenError> {
    // Before libpq does it: with this one OpenSSL is not torn down while the process ends, under a
    // connection that the pool is still making.
    openssl_sys::init();
    let url = with_timeouts(url, config.connect_timeout);
    let (mut conn, socket) =
        finding(|| PgConnection::establish(&url)).map_err(|error| refused(&url, &error))?;
    let line = socket.map(Line::watch);
    if line.is_none() {
        tracing::warn!(
            "a connection to PostgreSQL has no deadline of our own: its socket was not found"
        );
    }
    if let Some(line) = &line {
        line.begin(config.statement_timeout + config.silence);
    }
    let ready = set_up(&mut conn, config.statement_timeout);
    if let Some(line) = &line {
        line.end();
    }
    ready.map_err(OpenError::Prepare)?;
    Ok((conn, line))
}

fn refused(url: &str, error: &ConnectionError) -> OpenError {
    OpenError::Connect(Unreachable::server(url, error))
}

/// What is wanted of the server for as long as the connection lasts. Some servers cannot do the
/// second part, each of which helps where it can be had:
///
/// - Deadlocks are known by their message alone. Only a superuser may choose the language; where
///   that is refused and the server speaks another, an unknown error is tried once more instead.
/// - A process of the server whose client is gone ends its statement and gives up its locks.
fn set_up(conn: &mut PgConnection, statement: Duration) -> diesel::QueryResult<()> {
    conn.batch_execute(&postgres_setup(statement))?;
    for text in [
        "SET lc_messages = 'C'",
        "SET client_connection_check_interval = 10000",
        "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
    ] {
        let _ = conn.batch_execute(text);
    }
    Ok(())
}

/// Adds the client's own deadlines where the URL does not set them: seconds for connecting,
/// milliseconds for unacknowledged data (a peer that vanished while we send), seconds between signs of
/// life (one that vanished while we wait). And by which name the server's list of sessions shows it.
fn with_timeouts(url: &str, connect: Duration) -> String {
    let mut url = url.to_owned();
    let connect = connect.as_secs().max(2).to_string();
    for (name, value) in [
        ("connect_timeout", connect.as_str()),
        ("tcp_user_timeout", "10000"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "3"),
        ("keepalives_count", "3"),
        // It counts where no application_name is given.
        ("fallback_application_name", "rolecall"),
    ] {
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
///
/// A plan is made once, for any values, and kept for as long as the connection lives. One that was made
/// while a table had a few rows reads all of it, however large it has grown: so no table is read where an
/// index will do, which every statement has. Plans made anew for the values of a filter are no better
/// (three times slower for the one that we measure), and compiling them costs more than it could save.
fn postgres_setup(statement: Duration) -> String {
    let statement = statement.as_millis();
    let lock = statement / 2;
    format!(
        "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
         SET idle_in_transaction_session_timeout = 30000; SET synchronous_commit = on; \
         SET default_transaction_isolation = 'read committed'; \
         SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off; \
         SET client_min_messages = warning; SET TIME ZONE 'UTC'"
    )
}

#[cfg(test)]
mod tests;
