//! The ordered feed of committed events: reading it, and numbering events where the database could
//! not do so inside the transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    App, Error, Result,
    port::{Tx, outbox::FeedEvent},
};

/// How long to rest when there was nothing to number.
const REST: Duration = Duration::from_millis(200);

/// Events after a number, at most `limit`. Only in one snapshot: events and head belong together.
///
/// # Errors
/// [`Error::EventsGone`] where the next event after that number is not kept any more, and where the
/// number was not given out yet: the database is older than whoever read it, restored from a
/// backup. The store is away.
pub fn read(tx: &mut dyn Tx, after: i64, limit: u64) -> Result<Vec<FeedEvent>> {
    let events = tx.feed(after, limit)?;
    if follow(&events, after) {
        return Ok(events);
    }
    let head = tx.feed_head()?;
    if after == head {
        return Ok(Vec::new());
    }
    Err(Error::EventsGone {
        snapshot_cursor: head,
    })
}

/// Whether the feed goes on right after the number.
fn follow(events: &[FeedEvent], after: i64) -> bool {
    events.first().is_some_and(|event| event.seq - 1 == after)
}

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
