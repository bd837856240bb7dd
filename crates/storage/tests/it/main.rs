//! The store on both databases.

#![expect(clippy::unwrap_used, reason = "tests")]

mod audit;
mod contract;
mod copies;
mod costs;
mod creations;
mod gates;
mod histories;
mod large;
mod lists;
mod neighbors;
mod prepared;
mod processes;
mod queries;
mod removal;
mod rest;
mod scale;
mod schema;
mod sharding;
mod support;
mod use_cases;
