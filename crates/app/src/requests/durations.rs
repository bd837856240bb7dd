//! How long requests took: known only after their row was committed, so it is collected here and
//! filled in by a worker, many at once, instead of by a second transaction for each request.

use std::{
    collections::BTreeMap,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::OrgId;
use uuid::Uuid;

use super::write_reads;
use crate::{App, Scope, Work, each::each, nudge::rest, port::Lock};

/// How often they are filled in.
const EVERY: Duration = Duration::from_secs(1);
/// How many times that is until counts of reads are written.
const WRITE_READS_EVERY: u64 = 10;
/// How many wait at most; of more nobody learns how long they took.
const MOST: usize = 50_000;

/// Durations that are not in the log yet, in milliseconds.
#[derive(Debug, Default)]
pub struct Durations {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    all: usize,
    of_org: BTreeMap<OrgId, Vec<(Uuid, u64)>>,
}

impl Durations {
    /// Notes how many milliseconds a logged request took.
    pub fn note(&self, org: OrgId, request: Uuid, took: u64) {
        let mut waiting = self.waiting();
        if waiting.all < MOST {
            waiting.all += 1;
            waiting.of_org.entry(org).or_default().push((request, took));
        }
    }

    fn take(&self) -> BTreeMap<OrgId, Vec<(Uuid, u64)>> {
        mem::take(&mut *self.waiting()).of_org
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fills durations in and writes counts of reads until told to stop, and once more then.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let (mut breaths, mut counted) = (0, true);
    loop {
        let last = stop.load(Ordering::Acquire);
        if last || breaths % WRITE_READS_EVERY == 0 {
            counted = write_reads(app);
        }
        if fill_in(app) && counted {
            app.pulse.beat("requests", app.clock.now());
        }
        if last {
            return;
        }
        breaths += 1;
        rest(EVERY);
    }
}

/// Fills in what waits: one unit of work for each organization. What cannot be filled in is told to
/// the log and stays out; then this is false.
pub fn fill_in(app: &App) -> bool {
    let waiting = app.durations.take().into_iter();
    let waiting = waiting.map(|(org, took)| (org, (org, took)));
    let what = "how long some requests took is missing in the provisioning log";
    each(what, waiting, |(org, took)| {
        let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
            Ok(tx.time_requests(&took)?)
        });
        work.wait(&*app.store)
    })
}
