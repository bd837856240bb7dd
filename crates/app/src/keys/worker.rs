//! What is done about keys beside the requests: when they were used is written, and that they end
//! is told.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::announce;
use crate::{App, Result, nudge::rest};

/// How often to look whether to stop.
const BREATH: Duration = Duration::from_secs(1);
/// Breaths between two writings of what was used.
const WRITE_EVERY: u64 = 10;
/// Breaths between two looks at what ends.
const LOOK_EVERY: u64 = 60 * 60;

/// Runs until told to stop, then writes what is left. Any number of processes may do so at once.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let (mut breaths, mut announced) = (0, false);
    while !stop.load(Ordering::Acquire) {
        if breaths % LOOK_EVERY == 0 {
            announced = false;
        }
        if breaths % WRITE_EVERY == 0 {
            announced = round(app, announced);
        }
        breaths += 1;
        rest(BREATH);
    }
    written(app, "when keys were used last is lost");
}

/// Writes what was used, and tells what ends, where that is not yet `announced`; says so where
/// nothing failed. Answers whether it is announced now: if not it is tried again in the next round.
pub fn round(app: &App, announced: bool) -> bool {
    let announced = announced
        || match announce::announce(app) {
            Ok(told) => told.whole,
            Err(error) => {
                tracing::warn!(%error, "which keys end soon is told later: the store is away");
                false
            }
        };
    if written(app, "when keys were used is written later") && announced {
        app.pulse.beat("keys", app.clock.now());
    }
    announced
}

/// Does once what [`run`] does: writes what was used, tells what ends; how many keys were told.
///
/// # Errors
/// The store is away.
pub fn once(app: &App) -> Result<u64> {
    app.uses.write(app)?;
    Ok(announce::announce(app)?.done)
}

fn written(app: &App, otherwise: &'static str) -> bool {
    let written = app.uses.write(app);
    if let Err(error) = &written {
        tracing::warn!(%error, "{otherwise}: the store is away");
    }
    written.is_ok()
}
