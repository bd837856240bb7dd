//! A use case on its way to the store: typed on this side, a boxed [`Job`] on the other.

use domain::OrgId;

use crate::{
    error::{Error, Result},
    port::{Abort, Job, Lock, Outcome, Store, StoreError, Tx, Unit},
    scope::Scope,
};

type Run<T> = Box<dyn FnMut(&mut dyn Tx) -> Result<T> + Send>;
type Reply<T> = Box<dyn FnOnce(Result<T>) + Send>;

/// A unit of work that is ready to run, and what it will answer.
///
/// The closure owns its command and may be called again after a rollback, so it has no effect but
/// through the transaction.
pub struct Work<T> {
    unit: Unit,
    may_lag: bool,
    run: Run<T>,
}

impl<T: Send + 'static> Work<T> {
    /// Work in a scope under a lock.
    pub fn new(
        scope: &Scope,
        lock: Lock,
        run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Work<T> {
        Work {
            unit: scope.unit(lock),
            may_lag: false,
            run: Box::new(run),
        }
    }

    /// Says whether a state that is some seconds old is good enough; of what only reads.
    #[must_use]
    pub fn lagging(self, may_lag: bool) -> Work<T> {
        Work { may_lag, ..self }
    }

    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.unit.lock <= Lock::Read
    }

    /// The organization that it may change; none where it only reads.
    pub fn changes(&self) -> Option<OrgId> {
        (!self.reads()).then_some(self.unit.org)
    }

    /// Gives it to the store. `reply` is called exactly once, perhaps on another thread and perhaps
    /// before this returns; it must not block.
    pub fn submit(self, store: &dyn Store, reply: impl FnOnce(Result<T>) + Send + 'static) {
        let reads = self.reads();
        let job = Box::new(Submitted {
            unit: self.unit,
            may_lag: self.may_lag && reads,
            run: self.run,
            answer: None,
            reply: Box::new(reply),
        });
        if reads {
            store.read(job);
        } else {
            store.write(job);
        }
    }

    /// Gives it to the store and waits; for the command line, workers and tests. Never call it on
    /// a thread that serves requests.
    ///
    /// # Errors
    /// What the use case or the store refuses.
    pub fn wait(self, store: &dyn Store) -> Result<T> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.submit(store, move |answer| {
            // The receiver below lives until it has the answer.
            let _ = sender.send(answer);
        });
        receiver.recv().unwrap_or_else(|_| Err(gone()))
    }
}

struct Submitted<T> {
    unit: Unit,
    may_lag: bool,
    run: Run<T>,
    answer: Option<Result<T>>,
    reply: Reply<T>,
}

impl<T: Send> Job for Submitted<T> {
    fn unit(&self) -> Unit {
        self.unit
    }

    fn may_lag(&self) -> bool {
        self.may_lag
    }

    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Abort> {
        match (self.run)(tx) {
            Ok(value) => {
                self.answer = Some(Ok(value));
                Ok(())
            }
            // The store decides whether to run it again; if not, `done` brings the error back.
            Err(Error::Store(error)) => Err(Abort::Store(error)),
            Err(error) => {
                self.answer = Some(Err(error));
                Err(Abort::Refused)
            }
        }
    }

    fn done(self: Box<Self>, outcome: Outcome) {
        let answer = match outcome {
            Outcome::Committed | Outcome::Refused => self.answer.unwrap_or_else(|| Err(gone())),
            Outcome::Failed(error) => Err(error.into()),
        };
        (self.reply)(answer);
    }
}

fn gone() -> Error {
    StoreError::Broken(std::sync::Arc::new(std::io::Error::other(
        "a unit of work ended without an answer",
    )))
    .into()
}
