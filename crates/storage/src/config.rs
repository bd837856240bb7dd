//! Where the database is and how much of it is used.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::open::OpenError;
use crate::url::check_url;

/// What [`crate::Database::open`] is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://PATH` (`sqlite:///var/lib/rolecall.db` is absolute, `sqlite://rolecall.db`
    /// relative), or `postgres://…` as libpq reads it. May hold a password: never log it.
    pub url: String,
    /// PostgreSQL: where a replica of it is, from which reads that may be some seconds old are
    /// answered. May hold a password, too.
    pub read_url: Option<String>,
    /// Connections kept at most: readers on SQLite (the writer has its own), all work on PostgreSQL.
    pub connections: u32,
    /// SQLite: units of work that may wait for the writer; one more is refused as unavailable.
    pub queue: usize,
    /// How long a caller waits for a free connection before the store counts as unavailable.
    pub wait: Duration,
    /// PostgreSQL: longest time to make a connection; whole seconds, at least 2.
    pub connect_timeout: Duration,
    /// PostgreSQL: longest time for one statement. Waiting for a lock takes at most half of it.
    pub statement_timeout: Duration,
    /// PostgreSQL: how long beyond that it may say nothing at all before the connection is given up.
    pub silence: Duration,
    /// Longest time for a filter that no index answers; then it is refused as unavailable.
    pub filter_timeout: Duration,
}

impl Config {
    /// The usual sizes for this database.
    pub fn new(url: impl Into<String>) -> Config {
        Config {
            url: url.into(),
            read_url: None,
            connections: 16,
            queue: 1024,
            wait: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            silence: Duration::from_secs(2),
            filter_timeout: Duration::from_secs(2),
        }
    }
}

/// A database's kind and address, as the URL's scheme says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server, the URL unchanged.
    Postgres(String),
}

impl Address {
    /// Reads a URL. An unknown scheme is refused: SQLite would make a file of any name.
    ///
    /// # Errors
    /// [`OpenError::Url`], which says what is right and does not repeat the URL.
    pub(crate) fn parse(url: &str) -> Result<Address, OpenError> {
        check_url(url).map_err(OpenError::Url)?;
        Ok(match url.strip_prefix("sqlite://") {
            // Without the prefix SQLite would read a name of its own URI form.
            Some(path) if path.starts_with("file:") => Address::Sqlite(Path::new(".").join(path)),
            Some(path) => Address::Sqlite(PathBuf::from(path)),
            None => Address::Postgres(url.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests;
