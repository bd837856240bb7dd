//! Random histories on the store in memory.

use std::sync::Arc;

use app::port::Store;
use rolecall_testkit::MemoryStore;
use rolecall_testkit::contract::histories::{self, Plan};

fn fresh() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

/// A reading unit copies the list of organizations, so each history has a store of its own.
#[test]
fn hold() {
    histories::run(&fresh, &Plan::new(1, 1));
}

#[test]
fn hold_when_the_worker_has_to_finish() {
    let plan = Plan {
        per_store: 1,
        ..Plan::crowded()
    };
    histories::run(&fresh, &plan);
}

#[test]
fn order_never_matters() {
    histories::order_never_matters(&fresh);
}

#[test]
fn a_candidate_comes_and_goes_before_the_worker() {
    histories::a_candidate_comes_and_goes_before_the_worker(&fresh());
}

#[test]
fn a_change_waits_for_a_bounded_number_of_departures() {
    histories::a_change_waits_for_a_bounded_number_of_departures(&fresh());
}
