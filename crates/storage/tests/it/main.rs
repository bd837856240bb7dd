//! The store on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod contract;
mod costs;
mod neighbors;
mod processes;
mod schema;
mod support;
