//! Random queries on both databases: what indexes, columns and documents answer together is what
//! the evaluator finds.

use std::sync::Arc;
use std::time::Duration;

use app::port::Store;
use rolecall_storage::{Config, Database};
use testkit::contract::queries;

use crate::support::sqlite_url;

/// What is asked here is about answers, not about the time that a list may take.
fn patient(url: &str) -> Arc<dyn Store> {
    let config = Config {
        filter_timeout: Duration::from_hours(1),
        ..Config::new(url)
    };
    Arc::new(Database::open(&config).unwrap())
}

#[test]
fn sqlite_finds_what_the_evaluator_finds() {
    queries::run(&|| patient(&sqlite_url()));
}

#[test]
fn postgres_finds_what_the_evaluator_finds() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    queries::run(&|| patient(&url));
}
