//! Running closures as units of work.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use app::port::{Abort, Job, Lock, Outcome, Store, StoreError, Tx, Unit};

/// Why a closure stops its unit.
pub(super) enum Stop {
    /// As a use case that says no.
    Refuse,
    /// A capability failed.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a closure gives.
pub(super) type Ran<T> = Result<T, Stop>;

/// How a unit ended: with a value where it committed.
pub(super) type Ended<T> = Result<T, Outcome>;

struct Closure<F, T> {
    unit: Unit,
    run: F,
    value: Option<T>,
    reply: SyncSender<Ended<T>>,
}

impl<T, F> Job for Closure<F, T>
where
    T: Send + 'static,
    F: FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
{
    fn unit(&self) -> Unit {
        self.unit
    }

    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Abort> {
        self.value = None;
        match (self.run)(tx) {
            Ok(value) => {
                self.value = Some(value);
                Ok(())
            }
            Err(Stop::Refuse) => Err(Abort::Refused),
            Err(Stop::Store(error)) => Err(Abort::Store(error)),
        }
    }

    fn done(self: Box<Self>, outcome: Outcome) {
        let ended = match (outcome, self.value) {
            (Outcome::Committed, Some(value)) => Ok(value),
            (outcome, _) => Err(outcome),
        };
        // A second answer would find the channel full and fail the test.
        self.reply.try_send(ended).ok();
    }
}

/// A unit that was handed to the store.
pub(super) struct Pending<T>(Receiver<Ended<T>>);

impl<T> Pending<T> {
    /// Waits for its end.
    pub(super) fn wait(self) -> Ended<T> {
        self.0.recv().expect("a store must call done for every job")
    }
}

/// Hands a closure over without waiting.
pub(super) fn submit<T, F>(store: &dyn Store, unit: Unit, run: F) -> Pending<T>
where
    T: Send + 'static,
    F: FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
{
    let (reply, receiver) = sync_channel(1);
    let job = Box::new(Closure {
        unit,
        run,
        value: None,
        reply,
    });
    if unit.lock <= Lock::Read {
        store.read(job);
    } else {
        store.write(job);
    }
    Pending(receiver)
}
