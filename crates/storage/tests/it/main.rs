//! The store on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod audit;
mod contract;
mod costs;
mod histories;
mod large;
mod neighbors;
mod processes;
mod queries;
mod scale;
mod schema;
mod support;
