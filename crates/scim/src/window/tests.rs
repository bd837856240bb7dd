use proptest::prelude::*;

use super::{MAX_COUNT, MAX_START, Window};
use crate::error::ScimType;

fn check(start_index: Option<&str>, count: Option<&str>, expected: Option<(u64, u64)>) {
    match (Window::parse(start_index, count), expected) {
        (Ok(window), Some(expected)) => {
            assert_eq!(
                (window.start_index, window.count),
                expected,
                "{start_index:?} {count:?}"
            );
        }
        (Err(error), None) => {
            assert_eq!(
                (error.status, error.scim_type),
                (400, Some(ScimType::InvalidValue))
            );
        }
        (result, _) => panic!("{start_index:?} {count:?}: {result:?}"),
    }
}

#[test]
fn windows() {
    check(None, None, Some((1, MAX_COUNT)));
    check(Some("1"), Some("2"), Some((1, 2)));
    check(Some("101"), Some("100"), Some((101, 100)));
    check(Some("0"), Some("0"), Some((1, 0)));
    check(Some("-5"), Some("-1"), Some((1, 0)));
    check(
        Some("9223372036854775808"),
        Some("1000000000"),
        Some((MAX_START, MAX_COUNT)),
    );
    check(
        Some(&"9".repeat(100)),
        Some(&"9".repeat(100)),
        Some((MAX_START, MAX_COUNT)),
    );
    check(
        Some(&format!("-{}", "9".repeat(100))),
        None,
        Some((1, MAX_COUNT)),
    );
    check(Some("007"), None, Some((7, MAX_COUNT)));
    check(Some("one"), None, None);
    check(Some(""), None, None);
    check(Some("1.5"), None, None);
    check(Some("1e3"), None, None);
    check(Some("--1"), None, None);
    check(None, Some("-"), None);
    check(None, Some(" 1"), None);
    check(None, Some("٣"), None);
}

proptest! {
    #[test]
    fn every_window_is_in_bounds(start_index in "\\PC{0,20}|-?[0-9]{1,25}", count in "-?[0-9]{1,25}") {
        if let Ok(window) = Window::parse(Some(&start_index), Some(&count)) {
            prop_assert!(window.start_index >= 1 && window.count <= MAX_COUNT);
prop_assert!(i64::try_from(window.start_index).is_ok());
        }
    }
}
