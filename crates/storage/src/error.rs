//! diesel's errors in the port's words. The one place that reads an error's kind or text.

use std::sync::Arc;

use app::port::StoreError;
use app::port::store::{Cause, Unique};
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// What an error says about going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection is gone.
    Lost,
    /// Others were in the way; the whole unit of work may simply run again.
    Passing,
    /// The statement has failed for a reason that we know.
    Known,
    /// The database said something that is not in our tables.
    Unknown,
}

/// Unique keys: PostgreSQL's constraint name, SQLite's list of columns.
/// Every other unique key is an id, or a bug.
const UNIQUE: &[(&str, &str, Unique)] = &[
    (
        "users_user_name",
        "users.org, users.user_name",
        Unique::UserName,
    ),
    (
        "groups_name_key",
        "groups.org, groups.name_key",
        Unique::GroupName,
    ),
    ("orgs_slug", "orgs.slug", Unique::OrgSlug),
    (
        "workspaces_slug",
        "workspaces.org, workspaces.slug",
        Unique::Place,
    ),
    (
        "projects_slug",
        "projects.org, projects.workspace, projects.slug",
        Unique::Place,
    ),
];

/// Parts of messages by which a failure is known to be about the machine or about others, not about the
/// statement. SQLite's messages are fixed English; PostgreSQL's are English after `lc_messages`.
const MESSAGES: &[(&str, Fault)] = &[
    // SQLite
    ("database is locked", Fault::Passing),
    ("database table is locked", Fault::Passing),
    ("database or disk is full", Fault::Lost),
    ("disk I/O error", Fault::Lost),
    ("unable to open database file", Fault::Lost),
    ("attempt to write a readonly database", Fault::Lost),
    ("out of memory", Fault::Lost),
    // PostgreSQL
    ("deadlock detected", Fault::Passing),
    ("canceling statement due to lock timeout", Fault::Known),
    ("canceling statement due to statement timeout", Fault::Known),
    ("terminating connection", Fault::Lost),
    ("server closed the connection", Fault::Lost),
    ("no connection to the server", Fault::Lost),
    ("the database system is", Fault::Lost),
    ("could not extend file", Fault::Known),
    ("No space left on device", Fault::Known),
    ("too many clients", Fault::Lost),
    ("cannot execute", Fault::Known),
];

/// Messages of [`MESSAGES`] after which trying later may help although nothing was lost.
const LATER: &[&str] = &[
    "canceling statement",
    "could not extend file",
    "No space left on device",
];

/// What the error says about going on.
pub(crate) fn fault(error: &Error) -> Fault {
    match error {
        Error::DatabaseError(kind, information) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Fault::Lost
            }
            DatabaseErrorKind::SerializationFailure => Fault::Passing,
            // A failover left us on a server that only reads.
            DatabaseErrorKind::ReadOnlyTransaction => Fault::Lost,
            DatabaseErrorKind::Unknown => by_message(information.message()),
            _ => Fault::Known,
        },
        Error::BrokenTransactionManager => Fault::Lost,
        _ => Fault::Known,
    }
}

fn by_message(message: &str) -> Fault {
    MESSAGES
        .iter()
        .find(|(part, _)| message.contains(part))
        .map_or(Fault::Unknown, |(_, fault)| *fault)
}

/// The error in the port's words.
pub(crate) fn stored(error: Error) -> StoreError {
    if let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) = &error
        && let Some(unique) = unique(&**information)
    {
        return StoreError::Conflict(unique);
    }
    let later = match fault(&error) {
        Fault::Lost | Fault::Passing => true,
        Fault::Known => LATER.iter().any(|part| error.to_string().contains(part)),
        Fault::Unknown => false,
    };
    if later {
        StoreError::Unavailable(Arc::new(error))
    } else {
        StoreError::Broken(Arc::new(error))
    }
}

fn unique(information: &dyn DatabaseErrorInformation) -> Option<Unique> {
    let message = information.message();
    let known =
        UNIQUE.iter().find(
            |(constraint, columns, _)| match information.constraint_name() {
                Some(name) => name == *constraint,
                None => message.ends_with(columns),
            },
        );
    match (known, information.constraint_name()) {
        (Some((_, _, unique)), _) => Some(*unique),
        (None, Some(name)) => name.ends_with("_pkey").then_some(Unique::Id),
        (None, None) => message
            .rsplit('.')
            .next()
            .filter(|column| *column == "id")
            .map(|_| Unique::Id),
    }
}

/// A reason of our own, for [`StoreError::Unavailable`] and [`StoreError::Broken`].
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The writer's queue is full.
    #[error("too many units of work wait for the writer")]
    QueueFull,
    /// A connection of its own could not be made.
    #[error("no connection could be made")]
    NoConnection(#[source] crate::open::OpenError),
    /// The database is being closed.
    #[error("the database is being closed")]
    Closing,
    /// No connection became free in time.
    #[error("no database connection became free in time")]
    PoolEmpty(#[source] r2d2::Error),
    /// PostgreSQL said nothing until the deadline; whether it did what it was told is not known.
    #[error("the database said nothing for {0} s; the connection was given up")]
    Silent(u64),
    /// The filter needs more documents read than the time allows.
    #[error("the filter took too long; name an indexed attribute in it")]
    TooExpensive,
    /// A neighbour's failure ended the transaction that this unit shared.
    #[error("the shared transaction was lost")]
    BatchLost,
    /// The use case panicked.
    #[error("the unit of work panicked: {0}")]
    Panicked(String),
    /// A capability was called after another had failed.
    #[error("the unit of work went on after a failure")]
    AfterFailure,
    /// The organization was removed meanwhile.
    #[error("the organization does not exist")]
    NoOrganization,
    /// A row does not read back as what was written.
    #[error("the stored {0} cannot be read")]
    Unreadable(&'static str),
    /// The unit asked for the same lock again and again.
    #[error("the unit of work asks for a lock that it holds")]
    LockLoop,
}

impl Reason {
    /// As a passing failure.
    pub(crate) fn unavailable(self) -> StoreError {
        let cause: Cause = Arc::new(self);
        StoreError::Unavailable(cause)
    }

    /// As a failure that stays.
    pub(crate) fn broken(self) -> StoreError {
        let cause: Cause = Arc::new(self);
        StoreError::Broken(cause)
    }
}

#[cfg(test)]
mod tests;
