#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{MAX_TAGS, Preconditions, Version};

#[test]
fn tags_are_weak_and_ignore_the_order_of_groups() {
    assert_eq!(Version(12).to_string(), "W/\"12\"");
    assert_eq!(Version(12).with_groups([]).to_string(), "W/\"12\"");
    let tag = Version(12).with_groups(["a", "b"]);
    assert_eq!(tag, Version(12).with_groups(["b", "a"]));
    assert_ne!(tag, Version(12).with_groups(["a"]));
    assert_ne!(tag, Version(13).with_groups(["a", "b"]));
    assert_eq!(
        tag.to_string(),
        "W/\"12.5ec7bb990c03de31\"",
        "the same in every release"
    );
}

/// Against version 12: `expected` is the status, 412 or 200.
fn check_if_match(header: &str, expected: u16) {
    let status = Preconditions::parse(Some(header), None)
        .and_then(|conditions| conditions.check_match(Version(12)))
        .map_or_else(|error| error.status, |()| 200);
    assert_eq!(status, expected, "If-Match: {header}");
}

#[test]
fn if_match() {
    check_if_match("*", 200);
    check_if_match("W/\"12\"", 200);
    check_if_match("\"12\"", 200);
    check_if_match("\"12.0123456789abcdef\"", 200);
    check_if_match("W/\"1\", \"12\"", 200);
    check_if_match("W/\"1\",W/\"2\"", 412);
    check_if_match("W/\"012\"", 412);
    check_if_match("W/\"a,b\"", 412);
    check_if_match("W/\"\"", 412);
    check_if_match("", 400);
    check_if_match("12", 400);
    check_if_match("W/12", 400);
    check_if_match("w/\"12\"", 400);
    check_if_match("W/\"12", 400);
    check_if_match("\"12\",", 400);
    check_if_match("\"12\" \"13\"", 400);
    check_if_match("*, \"12\"", 400);
    check_if_match("\"1 2\"", 400);
    check_if_match(&vec!["\"1\""; MAX_TAGS].join(","), 412);
    check_if_match(&vec!["\"12\""; MAX_TAGS + 1].join(","), 400);
}

#[test]
fn if_none_match_looks_at_the_groups_too() {
    let tag = Version(12).with_groups(["a"]);
    let none_match =
        |header: Option<&str>| Preconditions::parse(None, header).unwrap().none_match(tag);
    assert!(none_match(None));
    assert!(
        none_match(Some("W/\"12\"")),
        "the user joined a group since"
    );
    assert!(!none_match(Some("*")));
    assert!(!none_match(Some(&tag.to_string())));
    assert!(!none_match(Some(tag.to_string().trim_start_matches("W/"))));
    assert!(Preconditions::parse(None, Some("x")).is_err());
    assert!(Preconditions::default().check_match(Version(1)).is_ok());
}

proptest! {
    #[test]
    fn no_header_panics(header in "\\PC{0,40}") {
        let _ = Preconditions::parse(Some(&header), Some(&header));
    }

    #[test]
    fn own_tags_are_recognized(version in any::<u64>(), ids in prop::collection::vec("[a-f0-9-]{1,36}", 0..4)) {
        let tag = Version(version).with_groups(ids.iter().map(String::as_str));
        let header = tag.to_string();
        let conditions = Preconditions::parse(Some(&header), Some(&header)).unwrap();
        prop_assert!(conditions.check_match(Version(version)).is_ok());
        prop_assert!(!conditions.none_match(tag));
    }
}
