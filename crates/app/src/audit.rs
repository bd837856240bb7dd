//! The audit: every action of an administrator, over the admin API or on the command line, in the
//! transaction of what it changed. No audit, no change.
//!
//! - [`Action`]: the one table of what is audited, in `domain`.
//! - `record`: the row in the change's own transaction.
//! - [`chain`]: how rows are sealed, and how a chain is proved.
//! - `list`: reading.
//! - [`worker`]: the head of each chain in the log, every hour, so that a copy lies off the database.
//!
//! What an identity provider does is not here but in the provisioning log.

pub mod chain;
mod difference;
mod list;
mod record;
pub mod worker;

pub use chain::{Head, Proof, prove};
pub(crate) use difference::difference;
pub use domain::Action;
pub use list::{AuditView, list};
pub(crate) use record::{Entry, draft, record, value};
