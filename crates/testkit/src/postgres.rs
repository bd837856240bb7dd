//! PostgreSQL for tests: an empty database of its own for each test.
//!
//! With `TEST_POSTGRES_URL` (a superuser's URL) the databases are made on that server and stay
//! there; it should be one that is thrown away, such as a service container. Without it a cluster
//! is started once per process, in a temporary directory, on a free loopback port and without
//! fsync; it is stopped and removed when the process ends, however it ends.
//!
//! Where no PostgreSQL can be found the test is told so, and so is whoever runs it. With
//! `TEST_REQUIRE_POSTGRES=1` or `CI=true` that is a failure.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment says where PostgreSQL is; there is no configuration in tests"
)]

mod cluster;
mod own;
mod programs;
#[cfg(test)]
mod tests;
mod url;
mod watchdog;

use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use cluster::Cluster;
use programs::Programs;

pub use own::OwnServer;

/// A server on which databases can be made.
struct Server {
    programs: Programs,
    url: String,
    /// Stops the cluster when the process ends; none where the server was given.
    _cluster: Option<Cluster>,
}

static SERVER: OnceLock<Result<Server, Missing>> = OnceLock::new();

/// The URL of a new, empty database, or none where there is no PostgreSQL: then the test should
/// return, and the run has said loudly that it did not happen.
///
/// # Panics
/// Where PostgreSQL is required and missing, and where it is there and fails.
pub fn fresh_database() -> Option<String> {
    match SERVER.get_or_init(server) {
        Ok(server) => Some(create(server)),
        Err(missing) => {
            missing.report();
            None
        }
    }
}

/// Everything that is in the tables of a database that [`fresh_database`] made, to be searched:
/// rows as texts, and behind them what their columns of bytes hold.
///
/// # Panics
/// Where it cannot be read.
pub fn contents(url: &str) -> Vec<u8> {
    let Ok(server) = SERVER.get_or_init(server) else {
        panic!("there is no PostgreSQL to read from");
    };
    match server.programs.rows(url) {
        Ok(rows) => with_bytes(rows),
        Err(why) => panic!("the tables cannot be read: {why}"),
    }
}

/// Adds what hexadecimal columns hold, as it is.
fn with_bytes(mut rows: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&rows).into_owned();
    for column in text.split("\\x").skip(1) {
        let digits = column
            .bytes()
            .map_while(|byte| char::from(byte).to_digit(16));
        let digits: Vec<u32> = digits.collect();
        let bytes = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]);
        rows.push(b'\n');
        rows.extend(bytes.filter_map(|byte| u8::try_from(byte).ok()));
    }
    rows
}

/// Runs one statement in a database that [`fresh_database`] made.
///
/// # Panics
/// Where it fails.
pub fn execute(url: &str, statement: &str) {
    let Ok(server) = SERVER.get_or_init(server) else {
        panic!("there is no PostgreSQL to run a statement on");
    };
    if let Err(why) = server.programs.psql(url, statement) {
        panic!("the statement failed: {why}");
    }
}

/// Removes a database that [`fresh_database`] made, under everybody who uses it.
///
/// # Panics
/// Where it cannot be removed.
pub fn remove(url: &str) {
    let Ok(server) = SERVER.get_or_init(server) else {
        panic!("there is no PostgreSQL to remove a database from");
    };
    let place = url.split('?').next().unwrap_or_default();
    let name = place.rsplit('/').next().unwrap_or_default();
    execute(&server.url, &format!("DROP DATABASE {name} WITH (FORCE)"));
}

fn create(server: &Server) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let unique = uuid::Uuid::now_v7().simple();
    let name = format!("rolecall_test_{unique}_{number}");
    let statement = format!("CREATE DATABASE {name}");
    let made = server.programs.psql(&server.url, &statement);
    match made.and_then(|()| url::with_database(&server.url, &name)) {
        Ok(url) => url,
        Err(why) => panic!("PostgreSQL is there but a database could not be made: {why}"),
    }
}

fn server() -> Result<Server, Missing> {
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        return Ok(Server {
            programs: Programs::client()?,
            url,
            _cluster: None,
        });
    }
    let programs = Programs::server()?;
    match Cluster::start(&programs) {
        Ok(cluster) => Ok(Server {
            programs,
            url: cluster.url().to_owned(),
            _cluster: Some(cluster),
        }),
        Err(why) => panic!("PostgreSQL is installed but a cluster could not be started: {why}"),
    }
}

/// Why there is no PostgreSQL.
#[derive(Debug)]
struct Missing(&'static str);

impl Missing {
    /// Says it past the capture of test output, for a test that did not run must be seen.
    fn report(&self) {
        assert!(!required(), "this run requires PostgreSQL, but {}", self.0);
        let line = format!("NOT RUN on PostgreSQL: {}\n", self.0);
        // Nothing can be done where even standard error is closed.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

fn required() -> bool {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| value == "1" || value == "true");
    set("TEST_REQUIRE_POSTGRES") || set("CI")
}
