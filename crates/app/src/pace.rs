//! How much a worker takes at once: as much as holds the writer for a moment, learned from how long
//! the last slice took.

use crate::port::Millis;

/// A slice that took less may be larger, in milliseconds.
const SHORT: Millis = 20;
/// One that took more is too large.
const LONG: Millis = 50;
/// What a slice is meant to take.
const WANTED: Millis = 35;

/// Between what a worker's slices may be, and where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    first: u64,
    least: u64,
    most: u64,
}

/// Users whose access is resolved.
pub const RESOLVED: Bounds = bounds(100, 10, 2_000);
/// Rows of an organization that is gone.
pub const CLEARED: Bounds = bounds(1_000, 100, 20_000);

const fn bounds(first: u64, least: u64, most: u64) -> Bounds {
    Bounds { first, least, most }
}

impl Bounds {
    /// The slice after a whole one of this size that took so long: up to twice as large where it was
    /// short, in proportion where it was long, and never beyond the bounds.
    fn next(self, size: u64, took: Millis) -> u64 {
        let took = took.max(1);
        let fit = size.saturating_mul(WANTED.unsigned_abs()) / took.unsigned_abs();
        let next = match took {
            SHORT..=LONG => size,
            _ if took < SHORT => fit.min(size.saturating_mul(2)),
            _ => fit,
        };
        next.clamp(self.least, self.most)
    }
}

/// The size of a worker's next slice.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    bounds: Bounds,
    size: u64,
}

impl Pace {
    /// Begins with the first size of these bounds.
    pub fn new(bounds: Bounds) -> Pace {
        Pace {
            bounds,
            size: bounds.first,
        }
    }

    /// How much to take next.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Learns from a slice in which so much was done, in so many milliseconds. One that was not
    /// whole tells nothing.
    pub fn learn(&mut self, done: u64, took: Millis) {
        if done >= self.size {
            self.size = self.bounds.next(self.size, took);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_grow_and_shrink_towards_a_moment() {
        let bounds = bounds(100, 10, 2_000);
        for (size, took, next) in [
            (100, 0, 200),
            (100, 1, 200),
            (100, 18, 194),
            (100, 20, 100),
            (100, 50, 100),
            (100, 51, 68),
            (100, 100, 35),
            (100, 700, 10),
            (10, 60_000, 10),
            (1_500, 1, 2_000),
            (2_000, 1, 2_000),
            (100, -5, 200),
        ] {
            assert_eq!(bounds.next(size, took), next, "{size} in {took} ms");
        }
    }

    #[test]
    fn what_is_not_whole_tells_nothing() {
        let mut pace = Pace::new(RESOLVED);
        pace.learn(99, 1);
        assert_eq!(pace.size(), 100);
        pace.learn(100, 1);
        assert_eq!(pace.size(), 200);
        pace.learn(200, 400);
        assert_eq!(pace.size(), 17);
    }
}
