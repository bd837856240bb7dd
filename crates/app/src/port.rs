//! What the application needs from the outside: a store, a hasher for keys, a clock.
//!
//! The store's port is a *transaction* that hands out narrow capabilities, not a list of verbs.
//! A use case is a function of a command and `&mut dyn Tx`; helpers take only the capability they
//! need (`&mut dyn Users`). A job may be run again (serialization failure, failed batch), so it has
//! no effect but through `tx`; ids and time are drawn before it.

pub mod access;
pub mod answers;
pub mod audit;
pub mod clock;
pub mod counts;
pub mod grants;
pub mod groups;
pub mod hasher;
pub mod history;
pub mod instance;
pub mod jobs;
pub mod keys;
pub mod org;
pub mod outbox;
pub mod places;
pub mod reads;
pub mod requests;
pub mod roster;
pub mod rules;
pub mod schemas;
pub mod search;
pub mod store;
pub mod users;

pub use access::AccessRows;
pub use answers::Answers;
pub use audit::Audit;
pub use clock::{Clock, Millis};
pub use counts::Counts;
pub use grants::Grants;
pub use groups::{Groups, Members};
pub use hasher::Hasher;
pub use history::History;
pub use instance::Instance;
pub use jobs::Jobs;
pub use keys::Keys;
pub use org::Org;
pub use outbox::Outbox;
pub use places::Places;
pub use reads::Reads;
pub use requests::Requests;
pub use roster::Roster;
pub use rules::Rules;
pub use schemas::Schemas;
pub use store::{Abort, Job, Lock, Outcome, Placement, Store, StoreError, Unit};
pub use users::Users;

/// One open transaction, scoped to one organization.
///
/// No method takes an organization: the adapter adds the one of the [`Unit`] to every statement, so
/// that no use case can name a row outside its scope. Any error ends the unit of work: the caller
/// returns it, the adapter rolls back.
pub trait Tx:
    Org
    + Places
    + Users
    + Groups
    + Members
    + Rules
    + Grants
    + AccessRows
    + Audit
    + History
    + Counts
    + Jobs
    + Keys
    + Outbox
    + Reads
    + Requests
    + Answers
    + Roster
    + Schemas
{
}

impl<T> Tx for T where
    T: Org
        + Places
        + Users
        + Groups
        + Members
        + Rules
        + Grants
        + AccessRows
        + Audit
        + History
        + Counts
        + Jobs
        + Keys
        + Outbox
        + Reads
        + Requests
        + Answers
        + Roster
        + Schemas
{
}

/// What a capability answers: a value, or the error that ends the unit of work.
pub type Stored<T> = Result<T, StoreError>;
