//! Wakes a worker when there is something to do, instead of making it look all the time.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

/// Lets a worker's thread rest. Whoever stops the worker wakes it by unparking its thread, also where it
/// does so a moment before.
pub(crate) fn rest(limit: Duration) {
    std::thread::park_timeout(limit);
}

/// A flag that one thread waits for and others raise.
#[derive(Default)]
pub struct Nudge {
    raised: Mutex<bool>,
    changed: Condvar,
}

impl Nudge {
    /// Says that there may be work.
    pub fn raise(&self) {
        *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits until raised, at the longest `limit`, and lowers the flag.
    pub fn wait(&self, limit: Duration) {
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut raised, _) = self
            .changed
            .wait_timeout_while(raised, limit, |raised| !*raised)
            .unwrap_or_else(PoisonError::into_inner);
        *raised = false;
    }
}
