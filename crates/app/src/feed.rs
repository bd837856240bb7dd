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

/// Events after a number, at most `limit`.
///
/// # Errors
/// [`Error::EventsGone`] where the next event after that number is not kept any more; the store is
/// away.
pub fn read(tx: &mut dyn Tx, after: i64, limit: u64) -> Result<Vec<FeedEvent>> {
    let events = tx.feed(after, limit)?;
    let next = events.first().map(|event| event.seq);
    if next == Some(after + 1) {
        return Ok(events);
    }
    let head = tx.feed_head()?;
    // Numbers have no gaps: what is missing was there once.
    if after < head {
        return Err(Error::EventsGone {
            snapshot_cursor: head,
        });
    }
    Ok(events)
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
