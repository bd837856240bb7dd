//! The one reader of `xsd:dateTime`: of stored values, of literals in filters, of places in an order.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// An `xsd:dateTime` (RFC 7643 section 2.3.5) as a moment; without an offset it is UTC.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    // jiff reads more than the RFC has: a date alone, a space for the T, a bracketed zone.
    if bytes.len() > 64 || !matches!(bytes.get(10), Some(b'T' | b't')) || text.contains('[') {
        return None;
    }
    text.parse::<Timestamp>().ok().or_else(|| {
        let local = text.parse::<DateTime>().ok()?;
        let has_offset = text[11..].contains(['Z', 'z', '+', '-']);
        (!has_offset)
            .then(|| local.to_zoned(TimeZone::UTC).ok())
            .flatten()
            .map(|zoned| zoned.timestamp())
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::read;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let moment = expected.map(|text| text.parse().unwrap());
        assert_eq!(read(text), moment, "{text}");
    }

    #[test]
    fn date_and_time_with_or_without_offset() {
        let noon = Some("2008-01-23T12:00:00Z");
        check("2008-01-23T12:00:00Z", noon);
        check("2008-01-23t12:00:00z", noon);
        check("2008-01-23T12:00:00.000Z", noon);
        check("2008-01-23T12:00:00", noon);
        check("2008-01-23T14:00:00+02:00", noon);
        check("2008-01-23", None);
        check("2008-01-23 12:00:00Z", None);
        check("2008-01-23T12:00:00[UTC]", None);
        check("2008-01-23T12:00:00Z[UTC]", None);
        check("2008-02-30T12:00:00Z", None);
        check("yesterday at T", None);
        check("", None);
        check(&format!("2008-01-23T12:00:00.{}Z", "0".repeat(64)), None);
    }
}
