//! Workers that do a round every hour, and soon again where one failed.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crate::nudge::rest;

/// How often to do a round.
const EVERY: Duration = Duration::from_hours(1);
/// When to try again after a round with a failure; twice as long after each further one.
const SOON: Duration = Duration::from_secs(10);
/// How often to look whether to stop.
const BREATH: Duration = Duration::from_secs(1);

/// Does rounds until told to stop, the first one at once. A round says whether nothing failed.
pub(crate) fn hourly(stop: &AtomicBool, mut round: impl FnMut() -> bool) {
    let (mut left, mut failures) = (Duration::ZERO, 0);
    while !stop.load(Ordering::Acquire) {
        if left.is_zero() {
            failures = if round() { 0 } else { failures + 1 };
            left = pause(failures);
        }
        rest(BREATH);
        left = left.saturating_sub(BREATH);
    }
}

/// How long to wait after so many rounds with a failure, one after the other.
fn pause(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => EVERY,
        Some(more) => SOON.saturating_mul(2_u32.saturating_pow(more)).min(EVERY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_tried_again_after_growing_pauses() {
        for (failures, seconds) in [
            (0, 3_600),
            (1, 10),
            (2, 20),
            (3, 40),
            (4, 80),
            (9, 2_560),
            (10, 3_600),
            (u32::MAX, 3_600),
        ] {
            assert_eq!(pause(failures).as_secs(), seconds, "{failures}");
        }
    }

    #[test]
    fn nothing_is_done_once_it_is_told_to_stop() {
        let stop = AtomicBool::new(false);
        let mut rounds = 0;
        hourly(&stop, || {
            rounds += 1;
            stop.store(true, Ordering::Release);
            false
        });
        hourly(&stop, || unreachable!("it was told to stop"));
        assert_eq!(rounds, 1);
    }
}
