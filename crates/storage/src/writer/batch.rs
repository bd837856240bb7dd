//! One transaction of the writer: many units, or a lone one.

use app::port::{Abort, Lock, Outcome, StoreError, Stored};

use crate::calm::Calm;
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

/// What keeps a unit that fails from its neighbors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// Nothing but that it has changed nothing yet. A savepoint makes SQLite copy every page that a
    /// unit touches, and most units succeed.
    Hope,
    /// A savepoint around each.
    Savepoints,
}

/// Why a unit cannot simply be followed by the next.
enum Stuck {
    /// It has changed something and failed: the transaction has to be rolled back.
    Undone,
    /// Nothing is known about the transaction: a full disk may have ended it, and the next statement
    /// would be on its own and stay.
    Unknown,
}

/// How a batch ended.
enum Ended {
    /// Every unit was told.
    Told,
    /// Nothing of it is kept, and nobody was told.
    Again(Vec<Box<dyn Work>>),
}

/// Runs units in one transaction, taking more from `next`, and tells their ends. Returns those that
/// have to run again alone because the commit failed.
pub(super) fn together(
    session: &mut Session,
    shared: &Shared,
    first: Vec<Box<dyn Work>>,
    next: impl FnMut() -> Option<Box<dyn Work>>,
) -> Vec<Box<dyn Work>> {
    match batch(session, shared, Apart::Hope, first, next) {
        Ended::Again(works) if !session.broken => {
            match batch(session, shared, Apart::Savepoints, works, || None) {
                Ended::Again(works) => works,
                Ended::Told => Vec::new(),
            }
        }
        Ended::Again(works) => works,
        Ended::Told => Vec::new(),
    }
}

fn batch(
    session: &mut Session,
    shared: &Shared,
    apart: Apart,
    first: Vec<Box<dyn Work>>,
    mut next: impl FnMut() -> Option<Box<dyn Work>>,
) -> Ended {
    if let Err(error) = begin(session) {
        for work in first {
            tell(work, Outcome::Failed(error.clone()));
        }
        return Ended::Told;
    }
    let mut ran: Vec<Ran> = Vec::new();
    let mut waiting = first.into_iter();
    while let Some(mut work) = waiting.next().or_else(&mut next) {
        match unit(session, shared, apart, &mut *work) {
            Ok(outcome) => ran.push(Ran { work, outcome }),
            Err(stuck) => {
                let all = works(ran).chain([work]).chain(waiting);
                let undone = matches!(stuck, Stuck::Undone) && roll_back(session);
                shared.forget_all();
                if undone {
                    return Ended::Again(all.collect());
                }
                give_up(session);
                all.for_each(|work| tell(work, lost()));
                return Ended::Told;
            }
        }
    }
    if session.control::<Commit>().is_ok() {
        session.take_failure();
        for ran in ran {
            tell(ran.work, ran.outcome);
        }
        return Ended::Told;
    }
    shared.forget_all();
    give_up(session);
    Ended::Again(works(ran).collect())
}

fn works(ran: Vec<Ran>) -> impl Iterator<Item = Box<dyn Work>> {
    ran.into_iter().map(|ran| ran.work)
}

fn unit(
    session: &mut Session,
    shared: &Shared,
    apart: Apart,
    work: &mut dyn Work,
) -> Result<Outcome, Stuck> {
    match apart {
        Apart::Hope => hopeful(session, shared, work),
        Apart::Savepoints => between_savepoints(session, shared, work).map_err(|()| Stuck::Unknown),
    }
}

/// A unit that is refused before it has changed anything leaves nothing behind; SQLite undoes the
/// statement that meets a taken key.
fn hopeful(session: &mut Session, shared: &Shared, work: &mut dyn Work) -> Result<Outcome, Stuck> {
    session.begin_unit();
    let Err(abort) = run(session, shared, work) else {
        return Ok(Outcome::Committed);
    };
    let refused = matches!(
        abort,
        Abort::Refused | Abort::Store(StoreError::Conflict(_))
    );
    match refused && !session.has_changed() {
        true => Ok(outcome(abort)),
        false if session.broken => Err(Stuck::Unknown),
        false => Err(Stuck::Undone),
    }
}

fn between_savepoints(
    session: &mut Session,
    shared: &Shared,
    work: &mut dyn Work,
) -> Result<Outcome, ()> {
    session.control::<Savepoint>().map_err(|_| ())?;
    match run(session, shared, work) {
        Ok(()) => {
            session.control::<Release>().map_err(|_| ())?;
            Ok(Outcome::Committed)
        }
        Err(abort) => {
            session.control::<RollbackTo>().map_err(|_| ())?;
            session.control::<Release>().map_err(|_| ())?;
            session.take_failure();
            Ok(outcome(abort))
        }
    }
}

/// Whether it worked: it fails where the database has rolled back by itself.
fn roll_back(session: &mut Session) -> bool {
    let worked = session.control::<Rollback>().is_ok();
    if worked {
        session.take_failure();
    }
    worked
}

fn run(session: &mut Session, shared: &Shared, work: &mut dyn Work) -> Result<(), Abort> {
    let lock = work.lock().max(Lock::Shared);
    inside(work, session, shared, lock).result
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
    if let Err(abort) = run(session, shared, work) {
        if !roll_back(session) {
            session.broken = true;
        }
        return outcome(abort);
    }
    if session.control::<Commit>().is_ok() {
        return Outcome::Committed;
    }
    give_up(session).map_or_else(lost, |error| Outcome::Failed(alone_with(error)))
}

/// What nobody else can have caused is told as it is, where trying again may help.
fn alone_with(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(_) => error,
        _ => Reason::BatchLost.unavailable(),
    }
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
            Err(error) => {
                session.broken = true;
                told(&error);
                return Err(alone_with(error));
            }
        }
    }
}

/// Leaves the transaction as it may be, and the connection with it; returns why. The log is told;
/// those who shared it are told only that it was lost, for it may have been a neighbor's doing.
fn give_up(session: &mut Session) -> Option<StoreError> {
    let first = session.take_failure().map(|failure| failure.error);
    if let Some(error) = &first {
        told(error);
    }
    // It fails where the database has rolled back by itself.
    let _ = session.control::<Rollback>();
    session.take_failure();
    session.broken = true;
    first
}

fn told(error: &StoreError) {
    static TOLD: Calm = Calm::new();
    if let Some(others) = TOLD.happened() {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        let lost = "a transaction of the writer was lost, nothing of it is kept";
        tracing::warn!(%error, cause, others, "{lost}");
    }
}
