//! Random queries on both databases: what indexes, columns and documents answer together is what
//! the evaluator finds.

use std::sync::Arc;

use app::port::Store;
use testkit::contract::queries;

use crate::support::{open, sqlite_url};

#[test]
fn sqlite_finds_what_the_evaluator_finds() {
    queries::run(&|| open(&sqlite_url()) as Arc<dyn Store>);
}

#[test]
fn postgres_finds_what_the_evaluator_finds() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    queries::run(&|| open(&url) as Arc<dyn Store>);
}
