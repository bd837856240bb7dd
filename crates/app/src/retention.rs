//! Forgets what is old, as the operator has decided: past access, events, the provisioning log,
//! jobs; and answers that nobody can ask for any more.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::OrgId;

use crate::{
    App, Result, Round, Scope, Work,
    each::each,
    hourly::hourly,
    idempotency,
    port::{Lock, Millis, Stored, Tx},
};

/// Rows at once, so that other writers pass.
const AT_ONCE: u64 = 1_000;
/// A day.
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// For how many days what is kept; 0 keeps it for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// What access was (`?at=`). A row counts from when another one followed it, so that what
    /// somebody's access was at the limit stays known.
    pub history_days: u32,
    /// Events of the feed.
    pub event_days: u32,
    /// Rows of the provisioning log, and counts of reads.
    pub request_days: u32,
    /// Bodies of requests; never longer than their rows.
    pub body_days: u32,
    /// Finished jobs, from their beginning.
    pub job_days: u32,
}

/// Removes rows of before a moment, so many at most; how many there were.
type Forget = fn(&mut dyn Tx, Millis, u64) -> Stored<u64>;

impl Keep {
    /// What is to be forgotten beside past access, with the days that it is kept.
    fn due(self) -> impl Iterator<Item = (u32, Forget)> {
        let body_days = match (self.body_days, self.request_days) {
            (0, days) | (days, 0) => days,
            (bodies, rows) => bodies.min(rows),
        };
        let all: [(u32, Forget); 5] = [
            (self.event_days, |tx, at, most| tx.forget_events(at, most)),
            (self.request_days, |tx, at, most| {
                tx.forget_requests(at, most)
            }),
            (self.request_days, |tx, at, most| tx.forget_reads(at, most)),
            (body_days, |tx, at, most| tx.forget_bodies(at, most)),
            (self.job_days, |tx, at, most| tx.forget_jobs(at, most)),
        ];
        all.into_iter().filter(|(days, _)| *days > 0)
    }
}

/// Forgets what is older than [`App::keep`] says, every hour until told to stop.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    hourly(stop, || round(app, stop));
}

/// Forgets once what [`run`] forgets again and again, and says so where nothing failed.
pub fn round(app: &App, stop: &AtomicBool) -> bool {
    let rows = forget(app, stop);
    let all = rows.and_then(|rows| Ok(rows.whole && idempotency::forget(app, stop)?.whole));
    // What failed in one organization was told to the log.
    let whole = all.unwrap_or_else(|error| {
        tracing::warn!(%error, "old rows are kept a little longer: the store is away");
        false
    });
    if whole {
        app.pulse.beat("retention", app.clock.now());
    }
    whole
}

/// Forgets once, in every organization. What fails in one of them keeps nothing from the others.
///
/// # Errors
/// The store is away.
pub fn forget(app: &App, stop: &AtomicBool) -> Result<Round> {
    let now = app.clock.now();
    let mut done = 0;
    let orgs = app.store.instance().orgs()?.into_iter();
    let orgs = orgs.map(|org| (org.id, org.id));
    let whole = each("old rows are kept a little longer", orgs, |org| {
        if app.keep.history_days > 0 {
            let before = now - Millis::from(app.keep.history_days) * DAY;
            done += forget_history(app, org, stop, before)?;
        }
        for (days, forget) in app.keep.due() {
            let before = now - Millis::from(days) * DAY;
            done += forget_in(app, org, stop, move |tx| Ok(forget(tx, before, AT_ONCE)?))?;
        }
        Ok(())
    });
    Ok(Round { done, whole })
}

/// Forgets past access in one organization: goes through its users once, so many rows in a unit.
fn forget_history(app: &App, org: OrgId, stop: &AtomicBool, before: Millis) -> Result<u64> {
    let (mut all, mut after) = (0, None);
    while !stop.load(Ordering::Acquire) {
        let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
            Ok(tx.forget_before(before, after, AT_ONCE)?)
        });
        let forgotten = work.wait(&*app.store)?;
        all += forgotten.rows;
        if forgotten.until.is_none() {
            break;
        }
        after = forgotten.until;
    }
    Ok(all)
}

/// Forgets of one kind in one organization, in as many units as it takes.
fn forget_in(
    app: &App,
    org: OrgId,
    stop: &AtomicBool,
    forget: impl Fn(&mut dyn Tx) -> Result<u64> + Copy + Send + 'static,
) -> Result<u64> {
    let mut all = 0;
    while !stop.load(Ordering::Acquire) {
        let work = Work::new(&Scope::operator(org), Lock::Shared, forget);
        let forgotten = work.wait(&*app.store)?;
        all += forgotten;
        if forgotten < AT_ONCE {
            break;
        }
    }
    Ok(all)
}
