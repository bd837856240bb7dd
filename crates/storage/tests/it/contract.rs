//! The contract that all stores share.

use std::sync::Arc;

use app::port::Store;

use crate::support::{open, sqlite_url};

#[test]
fn sqlite() {
    testkit::contract::run(&|| open(&sqlite_url()) as Arc<dyn Store>);
}

#[test]
fn postgres() {
    if testkit::postgres::fresh_database().is_none() {
        return;
    }
    testkit::contract::run(&|| {
        let url = testkit::postgres::fresh_database().unwrap();
        open(&url) as Arc<dyn Store>
    });
}
