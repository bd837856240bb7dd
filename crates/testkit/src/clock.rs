//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};

use app::port::{Clock, Millis};

/// Where a [`TestClock`] starts: 2026-01-01T00:00:00Z.
pub const START: Millis = 1_767_225_600_000;

/// Stands still until it is told to move.
pub struct TestClock {
    now: AtomicI64,
    ticks: AtomicI64,
}

impl TestClock {
    /// A clock that shows [`START`].
    pub fn new() -> Self {
        Self::at(START)
    }

    /// A clock that shows this time.
    pub fn at(now: Millis) -> Self {
        Self {
            now: AtomicI64::new(now),
            ticks: AtomicI64::new(0),
        }
    }

    /// Lets so many milliseconds pass. What the clock shows then; nobody else who lets time pass is
    /// told the same.
    pub fn advance(&self, by: u32) -> Millis {
        self.ticks.fetch_add(by.into(), Ordering::SeqCst);
        self.now.fetch_add(by.into(), Ordering::SeqCst) + Millis::from(by)
    }

    /// Sets the time of day, as an operator does who corrects a wrong clock; no time passes.
    pub fn set(&self, now: Millis) {
        self.now.store(now, Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Millis {
        self.now.load(Ordering::SeqCst)
    }

    fn ticks(&self) -> Millis {
        self.ticks.load(Ordering::SeqCst)
    }
}
