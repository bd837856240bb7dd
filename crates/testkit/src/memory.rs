//! The store in memory: the port's executable specification.
//!
//! A writing unit works on a copy of its organization and puts it back when it commits, so that a
//! refused, failed or panicking unit leaves nothing behind. One mutex makes writing units run one
//! after the other; reading units work on a snapshot. The maps lie behind [`std::sync::Arc`], so
//! that a unit copies only the maps that it changes.
//!
//! It is strict where the port asks something of its callers: a write under too weak a lock, or an
//! update of a row that was not read for update, fails as broken. On PostgreSQL it would be a race.

mod access;
mod answers;
mod audit;
mod counts;
mod documents;
mod grants;
mod groups;
mod history;
mod instance;
mod jobs;
mod keys;
mod members;
mod org;
mod outbox;
mod places;
mod reads;
mod requests;
mod roster;
mod rules;
mod run;
mod schemas;
mod state;
#[cfg(test)]
mod tests;
mod unit;
mod users;

use std::sync::{Mutex, MutexGuard, PoisonError};

use app::port::{Instance, Job, Placement, Store, StoreError};

use state::State;

/// A store that forgets everything when it is dropped.
pub struct MemoryStore {
    state: Mutex<State>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store, without organizations.
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State::new()),
        }
    }

    /// The state; a unit that panics is caught before it could poison the mutex.
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn snapshot(&self) -> State {
        self.locked().clone()
    }
}

impl Store for MemoryStore {
    fn read(&self, job: Box<dyn Job>) {
        run::read(&self.snapshot(), job);
    }

    fn write(&self, mut job: Box<dyn Job>) {
        // The guard is gone before `done`, which may call the store again.
        let outcome = run::write(&mut self.locked(), job.as_mut());
        job.done(outcome);
    }

    fn placement(&self) -> Placement {
        Placement {
            quick_reads: true,
            queued_writes: false,
        }
    }

    fn instance(&self) -> &dyn Instance {
        self
    }

    /// Nothing waits for a number: units run one after the other and number their own events.
    fn number_events(&self) -> Result<usize, StoreError> {
        Ok(0)
    }

    fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
