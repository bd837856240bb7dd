//! The ordered feed of committed events: reading it, numbering events where the database could not
//! do so inside the transaction, and forgetting those that were kept long enough.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    App, Error, Result, Scope, Work,
    port::{Lock, Millis, Tx, outbox::FeedEvent},
    retention::DAY,
};

/// How long to rest when there was nothing to number.
const REST: Duration = Duration::from_millis(200);
/// Events forgotten at once, so that other writers pass.
const AT_ONCE: u64 = 1_000;

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

/// Forgets, in every organization, events that are older than `keep_days`; 0 keeps everything. How
/// many there were.
///
/// # Errors
/// The store is away.
pub fn forget(app: &App, keep_days: u32, stop: &dyn Fn() -> bool) -> Result<u64> {
    if keep_days == 0 {
        return Ok(0);
    }
    let before = app.clock.now() - Millis::from(keep_days) * DAY;
    let mut all = 0;
    for org in app.store.instance().orgs()? {
        loop {
            if stop() {
                return Ok(all);
            }
            let work = Work::new(&Scope::operator(org.id), Lock::Shared, move |tx| {
                Ok(tx.forget_events(before, AT_ONCE)?)
            });
            let forgotten = work.wait(&*app.store)?;
            all += forgotten;
            if forgotten < AT_ONCE {
                break;
            }
        }
    }
    Ok(all)
}
