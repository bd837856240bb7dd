//! When it is told that something ends (a key, the certificate): 30, 7 and 1 days before.

use crate::port::Millis;

/// A day in milliseconds.
pub const DAY: Millis = 24 * 60 * 60 * 1_000;
/// How many days before its end something is spoken of first.
pub const SOON_DAYS: u32 = 30;
/// How many days before its end something is told; most first.
const DAYS: [u32; 3] = [SOON_DAYS, 7, 1];

/// What is due to be told at a moment: the least number of days that the time left lies within.
/// None where the end is further away.
pub fn due(end: Millis, now: Millis) -> Option<u32> {
    DAYS.into_iter()
        .filter(|days| end - now <= Millis::from(*days) * DAY)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_number_that_holds_is_due() {
        let check = |left: Millis, expected: Option<u32>| {
            assert_eq!(due(5 + left, 5), expected, "{left}");
        };
        check(31 * DAY, None);
        check(30 * DAY + 1, None);
        check(30 * DAY, Some(30));
        check(7 * DAY + 1, Some(30));
        check(7 * DAY, Some(7));
        check(DAY + 1, Some(7));
        check(DAY, Some(1));
        check(1, Some(1));
        check(-DAY, Some(1));
    }
}
