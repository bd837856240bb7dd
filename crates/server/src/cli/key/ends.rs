//! When a key ends, as it is written on the command line.

use app::{keys::Ends, port::Millis, representation::parse_time};

const DAY: Millis = 24 * 60 * 60 * 1_000;

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum When {
    /// After so many days.
    Days(u32),
    /// Then.
    At(Millis),
    /// Never.
    Never,
}

/// Reads `90d`, `2027-01-31`, a time of RFC 3339, or `never`.
///
/// # Errors
/// What would be right.
pub(super) fn parse(text: &str) -> Result<When, String> {
    if text == "never" {
        return Ok(When::Never);
    }
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
    if let Some(days) = days.filter(|days| (1..=36_500).contains(days)) {
        return Ok(When::Days(days));
    }
    let midnight = format!("{text}T00:00:00Z");
    parse_time(text)
        .or_else(|| parse_time(&midnight))
        .map(When::At)
        .ok_or_else(|| {
            "write days as in 90d, a date as in 2027-01-31, a time as in 2027-01-31T12:00:00Z, or \
             never"
                .to_owned()
        })
}

/// The end of a key that is made or rotated now.
pub(super) fn from_now(when: Option<When>, now: Millis) -> Ends {
    match when {
        None => Ends::Usual,
        Some(When::Days(days)) => Ends::At(now + Millis::from(days) * DAY),
        Some(When::At(at)) => Ends::At(at),
        Some(When::Never) => Ends::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_read() {
        let check = |text: &str, expected: Option<When>| {
            assert_eq!(parse(text).ok(), expected, "{text}");
        };
        check("never", Some(When::Never));
        check("90d", Some(When::Days(90)));
        check("1970-01-02", Some(When::At(DAY)));
        check("1970-01-01T01:00:00+01:00", Some(When::At(0)));
        for wrong in ["", "d", "0d", "-1d", "90", "1e9d", "tomorrow", "2027-13-01"] {
            check(wrong, None);
        }
    }
}
