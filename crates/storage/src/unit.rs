//! A unit of work between BEGIN and COMMIT, whoever runs it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use app::port::{Abort, Job, Lock, Outcome, StoreError, Stored};

use crate::error::Reason;
use crate::session::Session;
use crate::tx::{Shared, Transaction};

/// What can be run in a transaction, again if need be, and told the end once.
pub(crate) trait Work: Send {
    /// The lock to begin with.
    fn lock(&self) -> Lock;

    /// Runs inside an open transaction.
    fn run(&mut self, session: &mut Session, shared: &Shared, lock: Lock) -> Result<(), Abort>;

    /// Tells the end.
    fn done(self: Box<Self>, outcome: Outcome);
}

/// A job of the application.
pub(crate) struct JobWork(pub(crate) Box<dyn Job>);

impl Work for JobWork {
    fn lock(&self) -> Lock {
        self.0.unit().lock
    }

    fn run(&mut self, session: &mut Session, shared: &Shared, lock: Lock) -> Result<(), Abort> {
        let org = self.0.unit().org;
        let mut tx = match lock {
            Lock::Glance | Lock::Read => Transaction::reading(session, shared, org),
            _ => Transaction::writing(session, shared, org, lock).map_err(Abort::Store)?,
        };
        self.0.run(&mut tx)?;
        tx.write_events().map_err(Abort::Store)
    }

    fn done(self: Box<Self>, outcome: Outcome) {
        self.0.done(outcome);
    }
}

/// A statement or two on the tables that belong to no organization, with the answer inside.
pub(crate) struct Call<F, T> {
    act: F,
    answer: Option<T>,
    reply: std::sync::mpsc::Sender<Stored<T>>,
}

impl<F, T> Call<F, T>
where
    F: FnMut(&mut Session) -> Stored<T> + Send,
    T: Send,
{
    /// A call and where its answer comes out.
    pub(crate) fn new(act: F) -> (Self, std::sync::mpsc::Receiver<Stored<T>>) {
        let (reply, answer) = std::sync::mpsc::channel();
        (
            Call {
                act,
                answer: None,
                reply,
            },
            answer,
        )
    }
}

impl<F, T> Work for Call<F, T>
where
    F: FnMut(&mut Session) -> Stored<T> + Send,
    T: Send,
{
    fn lock(&self) -> Lock {
        Lock::Shared
    }

    fn run(&mut self, session: &mut Session, _: &Shared, _: Lock) -> Result<(), Abort> {
        self.answer = Some((self.act)(session).map_err(Abort::Store)?);
        Ok(())
    }

    fn done(self: Box<Self>, outcome: Outcome) {
        let answer = match (outcome, self.answer) {
            (Outcome::Committed, Some(answer)) => Ok(answer),
            (Outcome::Failed(error), _) => Err(error),
            _ => Err(Reason::AfterFailure.broken()),
        };
        // Whoever asked may have gone; the change stands.
        let _ = self.reply.send(answer);
    }
}

/// How the inside of a transaction ended.
pub(crate) struct Ended {
    /// Commit, or why not.
    pub(crate) result: Result<(), Abort>,
    /// What the first failing statement said about going on.
    pub(crate) fault: Option<crate::error::Fault>,
}

/// Runs the work in the transaction that is open. A panic is a failure. So is success after a
/// failed statement: PostgreSQL would answer COMMIT with a silent rollback then.
pub(crate) fn inside(
    work: &mut dyn Work,
    session: &mut Session,
    shared: &Shared,
    lock: Lock,
) -> Ended {
    session.take_failure();
    let ran = catch_unwind(AssertUnwindSafe(|| {
        work.run(session, shared, lock)?;
        session.send_waiting().map_err(Abort::Store)
    }));
    // Of a unit that fails: whoever uses the connection next must not send it.
    session.forget_waiting();
    let failure = session.take_failure();
    let fault = failure.as_ref().map(|failure| failure.fault);
    let failed = failure.map(|failure| failure.error);
    let result = match (ran, failed) {
        (Err(panic), _) => Err(Abort::Store(Reason::Panicked(said(&*panic)).broken())),
        // A use case may answer a taken key in its own words, and nothing else.
        (Ok(Err(Abort::Refused)), Some(StoreError::Conflict(_)) | None) => Err(Abort::Refused),
        (Ok(_), Some(error)) => Err(Abort::Store(error)),
        (Ok(result), None) => result,
    };
    Ended { result, fault }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

/// Tells the end. A panic there concerns nobody else.
pub(crate) fn tell(work: Box<dyn Work>, outcome: Outcome) {
    if let Outcome::Failed(StoreError::Broken(cause)) = &outcome {
        tracing::error!(%cause, detail = source(&**cause), "a unit of work failed");
    }
    if catch_unwind(AssertUnwindSafe(|| work.done(outcome))).is_err() {
        tracing::error!("telling the end of a unit of work panicked");
    }
}

fn source(cause: &(dyn std::error::Error + Send + Sync)) -> Option<String> {
    cause.source().map(ToString::to_string)
}

/// The outcome of an ended unit that is not committed.
pub(crate) fn outcome(abort: Abort) -> Outcome {
    match abort {
        Abort::Refused => Outcome::Refused,
        Abort::Store(error) => Outcome::Failed(error),
    }
}

/// An error shared by all units of a batch.
pub(crate) fn lost() -> Outcome {
    Outcome::Failed(Reason::BatchLost.unavailable())
}

/// What the calling threads and the writer share.
pub(crate) type Sharing = Arc<Shared>;
