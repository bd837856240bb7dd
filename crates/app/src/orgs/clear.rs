//! Clears what organizations that are gone have left, in slices that let other writers pass.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::OrgId;

use crate::{
    App, Result, Round,
    each::each,
    nudge::rest,
    pace::{CLEARED, Pace},
};

/// How often to look whether an organization was removed, by whatever process.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many looks to leave out after one that failed.
const REST: u32 = 10;

/// Clears until told to stop. Any number of processes may do so at once; what one has begun another
/// goes on with.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let (mut pace, mut resting) = (Pace::new(CLEARED), 0);
    while !stop.load(Ordering::Acquire) {
        let idle = if resting > 0 {
            resting -= 1;
            true
        } else {
            let round = round(app, &mut pace, stop);
            resting = if round.whole { 0 } else { REST };
            round.done == 0 || !round.whole
        };
        if idle {
            rest(LOOK_EVERY);
        }
    }
}

/// Clears one slice of every organization that is gone, and says so where nothing failed.
pub fn round(app: &App, pace: &mut Pace, stop: &AtomicBool) -> Round {
    let round = sweep(app, pace, stop).unwrap_or_else(|error| {
        tracing::warn!(%error, "removed organizations keep their rows a little longer: the store is away");
        Round {
            done: 0,
            whole: false,
        }
    });
    if round.whole {
        app.pulse.beat("removal", app.clock.now());
    }
    round
}

/// Clears one organization that is gone, now; how many rows there were. Where another process is at
/// it, that one clears the rest.
///
/// # Errors
/// The store is away; then a server goes on.
pub fn clear(app: &App, org: OrgId) -> Result<u64> {
    let (mut pace, mut all) = (Pace::new(CLEARED), 0);
    loop {
        let done = slice(app, &mut pace, org)?;
        all += done;
        if done == 0 {
            return Ok(all);
        }
    }
}

fn sweep(app: &App, pace: &mut Pace, stop: &AtomicBool) -> Result<Round> {
    let orgs = app.store.instance().removed_orgs()?;
    let mut done = 0;
    let what = "a removed organization keeps its rows a little longer";
    let whole = each(what, orgs.into_iter().map(|org| (org, org)), |org| {
        if !stop.load(Ordering::Acquire) {
            done += slice(app, pace, org)?;
        }
        Ok(())
    });
    Ok(Round { done, whole })
}

/// Waiting for a turn counts: who has to wait takes less at once.
fn slice(app: &App, pace: &mut Pace, org: OrgId) -> Result<u64> {
    let began = app.clock.ticks();
    let done = app.store.instance().clear_removed(org, pace.size())?;
    pace.learn(done, app.clock.ticks() - began);
    Ok(done)
}
