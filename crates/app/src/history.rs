//! Forgets what access was long ago, as the operator has decided.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    App, Result, Scope, Work,
    nudge::Nudge,
    port::{Lock, Millis},
};

/// How often to look.
const EVERY: Duration = Duration::from_hours(1);
/// How often to look whether to stop.
const BREATH: Duration = Duration::from_secs(1);
/// Rows at once, so that other writers pass.
const AT_ONCE: u64 = 1_000;
/// A day.
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Forgets rows that were followed by another one more than [`App::history_days`] ago, until told
/// to stop; 0 keeps everything. What somebody's access was at the limit stays known.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let keep_days = app.history_days;
    let rest = Nudge::default();
    let mut waited = EVERY;
    while keep_days > 0 && !stop.load(Ordering::Acquire) {
        if waited >= EVERY {
            waited = Duration::ZERO;
            if let Err(error) = forget(app, keep_days, stop) {
                tracing::warn!(%error, "old access is kept a little longer: the store is away");
            }
        }
        rest.wait(BREATH);
        waited += BREATH;
    }
}

/// Forgets once, in every organization; how many rows there were.
///
/// # Errors
/// The store is away.
pub fn forget(app: &App, keep_days: u32, stop: &AtomicBool) -> Result<u64> {
    let before = app.clock.now() - Millis::from(keep_days) * DAY;
    let mut all = 0;
    for org in app.store.instance().orgs()? {
        loop {
            if stop.load(Ordering::Acquire) {
                return Ok(all);
            }
            let work = Work::new(&Scope::operator(org.id), Lock::Shared, move |tx| {
                Ok(tx.forget_before(before, AT_ONCE)?)
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
