//! Random queries on the store in memory.

use std::sync::Arc;

use rolecall_testkit::{MemoryStore, contract};

#[test]
fn find_what_the_evaluator_finds() {
    contract::queries::run(&|| Arc::new(MemoryStore::new()));
}
