//! When each worker last did its round without a fault, for whoever watches the process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::port::Millis;

/// The last good round of each worker.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<BTreeMap<&'static str, Millis>>);

impl Pulse {
    /// A worker did its round, at this time.
    pub fn beat(&self, worker: &'static str, at: Millis) {
        self.beats().insert(worker, at);
    }

    /// Every worker that ever did a round here, and when it last did.
    pub fn last(&self) -> Vec<(&'static str, Millis)> {
        let beats = self.beats();
        beats.iter().map(|(worker, at)| (*worker, *at)).collect()
    }

    fn beats(&self) -> MutexGuard<'_, BTreeMap<&'static str, Millis>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
