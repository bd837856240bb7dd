//! Who may run argon2 now: one caller per key id, and as many ids at once as there are cores.
//!
//! Each run takes tens of milliseconds of a core and 19 MiB, so more at once help nobody. Callers
//! wait on a thread; the pool they run on bounds how many wait.

use std::{
    collections::HashSet,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// The runs that are on their way.
pub(crate) struct Flights {
    flying: Mutex<HashSet<String>>,
    landed: Condvar,
    permits: usize,
}

impl Flights {
    /// Lets `permits` runs go at once, at least one.
    pub(crate) fn new(permits: usize) -> Self {
        Self {
            flying: Mutex::default(),
            landed: Condvar::new(),
            permits: permits.max(1),
        }
    }

    /// Waits until no other run for `id` is on its way and a permit is free. None where `settled`
    /// became true meanwhile: an earlier run has given the answer. It is asked under this lock
    /// and has to be quick.
    pub(crate) fn enter(&self, id: &str, settled: &dyn Fn() -> bool) -> Option<Flight<'_>> {
        let mut flying = self.lock();
        loop {
            if settled() {
                return None;
            }
            if flying.len() < self.permits && !flying.contains(id) {
                break;
            }
            flying = self
                .landed
                .wait(flying)
                .unwrap_or_else(PoisonError::into_inner);
        }
        flying.insert(id.to_owned());
        Some(Flight {
            flights: self,
            id: id.to_owned(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.flying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to run argon2 for one key id; given back when dropped, after a panic too.
pub(crate) struct Flight<'a> {
    flights: &'a Flights,
    id: String,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.id);
        // All, because those who wait for this id and those who wait for a permit wait together.
        self.flights.landed.notify_all();
    }
}

#[cfg(test)]
mod tests;
