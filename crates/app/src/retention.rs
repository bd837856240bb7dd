//! Forgets what was kept long enough: access that was long ago, old events, kept answers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{App, feed, history, idempotency, nudge::Nudge, port::Millis};

/// How often to look.
const EVERY: Duration = Duration::from_hours(1);
/// How often to look whether to stop.
const BREATH: Duration = Duration::from_secs(1);
/// A day.
pub(crate) const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Forgets every hour, in slices between which other writers pass, until told to stop.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let rest = Nudge::default();
    let mut waited = EVERY;
    while !stop.load(Ordering::Acquire) {
        if waited >= EVERY {
            waited = Duration::ZERO;
            once(app, stop);
        }
        rest.wait(BREATH);
        waited += BREATH;
    }
}

/// Forgets once. What cannot be forgotten now is forgotten later.
fn once(app: &App, stop: &AtomicBool) {
    let stop = || stop.load(Ordering::Acquire);
    let later = |what: &str, error: crate::Error| {
        tracing::warn!(%error, what, "kept a little longer: the store is away");
    };
    if let Err(error) = history::forget(app, app.history_days, &stop) {
        later("past access", error);
    }
    if let Err(error) = feed::forget(app, app.event_days, &stop) {
        later("events", error);
    }
    if let Err(error) = idempotency::forget(app, &stop) {
        later("answers", error);
    }
}
