//! A thing that happens with every request is told to the log now and then: a full disk must not be
//! filled by what is said of it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a thing is not told again.
const QUIET: Duration = Duration::from_secs(10);

/// When a thing was told, and how often it has happened since.
pub(crate) struct Calm(Mutex<Said>);

struct Said {
    at: Option<Instant>,
    unsaid: u64,
}

impl Calm {
    /// Of a thing that has not happened yet.
    pub(crate) const fn new() -> Calm {
        Calm(Mutex::new(Said {
            at: None,
            unsaid: 0,
        }))
    }

    /// It has happened. Where it should be told now, how often it was not told before.
    pub(crate) fn happened(&self) -> Option<u64> {
        self.happened_at(now())
    }

    fn happened_at(&self, now: Instant) -> Option<u64> {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if said.at.is_some_and(|at| now.duration_since(at) < QUIET) {
            said.unsaid += 1;
            return None;
        }
        said.at = Some(now);
        Some(std::mem::take(&mut said.unsaid))
    }
}

#[expect(clippy::disallowed_methods, reason = "how often the log is told")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_told_at_once_and_then_with_its_number() {
        let (calm, began) = (Calm::new(), now());
        for (after, told) in [
            (0, Some(0)),
            (1, None),
            (9_999, None),
            (10_000, Some(2)),
            (15_000, None),
            (40_000, Some(1)),
            (60_000, Some(0)),
        ] {
            let at = began + Duration::from_millis(after);
            assert_eq!(calm.happened_at(at), told, "after {after} ms");
        }
    }
}
