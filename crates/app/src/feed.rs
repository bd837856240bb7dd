//! Numbers committed events where the database could not do so inside the transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::App;

/// How long to rest when there was nothing to number.
const REST: Duration = Duration::from_millis(200);

/// Numbers events until told to stop. Any number of processes may do so at once. Returns at once
/// where the store numbers events by itself.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    if app.store.placement().queued_writes {
        return;
    }
    let rest = crate::nudge::Nudge::default();
    while !stop.load(Ordering::Acquire) {
        match app.store.number_events() {
            Ok(0) => rest.wait(REST),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "events wait for their numbers: the store is away");
                rest.wait(REST * 5);
            }
        }
    }
}
