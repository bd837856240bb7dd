//! Why a database cannot be opened.

use diesel::result::{ConnectionError, Error};

/// What keeps [`crate::Database::open`] and [`crate::Database::migrate`] from succeeding.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL's scheme is neither of the two, or the path is missing.
    #[error(
        "the database URL must be `sqlite://PATH` (a file, no parameters) or `postgres://USER@HOST/NAME`"
    )]
    Url,
    /// No connection.
    #[error("the database cannot be reached")]
    Connect(#[source] ConnectionError),
    /// A statement of the preparation failed.
    #[error("the database refused to be prepared")]
    Prepare(#[source] Error),
    /// A migration failed; nothing of it was kept.
    #[error("the database cannot be migrated")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
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
