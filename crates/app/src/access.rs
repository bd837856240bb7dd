//! Facts in, effective access out.
//!
//! A change resolves the users it concerns in its own transaction, up to [`AT_ONCE`]; the rest are
//! marked stale there and resolved by the [`worker`]. Whoever reads a stale user resolves on the
//! fly, so that what is read is right at once, always.

mod alarms;
pub mod explain;
mod facts;
mod holders;
mod person;
mod read;
mod settle;
mod unit;
pub mod view;
pub mod worker;

pub(crate) use facts::{load as load_facts, ways_to_groups};
pub(crate) use holders::release as release_hold;
pub use person::person;
pub use read::{AccessReply, Subject, at, page, page_at, read, read_unless_known};
pub(crate) use read::{of_users, subjects};
pub(crate) use settle::{
    mark_below, rules_through, settle, settle_arrival, settle_members, settle_pending_departures,
    settle_stale, withdraw,
};
pub(crate) use unit::{Happened, Unit};

/// How many users a change resolves in its own transaction.
pub const AT_ONCE: usize = 500;
