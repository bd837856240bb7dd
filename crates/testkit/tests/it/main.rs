//! The store in memory keeps the contract that it is the specification of.

mod histories;
mod queries;

use std::sync::Arc;

use rolecall_testkit::{MemoryStore, contract};

#[test]
fn the_memory_store_keeps_the_contract() {
    contract::run(&|| Arc::new(MemoryStore::new()));
}
