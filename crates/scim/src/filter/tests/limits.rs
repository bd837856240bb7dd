//! The limits are decided while reading.

use super::{parse, refused};
use crate::filter::{MAX_DEPTH, MAX_LENGTH, MAX_NODES};
use crate::mode::Mode;
use crate::schema::Kind;

#[track_caller]
fn check(text: &str, limit: usize) {
    let detail = refused(Kind::User, Mode::Lenient, text);
    assert!(detail.contains(&format!("limit of {limit}")), "{detail}");
}

#[test]
fn beyond_the_limit_is_refused() {
    check(&"(".repeat(8000), MAX_DEPTH);
    check(&"not (".repeat(1600), MAX_DEPTH);
    check(&"(".repeat(10_000), MAX_LENGTH);
    check(
        &format!("title eq \"{}\"", "x".repeat(MAX_LENGTH)),
        MAX_LENGTH,
    );
    check(&vec!["title pr"; 500].join(" or "), MAX_NODES);
    check(&vec!["title pr"; MAX_NODES].join(" and "), MAX_NODES);
}

#[test]
fn at_the_limit_is_taken() {
    let deep = format!("{}title pr{}", "(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH));
    parse(Kind::User, Mode::Strict, &deep);
    parse(
        Kind::User,
        Mode::Strict,
        &vec!["title pr"; MAX_NODES - 1].join(" and "),
    );
}
