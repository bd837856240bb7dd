//! One transaction of the writer: many units with a savepoint each, or a lone one.

use app::port::{Lock, Outcome, Stored};

use crate::error::{Fault, Reason};
use crate::session::{BeginImmediate, Commit, Release, Rollback, RollbackTo, Savepoint, Session};
use crate::tx::Shared;
use crate::unit::{Work, inside, lost, outcome, tell};

/// How often BEGIN is tried; each waits the connection's busy timeout for another process.
const BEGINS: usize = 3;

/// A unit that has run, and how it ended if the batch is committed.
struct Ran {
    work: Box<dyn Work>,
    outcome: Outcome,
}

/// Runs units in one transaction, taking more from `next`, and tells their ends. Returns those that
/// have to run again alone because the commit failed.
pub(super) fn together(
    session: &mut Session,
    shared: &Shared,
    first: Vec<Box<dyn Work>>,
    mut next: impl FnMut() -> Option<Box<dyn Work>>,
) -> Vec<Box<dyn Work>> {
    if let Err(error) = begin(session) {
        for work in first {
            tell(work, Outcome::Failed(error.clone()));
        }
        return Vec::new();
    }
    let mut ran: Vec<Ran> = Vec::new();
    let mut waiting = first.into_iter();
    while let Some(mut work) = waiting.next().or_else(&mut next) {
        let Ok(outcome) = unit(session, shared, &mut *work) else {
            give_up(session);
            for work in ran
                .into_iter()
                .map(|ran| ran.work)
                .chain([work])
                .chain(waiting)
            {
                tell(work, lost());
            }
            return Vec::new();
        };
        ran.push(Ran { work, outcome });
    }
    if session.control::<Commit>().is_ok() {
        session.take_failure();
        for ran in ran {
            tell(ran.work, ran.outcome);
        }
        return Vec::new();
    }
    give_up(session);
    ran.into_iter().map(|ran| ran.work).collect()
}

/// One unit between savepoints. An error means that nothing is known about the transaction: a full
/// disk may have ended it, and the next statement would be on its own and stay.
fn unit(session: &mut Session, shared: &Shared, work: &mut dyn Work) -> Result<Outcome, ()> {
    session.control::<Savepoint>().map_err(|_| ())?;
    match run(session, shared, work) {
        Ok(()) => {
            session.control::<Release>().map_err(|_| ())?;
            Ok(Outcome::Committed)
        }
        Err(outcome) => {
            session.control::<RollbackTo>().map_err(|_| ())?;
            session.control::<Release>().map_err(|_| ())?;
            session.take_failure();
            Ok(outcome)
        }
    }
}

fn run(session: &mut Session, shared: &Shared, work: &mut dyn Work) -> Result<(), Outcome> {
    let lock = work.lock().max(Lock::Shared);
    inside(work, session, shared, lock).result.map_err(outcome)
}

/// Runs one unit in a transaction of its own and tells its end.
pub(super) fn alone(session: &mut Session, shared: &Shared, mut work: Box<dyn Work>) {
    let ended = attempt(session, shared, &mut *work);
    session.take_failure();
    tell(work, ended);
}

fn attempt(session: &mut Session, shared: &Shared, work: &mut dyn Work) -> Outcome {
    if let Err(error) = begin(session) {
        return Outcome::Failed(error);
    }
    if let Err(outcome) = run(session, shared, work) {
        if session.control::<Rollback>().is_err() {
            session.broken = true;
        }
        return outcome;
    }
    if session.control::<Commit>().is_ok() {
        return Outcome::Committed;
    }
    give_up(session);
    lost()
}

/// Another process may be writing; the connection itself waits, and we ask a few times.
fn begin(session: &mut Session) -> Stored<()> {
    let mut tries = 1;
    loop {
        session.take_failure();
        let began = session.control::<BeginImmediate>();
        let busy = session
            .take_failure()
            .is_some_and(|failure| failure.fault == Fault::Passing);
        match began {
            Ok(()) => return Ok(()),
            Err(_) if busy && tries < BEGINS => tries += 1,
            Err(error) if busy => return Err(error),
            Err(_) => {
                session.broken = true;
                return Err(Reason::BatchLost.unavailable());
            }
        }
    }
}

/// Leaves the transaction as it may be, and the connection with it.
fn give_up(session: &mut Session) {
    // It fails where the database has rolled back by itself.
    let _ = session.control::<Rollback>();
    session.take_failure();
    session.broken = true;
}
