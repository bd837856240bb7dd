//! Why a database cannot be opened, and what mends it.

use std::error::Error as _;
use std::path::Path;

use diesel::result::{ConnectionError, Error};

use crate::url::told;

/// What keeps [`crate::Database::open`] and [`crate::Database::migrate`] from succeeding.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL's scheme is neither of the two, the path is missing, or its parts cannot be told apart.
    #[error("the database URL {0}")]
    Url(&'static str),
    /// No connection.
    #[error("the database cannot be reached")]
    Connect(#[source] Unreachable),
    /// A statement of the preparation failed.
    #[error("the database refused to be prepared")]
    Prepare(#[source] Error),
    /// The file that a copy goes to cannot be written.
    #[error("the copy cannot be written")]
    Copy(#[source] Error),
    /// A migration failed; nothing of it was kept.
    #[error("the database cannot be migrated")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is something in it, and it is not of rolecall.
    #[error("the database belongs to another program; name one of rolecall's own")]
    Foreign,
    /// There is nothing in it.
    #[error(
        "the database is empty: start the server once, or run `rolecall migrate`, which makes its tables"
    )]
    Empty,
    /// It has the schema of an older version.
    #[error(
        "the database has the schema of an older version of rolecall; `rolecall migrate` or the next start of the server brings it up to date"
    )]
    Old,
    /// Somebody else has the file open.
    #[error("the database is in use by another process")]
    InUse,
    /// A newer binary has migrated this database.
    #[error(
        "the database was migrated by a newer version of rolecall (its migration {0} is unknown here); start that version or a later one"
    )]
    Newer(String),
    /// Keys were made by another folding of texts and would not be found.
    #[error(
        "the database holds keys folded by version {stored}, and this binary folds by version {ours}; start the version of rolecall that wrote it"
    )]
    Folding {
        /// What is stored.
        stored: i64,
        /// What this binary does.
        ours: i64,
    },
    /// A copy into this database was begun and did not end.
    #[error(
        "the database holds a copy that was interrupted (`rolecall copy`): empty it and copy again, or name the database that was copied"
    )]
    Incomplete,
    /// The pool of connections or the writer's thread could not be started.
    #[error("the database's connections cannot be set up")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why there is no connection, in words without anything secret.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(String);

impl Unreachable {
    /// Of a server; nothing of its URL's secrets is told.
    pub(crate) fn server(url: &str, error: &ConnectionError) -> Unreachable {
        Unreachable(told(url, &error.to_string()))
    }

    /// Of a file. SQLite says the same of everything that may be wrong with one.
    pub(crate) fn file(path: &Path, error: &ConnectionError) -> Unreachable {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        let why = if path.is_dir() {
            "it is a folder; name a file in it".to_owned()
        } else if !folder.exists() {
            format!(
                "there is no folder {}; make it first (mkdir -p)",
                folder.display()
            )
        } else if let Err(error) = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
        {
            format!("{error}; the file and its folder have to belong to this user (chown)")
        } else {
            error.to_string()
        };
        Unreachable(why)
    }
}

/// Pieces of the databases' own words, and what mends it.
const MENDS: &[(&str, &str)] = &[
    (
        "file is not a database",
        "the file is none of SQLite's: name another one, or move it away",
    ),
    (
        "attempt to write a readonly database",
        "the file and its folder have to be writable for this user (chown, chmod)",
    ),
    (
        "database or disk is full",
        "the disk is full: free some room",
    ),
    (
        "disk I/O error",
        "the disk is full or failing: look at its free room (df) and the kernel's log",
    ),
    (
        "No space left on device",
        "the database server's disk is full: free some room",
    ),
    (
        "permission denied for schema",
        "this role may make no tables: let it own the database (CREATE DATABASE rolecall OWNER rolecall), \
         or GRANT CREATE ON SCHEMA public to it",
    ),
    (
        "already exists",
        "the database holds tables of another program: make one for rolecall alone \
         (CREATE DATABASE rolecall OWNER rolecall)",
    ),
    (
        "\" does not exist",
        "make it on the server: CREATE ROLE rolecall LOGIN PASSWORD '...'; CREATE DATABASE rolecall OWNER \
         rolecall",
    ),
];

impl OpenError {
    /// What an operator can do about it, where that is known from the databases' words.
    pub fn mend(&self) -> Option<&'static str> {
        let mut next = self.source();
        while let Some(cause) = next {
            let words = cause.to_string();
            if let Some((_, mend)) = MENDS.iter().find(|(piece, _)| words.contains(piece)) {
                return Some(mend);
            }
            next = cause.source();
        }
        None
    }
}
