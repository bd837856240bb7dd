//! Running jobs: on a copy, with panics caught, again where a stronger lock is needed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use app::port::{Abort, Job, Lock, Outcome, StoreError};

use super::state::{OrgState, State};
use super::unit::{MemoryTx, broken};

/// How one run ended: the organization to keep, or why it rolls back.
type Run = Result<OrgState, Abort>;

pub(super) fn read(snapshot: &State, mut job: Box<dyn Job>) {
    let outcome = match once(snapshot, job.as_mut(), Lock::Read) {
        Ok(_) => Outcome::Committed,
        Err(abort) => rolled_back(abort),
    };
    job.done(outcome);
}

pub(super) fn write(state: &mut State, job: &mut dyn Job) -> Outcome {
    let unit = job.unit();
    let mut run = once(state, job, unit.lock);
    if let Err(Abort::Store(StoreError::NeedsLock(lock))) = run
        && lock > unit.lock
    {
        run = once(state, job, lock);
    }
    match run {
        Ok(org) => {
            state.orgs.insert(unit.org, org);
            Outcome::Committed
        }
        Err(abort) => rolled_back(abort),
    }
}

fn once(state: &State, job: &mut dyn Job, lock: Lock) -> Run {
    let Some(org) = state.orgs.get(&job.unit().org) else {
        return Err(Abort::Store(broken(
            "the organization of this unit of work is gone",
        )));
    };
    let mut tx = MemoryTx::new(org.clone(), state.owner_keys(), lock);
    let ended = catch_unwind(AssertUnwindSafe(|| job.run(&mut tx)));
    ended.unwrap_or_else(|_| Err(Abort::Store(broken("the unit of work panicked"))))?;
    Ok(tx.org)
}

fn rolled_back(abort: Abort) -> Outcome {
    match abort {
        Abort::Refused => Outcome::Refused,
        Abort::Store(error) => Outcome::Failed(error),
    }
}
