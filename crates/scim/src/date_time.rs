//! The one reader of `xsd:dateTime`: of stored values, of literals in filters, of places in an
//! order.

mod grammar;
#[cfg(test)]
mod tests;

use std::fmt;

const SECONDS_OF_A_DAY: i64 = 86_400;
const NANOSECONDS: i128 = 1_000_000_000;

/// A point in time, to the nanosecond, of the years 1 to 9999. What an offset moves out of them
/// counts as the first or the last.
///
/// Directories write `9999-12-31T23:59:59Z` for "never", where the types of most clocks have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Since 1970-01-01T00:00:00Z, rounded down.
    seconds: i64,
    /// Below 10^9.
    nanoseconds: u32,
}

impl Moment {
    /// The first one.
    pub const MIN: Moment = Moment {
        seconds: days(1, 1, 1) * SECONDS_OF_A_DAY,
        nanoseconds: 0,
    };
    /// The last one.
    pub const MAX: Moment = Moment {
        seconds: days(grammar::MAX_YEAR + 1, 1, 1) * SECONDS_OF_A_DAY - 1,
        nanoseconds: 999_999_999,
    };

    /// Reads an `xsd:dateTime`: `2030-01-31T08:00:00Z`, with an offset of up to 14 hours in place of
    /// the `Z`, and with a fraction of any length, of which nine digits count. Without an offset it
    /// is UTC. Case is ignored, as the RFC has it. `None` for everything else.
    pub fn read(text: &str) -> Option<Moment> {
        let read = grammar::read(text)?;
        let days = days(read.year, read.month, read.day);
        let seconds = days * SECONDS_OF_A_DAY + read.second_of_day - read.offset;
        let moment = Moment {
            seconds,
            nanoseconds: read.nanoseconds,
        };
        Some(moment.clamp(Moment::MIN, Moment::MAX))
    }

    /// A count of nanoseconds since 1970-01-01T00:00:00Z; `None` outside of the years.
    pub fn from_nanoseconds(count: i128) -> Option<Moment> {
        let moment = Moment {
            seconds: i64::try_from(count.div_euclid(NANOSECONDS)).ok()?,
            nanoseconds: u32::try_from(count.rem_euclid(NANOSECONDS)).ok()?,
        };
        (Moment::MIN..=Moment::MAX)
            .contains(&moment)
            .then_some(moment)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub fn nanoseconds(self) -> i128 {
        i128::from(self.seconds) * NANOSECONDS + i128::from(self.nanoseconds)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; `None` where there is a part of one.
    pub fn whole_milliseconds(self) -> Option<i64> {
        let milliseconds = self.seconds * 1_000 + i64::from(self.nanoseconds / 1_000_000);
        self.nanoseconds
            .is_multiple_of(1_000_000)
            .then_some(milliseconds)
    }
}

/// In UTC; reading it gives the same moment.
impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.seconds.div_euclid(SECONDS_OF_A_DAY));
        let second = self.seconds.rem_euclid(SECONDS_OF_A_DAY);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(
            out,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanoseconds > 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(out, ".{}", fraction.trim_end_matches('0'))?;
        }
        out.write_str("Z")
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. The year is taken to begin in March,
/// so that the day of a leap year is its last; 400 years have 146,097 days.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

/// The opposite of [`days`].
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
