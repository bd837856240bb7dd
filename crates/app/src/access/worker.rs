//! Resolves users that a large change left marked, in slices that let other writers pass.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::OrgId;

use super::{
    settle::settle,
    unit::{Happened, Unit},
};
use crate::{
    App, Error, Result, Round, Scope, Work,
    change::Change,
    each::each,
    error::Code,
    nudge::Nudge,
    pace::{Pace, RESOLVED},
    port::{Lock, Millis, Tx},
};

/// How often, and how long apart, to look again for users whom another worker has in hand.
const PATIENCE: u32 = 250;
/// How long a reader helps before it is told to come again, in milliseconds.
pub const READERS_HELP: Millis = 2_000;
const AGAIN: Duration = Duration::from_millis(20);
/// How often to look although nobody nudged: another process may have left marks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// For how long an organization is left alone whose slice failed, in milliseconds.
const REST: Millis = 1_000;

/// Resolves what is stale until told to stop. Runs on a thread of its own; any number of processes
/// may do so at once.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let mut slice = Slice::default();
    while !stop.load(Ordering::Acquire) {
        if round(app, &mut slice, stop) == 0 {
            app.nudge.wait(LOOK_EVERY);
        }
    }
}

/// Resolves one slice of every organization that has stale users, and says so where nothing failed;
/// how many were resolved. What fails in one organization keeps nothing from the others, and is
/// tried again a second later.
pub fn round(app: &App, slice: &mut Slice, stop: &AtomicBool) -> u64 {
    match slice.sweep(app, stop) {
        Ok(round) => {
            if round.whole {
                app.pulse.beat("access", app.clock.now());
            }
            round.done
        }
        Err(error) => {
            tracing::warn!(%error, "stale access waits: the store is away");
            0
        }
    }
}

/// Resolves everything that is stale now; for tests and the command line.
///
/// # Errors
/// The store is away.
pub fn drain(app: &App) -> Result<u64> {
    let mut slice = Slice::default();
    let orgs = || app.store.instance().orgs_with_stale_access();
    let resolve = || {
        let mut orgs = orgs()?.into_iter();
        orgs.try_fold(0, |all, org| Ok(all + slice.one(app, org)?))
    };
    patiently(resolve, || Ok(!orgs()?.is_empty()))
}

/// Resolves everything that is stale in one organization now, so that lists that start from stored
/// access miss nobody. Only looks where nobody is. Blocks, not much longer than `within`
/// milliseconds.
///
/// # Errors
/// [`Code::Unavailable`] where some are left after that time; the store is away.
pub fn drain_org(app: &App, org: OrgId, within: Millis) -> Result<u64> {
    let left = || {
        let look = Work::new(&Scope::operator(org), Lock::Read, |tx| {
            Ok(tx.anyone_stale()?)
        });
        look.wait(&*app.store)
    };
    if !left()? {
        return Ok(0);
    }
    let (mut slice, began) = (Slice::default(), app.clock.ticks());
    let resolve = || {
        if app.clock.ticks() - began > within {
            return Err(still_busy());
        }
        slice.one(app, org)
    };
    patiently(resolve, left)
}

/// A change of many is still being worked off.
pub(super) fn still_busy() -> Error {
    let detail = "The access of many users is still being worked out after an earlier change; \
                  nothing was changed. Try again in some seconds; /jobs tells how far it is.";
    Error::new(Code::Unavailable, detail)
}

/// Resolves until nobody is left. Where another worker is at the very users that were found, it is
/// given some time.
fn patiently(
    mut resolve: impl FnMut() -> Result<u64>,
    left: impl Fn() -> Result<bool>,
) -> Result<u64> {
    // Not the worker's own nudge, which would be missed there.
    let rest = Nudge::default();
    let (mut all, mut idle) = (0, 0);
    loop {
        let resolved = resolve()?;
        all += resolved;
        if resolved > 0 {
            idle = 0;
        } else if idle == PATIENCE || !left()? {
            return Ok(all);
        } else {
            idle += 1;
            rest.wait(AGAIN);
        }
    }
}

/// How much to take at once, learned from how long it took.
#[derive(Debug)]
pub struct Slice {
    pace: Pace,
    /// Organizations whose last slice failed, and until when (in ticks) they are left alone.
    resting: HashMap<OrgId, Millis>,
}

impl Default for Slice {
    fn default() -> Self {
        Slice {
            pace: Pace::new(RESOLVED),
            resting: HashMap::new(),
        }
    }
}

impl Slice {
    fn sweep(&mut self, app: &App, stop: &AtomicBool) -> Result<Round> {
        let now = app.clock.ticks();
        self.resting.retain(|_, until| *until > now);
        let mut orgs = app.store.instance().orgs_with_stale_access()?;
        orgs.retain(|org| !self.resting.contains_key(org));
        let mut done = 0;
        let orgs = orgs.into_iter().map(|org| (org, org));
        let resolved = each("stale access waits", orgs, |org| {
            if !stop.load(Ordering::Acquire) {
                let resolved = self.one(app, org);
                if resolved.is_err() {
                    self.resting.insert(org, now + REST);
                }
                done += resolved?;
            }
            Ok(())
        });
        let whole = resolved && self.resting.is_empty();
        Ok(Round { done, whole })
    }

    fn one(&mut self, app: &App, org: OrgId) -> Result<u64> {
        let (limit, change) = (self.pace.size(), Change::by_worker(app));
        let clock = Arc::clone(&app.clock);
        // Only what holds the writer counts, not the wait for a turn.
        let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
            let began = clock.ticks();
            let done = slice(tx, limit, &change)?;
            Ok((done, clock.ticks() - began))
        });
        let (done, took) = work.wait(&*app.store)?;
        self.pace.learn(done, took);
        Ok(done)
    }
}

fn slice(tx: &mut dyn Tx, limit: u64, change: &Change) -> Result<u64> {
    let users = tx.stale_users(limit)?;
    if !users.is_empty() {
        let org = tx.settings()?;
        settle(tx, Unit::provisioned(&org, change), &users, Happened::Rules)?;
        if !tx.anyone_stale()? {
            tx.finish_jobs(change.at)?;
        }
    }
    Ok(users.len() as u64)
}
