//! Facts in, effective access out.
//!
//! A change resolves the users it concerns in its own transaction, up to [`AT_ONCE`]; the rest are
//! marked stale there and resolved by the [`worker`]. Whoever reads a stale user resolves on the
//! fly, so that what is read is right at once, always.

mod person;
mod read;
mod settle;
pub mod view;
pub mod worker;

pub use person::person;
pub use read::{AccessReply, Subject, page, read};
pub(crate) use settle::{settle, settle_members, settle_new, settle_stale, withdraw};

/// How many users a change resolves in its own transaction.
pub const AT_ONCE: usize = 500;
