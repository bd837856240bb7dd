//! Units of work on the calling thread: reads on both databases, writes on PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use app::port::{Abort, Lock, Outcome, StoreError, Stored};

use crate::error::{Fault, Reason};
use crate::pool::{Pool, Taken, take};
use crate::session;
use crate::tx::Shared;
use crate::unit::{Work, inside, outcome, tell};

/// How often a unit is run again because others were in the way.
const AGAIN: u32 = 5;

/// How often another connection is taken where one proves dead at BEGIN: after a failover all of
/// the pool's are, and each is thrown away when it shows.
const DEAD: u32 = 64;

/// Runs a reading unit in one snapshot and tells its end.
pub(crate) fn read(pool: &Pool, shared: &Shared, mut work: Box<dyn Work>) {
    let ended = look(pool, shared, &mut *work);
    tell(work, ended);
}

/// Runs a reading unit in one snapshot; its end is still to be told.
pub(crate) fn look(pool: &Pool, shared: &Shared, work: &mut dyn Work) -> Outcome {
    match work.lock() {
        Lock::Glance => glance(pool, shared, work),
        _ => snapshot(pool, shared, work),
    }
}

/// One statement needs no BEGIN and no ROLLBACK: across a network that is one way there and back
/// instead of three.
fn glance(pool: &Pool, shared: &Shared, work: &mut dyn Work) -> Outcome {
    let mut dead = 0;
    loop {
        let mut session = match take(pool) {
            Ok(session) => session,
            Err(error) => return Outcome::Failed(error),
        };
        session.glance();
        let ended = inside(work, &mut session, shared, Lock::Glance);
        session.end_glance();
        match ended.result {
            Ok(()) => return Outcome::Committed,
            Err(Abort::Store(StoreError::NeedsLock(_))) => break,
            // As at BEGIN.
            Err(Abort::Store(_)) if session.broken && !session.is_suspect() && dead < DEAD => {
                dead += 1;
            }
            Err(abort) => return outcome(abort),
        }
    }
    snapshot(pool, shared, work)
}

fn snapshot(pool: &Pool, shared: &Shared, work: &mut dyn Work) -> Outcome {
    let mut session = match begin(pool, Kind::Read) {
        Ok(session) => session,
        Err(error) => return Outcome::Failed(error),
    };
    let ended = inside(work, &mut session, shared, Lock::Read);
    // Nothing was written; ending it either way is the same, and a failure is the connection's.
    if session.control::<session::Rollback>().is_err() {
        session.broken = true;
    }
    match ended.result {
        Ok(()) => Outcome::Committed,
        Err(abort) => outcome(abort),
    }
}

/// Runs a writing unit, again where that helps, and tells its end.
pub(crate) fn write(pool: &Pool, shared: &Shared, mut work: Box<dyn Work>) {
    let ended = change(pool, shared, &mut *work);
    tell(work, ended);
}

fn change(pool: &Pool, shared: &Shared, work: &mut dyn Work) -> Outcome {
    let mut lock = work.lock().max(Lock::Shared);
    let mut tries = 0;
    loop {
        match attempt(pool, shared, work, lock) {
            Attempt::Ended(outcome) => return outcome,
            Attempt::NeedsLock(more) if more > lock => lock = more,
            Attempt::NeedsLock(_) => return Outcome::Failed(Reason::LockLoop.broken()),
            Attempt::InTheWay(_) if tries < AGAIN => {
                tries += 1;
                back_off(tries);
            }
            // It may be a deadlock in a language that we do not know; see `connection`.
            Attempt::Unknown(_) if tries == 0 => tries = AGAIN,
            Attempt::InTheWay(error) | Attempt::Unknown(error) => return Outcome::Failed(error),
        }
    }
}

/// How one attempt ended.
enum Attempt {
    Ended(Outcome),
    NeedsLock(Lock),
    InTheWay(StoreError),
    Unknown(StoreError),
}

fn attempt(pool: &Pool, shared: &Shared, work: &mut dyn Work, lock: Lock) -> Attempt {
    let mut session = match begin(pool, Kind::Write) {
        Ok(session) => session,
        Err(error) => return Attempt::Ended(Outcome::Failed(error)),
    };
    let ended = inside(work, &mut session, shared, lock);
    let Err(abort) = ended.result else {
        return Attempt::Ended(commit(&mut session));
    };
    if session.control::<session::Rollback>().is_err() {
        session.broken = true;
    }
    match (abort, ended.fault) {
        (Abort::Store(StoreError::NeedsLock(lock)), _) => Attempt::NeedsLock(lock),
        (Abort::Store(error), Some(Fault::Passing)) => Attempt::InTheWay(error),
        (Abort::Store(error), Some(Fault::Unknown)) => Attempt::Unknown(error),
        (abort, _) => Attempt::Ended(outcome(abort)),
    }
}

/// Where COMMIT fails the change is not acknowledged. If the connection was lost just then, the
/// server may have kept it all the same; it is whole in either case.
fn commit(session: &mut Taken) -> Outcome {
    match session.control::<session::Commit>() {
        Ok(()) => Outcome::Committed,
        Err(error) => {
            session.broken = true;
            Outcome::Failed(error)
        }
    }
}

/// What a transaction is begun for.
#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

fn begin(pool: &Pool, kind: Kind) -> Stored<Taken> {
    let mut dead = 0;
    loop {
        let mut session = take(pool)?;
        session.take_failure();
        let began = match (kind, session.is_sqlite()) {
            (_, true) => session.control::<session::Begin>(),
            (Kind::Read, false) => session.control::<session::BeginSnapshot>(),
            (Kind::Write, false) => session.control::<session::BeginChange>(),
        };
        match began {
            Ok(()) => return Ok(session),
            Err(_) if dead < DEAD && !session.is_suspect() => {
                session.broken = true;
                dead += 1;
            }
            Err(error) => {
                session.broken = true;
                return Err(error);
            }
        }
    }
}

/// Grows from 2 to 32 milliseconds, a little different every time, so that those who met do not meet
/// again.
#[expect(
    clippy::disallowed_methods,
    reason = "there is nothing to wait for but the others' end"
)]
fn back_off(tries: u32) {
    static TURN: AtomicU32 = AtomicU32::new(0);
    let spread = TURN.fetch_add(1, Ordering::Relaxed).wrapping_mul(617) % 1_000;
    std::thread::sleep(Duration::from_micros(u64::from((1_000 << tries) + spread)));
}
