#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn ranges_hold_their_addresses() {
    let check = |range: &str, inside: &[&str], outside: &[&str]| {
        let read: Range = range.parse().unwrap();
        assert_eq!(read.to_string(), range);
        for address in inside {
            assert!(read.contains(address.parse().unwrap()), "{range} {address}");
        }
        for address in outside {
            assert!(
                !read.contains(address.parse().unwrap()),
                "{range} {address}"
            );
        }
    };
    check(
        "203.0.113.7",
        &["203.0.113.7", "::ffff:203.0.113.7"],
        &["203.0.113.6", "::1"],
    );
    check(
        "203.0.113.0/24",
        &["203.0.113.0", "203.0.113.255"],
        &["203.0.114.0", "2001:db8::1"],
    );
    check("10.0.0.0/8", &["10.255.0.1"], &["11.0.0.0"]);
    check("0.0.0.0/0", &["1.2.3.4", "255.255.255.255"], &["::1"]);
    check(
        "2001:db8::/32",
        &["2001:db8:ffff::1"],
        &["2001:db9::", "10.0.0.1"],
    );
    check("::/0", &["::1", "2001:db8::"], &["10.0.0.1"]);
    check("2001:db8::1", &["2001:db8::1"], &["2001:db8::2"]);
}

#[test]
fn what_is_no_range_says_what_would_be() {
    let check = |text: &str, expected: RangeError| {
        assert_eq!(text.parse::<Range>(), Err(expected), "{text}");
    };
    for text in [
        "",
        "x",
        "10.0.0",
        "10.0.0.0/",
        "10.0.0.0/x",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "/8",
    ] {
        check(text, RangeError::Malformed);
    }
    check("10.0.0.0/33", RangeError::TooLong);
    check("::/129", RangeError::TooLong);
    check("10.0.0.0/999", RangeError::TooLong);
    check("10.0.0.1/8", RangeError::Loose);
    check("2001:db8::1/32", RangeError::Loose);
    check("1.0.0.0/0", RangeError::Loose);
}

#[test]
fn a_range_lies_within_a_wider_one() {
    let check = |inner: &str, outer: &str, expected: bool| {
        let (inner, outer): (Range, Range) = (inner.parse().unwrap(), outer.parse().unwrap());
        assert_eq!(inner.lies_within(&outer), expected, "{inner} {outer}");
    };
    check("10.0.0.1", "10.0.0.0/8", true);
    check("10.0.0.0/8", "10.0.0.0/8", true);
    check("10.0.0.0/8", "10.0.0.0/9", false);
    check("10.128.0.0/9", "10.0.0.0/9", false);
    check("10.0.0.0/8", "0.0.0.0/0", true);
    check("0.0.0.0/0", "10.0.0.0/8", false);
    check("2001:db8::1", "2001:db8::/32", true);
    check("2001:db8::/32", "2001:db8::1", false);
    check("::ffff:10.0.0.0/104", "10.0.0.0/8", false);
    check("10.0.0.1", "::/0", false);
}
