//! SQLite's one writer: a thread, a bounded queue, and one COMMIT for all that has queued.
//!
//! Nobody is answered before COMMIT. A lone unit is committed at once; while one commit waits for
//! the disk others queue, and share the next. What it does while nobody writes is in [`rest`].

mod batch;
mod log;
mod rest;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use app::port::Outcome;

use crate::connection::Purpose;
use crate::error::Reason;
use crate::figures::Figures;
use crate::open::OpenError;
use crate::pool::Maker;
use crate::session::Session;
use crate::unit::{Sharing, Work, tell};
use log::Log;
use rest::Rest;

/// Most units in one transaction.
const MOST: usize = 256;

/// A batch takes no more units after this time: those that ran first wait for its COMMIT.
const LONGEST: Duration = Duration::from_millis(50);

/// What went through the queue.
#[derive(Default)]
struct Meter {
    sent: AtomicU64,
    taken: AtomicU64,
    batches: AtomicU64,
}

/// The way to the writer's thread.
pub(crate) struct Writer {
    queue: Option<SyncSender<Box<dyn Work>>>,
    meter: Arc<Meter>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Opens the writing connection and starts the thread.
    ///
    /// # Errors
    /// As [`Maker::make`]; [`OpenError::Start`].
    pub(crate) fn start(maker: Maker, shared: Sharing) -> Result<Writer, OpenError> {
        let session = maker.make(Purpose::Writer)?;
        let (queue, waiting) = sync_channel(maker.config.queue.max(1));
        let meter = Arc::new(Meter::default());
        let hands = Hands {
            meter: Arc::clone(&meter),
            maker,
            shared,
            session: Some(session),
            rest: Rest::default(),
            log: Log::default(),
        };
        let thread = std::thread::Builder::new()
            .name("rolecall-writer".to_owned())
            .spawn(move || hands.work(&waiting))
            .map_err(|error| OpenError::Start(Box::new(error)))?;
        Ok(Writer {
            queue: Some(queue),
            meter,
            thread: Some(thread),
        })
    }

    /// What goes through the queue. What is read at different moments may disagree by one.
    pub(crate) fn figures(&self) -> Figures {
        let units = self.meter.taken.load(Ordering::Relaxed);
        let sent = self.meter.sent.load(Ordering::Relaxed);
        Figures {
            queued: sent.saturating_sub(units),
            units,
            batches: self.meter.batches.load(Ordering::Relaxed),
            ..Figures::default()
        }
    }

    /// Hands over; refuses where the queue is full.
    pub(crate) fn send(&self, work: Box<dyn Work>) {
        let Some(queue) = &self.queue else {
            return tell(work, Outcome::Failed(Reason::Closing.unavailable()));
        };
        match queue.try_send(work) {
            Ok(()) => {
                self.meter.sent.fetch_add(1, Ordering::Relaxed);
            }
            Err(TrySendError::Full(work)) => {
                tell(work, Outcome::Failed(Reason::QueueFull.unavailable()));
            }
            Err(TrySendError::Disconnected(work)) => {
                tell(work, Outcome::Failed(Reason::Closing.unavailable()));
            }
        }
    }
}

impl Drop for Writer {
    /// What has queued is still written and told.
    fn drop(&mut self) {
        drop(self.queue.take());
        let Some(thread) = self.thread.take() else {
            return;
        };
        // The last handle may be dropped by what a unit's end runs, on the writer itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("the writer panicked");
        }
    }
}

/// What the thread holds.
struct Hands {
    meter: Arc<Meter>,
    maker: Maker,
    shared: Sharing,
    /// None after a failure, until a new connection is made.
    session: Option<Session>,
    rest: Rest,
    log: Log,
}

impl Hands {
    fn work(mut self, waiting: &Receiver<Box<dyn Work>>) {
        while let Some(first) = self.next(waiting) {
            self.one_batch(first, waiting);
            if let Some(session) = &mut self.session {
                self.log.after_batch(session);
            }
        }
    }

    /// The first unit and whatever has queued behind it.
    fn one_batch(&mut self, first: Box<dyn Work>, waiting: &Receiver<Box<dyn Work>>) {
        self.meter.taken.fetch_add(1, Ordering::Relaxed);
        self.meter.batches.fetch_add(1, Ordering::Relaxed);
        if !self.connected() {
            return tell(first, Outcome::Failed(Reason::BatchLost.unavailable()));
        }
        let Some(session) = &mut self.session else {
            return;
        };
        match waiting.try_recv() {
            Ok(second) => {
                let meter = Arc::clone(&self.meter);
                meter.taken.fetch_add(1, Ordering::Relaxed);
                let end = now() + LONGEST;
                let mut taken = 2;
                let next = || {
                    let room = taken < MOST && now() < end;
                    taken += 1;
                    let next = room.then(|| waiting.try_recv().ok()).flatten();
                    if next.is_some() {
                        meter.taken.fetch_add(1, Ordering::Relaxed);
                    }
                    next
                };
                let again = batch::together(session, &self.shared, vec![first, second], next);
                self.alone(again);
            }
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => self.alone(vec![first]),
        }
    }

    /// Units one by one, each in its own transaction.
    fn alone(&mut self, works: Vec<Box<dyn Work>>) {
        for work in works {
            if !self.connected() {
                tell(work, Outcome::Failed(Reason::BatchLost.unavailable()));
                continue;
            }
            if let Some(session) = &mut self.session {
                batch::alone(session, &self.shared, work);
            }
        }
    }

    /// Makes a new connection where the last one must not be used again.
    fn connected(&mut self) -> bool {
        if self.session.as_ref().is_some_and(|session| !session.broken) {
            return true;
        }
        // Closing it first ends whatever it had open.
        self.session = None;
        match self.maker.make(Purpose::Writer) {
            Ok(session) => self.session = Some(session),
            Err(error) => tracing::error!(%error, "the writer has no connection"),
        }
        self.session.is_some()
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline inside the adapter")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
