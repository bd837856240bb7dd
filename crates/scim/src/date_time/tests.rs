#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::Moment;

/// A text, and the moment that it is in UTC; `None` when it is none.
#[track_caller]
fn check(text: &str, expected: Option<&str>) {
    let told = Moment::read(text).map(|moment| moment.to_string());
    assert_eq!(told.as_deref(), expected, "{text}");
}

#[test]
fn date_and_time_with_or_without_offset() {
    let noon = Some("2008-01-23T12:00:00Z");
    check("2008-01-23T12:00:00Z", noon);
    check("2008-01-23t12:00:00z", noon);
    check("2008-01-23T12:00:00.000Z", noon);
    check("2008-01-23T12:00:00", noon);
    check("2008-01-23T14:00:00+02:00", noon);
    check("2008-01-22T22:00:00-14:00", noon);
    check("2008-01-24T02:00:00+14:00", noon);
    check("2008-02-29T00:00:00Z", Some("2008-02-29T00:00:00Z"));
    check("2000-02-29T00:00:00Z", Some("2000-02-29T00:00:00Z"));
    check("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00Z"));
    check("1969-12-31T23:59:59.5Z", Some("1969-12-31T23:59:59.5Z"));
    check("2007-12-31T24:00:00Z", Some("2008-01-01T00:00:00Z"));
    check("2007-12-31T24:00:00.00Z", Some("2008-01-01T00:00:00Z"));
    check(
        "2008-01-23T12:00:00.1234567891234Z",
        Some("2008-01-23T12:00:00.123456789Z"),
    );
    check(&format!("2008-01-23T12:00:00.{}Z", "0".repeat(64)), noon);
}

#[test]
fn years_have_four_digits() {
    for same in [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999999999Z",
        "0001-01-01T00:00:00Z",
        "0004-02-29T00:00:00Z",
    ] {
        check(same, Some(same));
    }
    let (first, last) = (Moment::MIN.to_string(), Moment::MAX.to_string());
    assert_eq!(first, "0001-01-01T00:00:00Z");
    check("9999-12-31T23:59:59.999999999-00:01", Some(&last));
    check("9999-12-31T24:00:00Z", Some(&last));
    check("0001-01-01T00:00:00+00:01", Some(&first));
}

#[test]
fn everything_else_is_none() {
    for text in [
        "",
        "yesterday at T",
        "2008-01-23",
        "2008-01-23 12:00:00Z",
        "2008-01-23T12Z",
        "2008-01-23T12:00Z",
        "2008-01-23T120000Z",
        "2008-01-23T12:00:00[UTC]",
        "2008-01-23T12:00:00Z[UTC]",
        "2008-01-23T12:00:00.Z",
        "2008-01-23T12:00:00,5Z",
        "2008-01-23T12:00:00+0200",
        "2008-01-23T12:00:00+02",
        "2008-01-23T12:00:00+14:30",
        "2008-01-23T12:00:00+15:00",
        "2008-01-23T12:00:00Z ",
        "2008-01-23T12:00:60Z",
        "2008-01-23T12:60:00Z",
        "2008-01-23T24:00:01Z",
        "2008-01-23T24:00:00.1Z",
        "2008-02-30T12:00:00Z",
        "2007-02-29T12:00:00Z",
        "1900-02-29T12:00:00Z",
        "2008-13-01T12:00:00Z",
        "2008-00-01T12:00:00Z",
        "2008-01-00T12:00:00Z",
        "208-01-23T12:00:00Z",
        "02008-01-23T12:00:00Z",
        "+2008-01-23T12:00:00Z",
        "10000-01-01T00:00:00Z",
        "0000-02-29T00:00:00Z",
        "-0044-03-15T12:00:00Z",
        "２008-01-23T12:00:00Z",
    ] {
        check(text, None);
    }
}

#[test]
fn counts() {
    let read = |text| Moment::read(text).unwrap();
    let half = read("1969-12-31T23:59:59.5Z");
    assert_eq!(half.whole_milliseconds(), Some(-500));
    assert_eq!(half.nanoseconds(), -500_000_000);
    assert_eq!(read("1970-01-01T00:00:00.0001Z").whole_milliseconds(), None);
    let end = read("9999-12-31T23:59:59Z").whole_milliseconds();
    assert_eq!(end, Some(253_402_300_799_000));
    assert!(Moment::MAX > read("9999-12-31T23:59:59Z"));
    for edge in [Moment::MIN, Moment::MAX] {
        assert_eq!(Moment::from_nanoseconds(edge.nanoseconds()), Some(edge));
    }
    assert_eq!(
        Moment::from_nanoseconds(Moment::MAX.nanoseconds() + 1),
        None
    );
    assert_eq!(
        Moment::from_nanoseconds(Moment::MIN.nanoseconds() - 1),
        None
    );
    assert_eq!(Moment::from_nanoseconds(i128::MAX), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        nanoseconds in Moment::MIN.nanoseconds()..=Moment::MAX.nanoseconds(),
    ) {
        let moment = Moment::from_nanoseconds(nanoseconds).unwrap();
        prop_assert_eq!(Moment::read(&moment.to_string()), Some(moment));
    }

    #[test]
    fn the_calendar_has_every_day_once(day in -800_000_000_i64..800_000_000) {
        let (year, month, first) = super::date(day);
        prop_assert_eq!(super::days(year, month, first), day);
        prop_assert!(super::date(day + 1) > super::date(day));
    }
}
