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
use crate::{App, Result, nudge::Nudge};

/// How often to look whether to stop.
const BREATH: Duration = Duration::from_secs(1);
/// Breaths between two writings of what was used.
const WRITE_EVERY: u64 = 10;
/// Breaths between two looks at what ends.
const LOOK_EVERY: u64 = 60 * 60;

/// Runs until told to stop, then writes what is left. Any number of processes may do so at once.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let rest = Nudge::default();
    let mut breaths = 0;
    while !stop.load(Ordering::Acquire) {
        if breaths % LOOK_EVERY == 0 {
            told(
                "which keys end soon is told later",
                announce::announce(app).map(|_| ()),
            );
        }
        if breaths % WRITE_EVERY == 0 {
            let written = write(app);
            if written.is_ok() {
                app.pulse.beat("keys", app.clock.now());
            }
            told("when keys were used is written later", written);
        }
        breaths += 1;
        rest.wait(BREATH);
    }
    told("when keys were used last is lost", write(app));
}

/// Does once what [`run`] does: writes what was used, tells what ends; how many keys were told.
///
/// # Errors
/// The store is away.
pub fn once(app: &App) -> Result<u64> {
    write(app)?;
    announce::announce(app)
}

fn write(app: &App) -> Result<()> {
    app.uses.write(app).map(|_| ())
}

fn told(what: &'static str, result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what}: the store is away");
    }
}
