//! Values that are easily got wrong, and few enough to meet again.

use scim::schema::Type;
use serde_json::{Value, json};

use super::super::random::Random;

/// Wildcards, quotes, case, compatibility forms, the edges of UTF-8 and of UTF-16.
pub(super) const TEXTS: &[&str] = &[
    "a",
    "A",
    "ann",
    "Ann@Example.com",
    "ann@example.com",
    "ann@home.org",
    "work",
    "home",
    "Work",
    "b%",
    "b_x",
    "50%_off@x.org",
    "o\"neil\\",
    "it's; --",
    "Straße",
    "STRASSE",
    "é",
    "e\u{301}",
    "ﬁn",
    "fin",
    "\u{212a}elvin",
    "kelvin",
    "ı",
    "İ",
    "ａｂ",
    "ab",
    "a\u{200b}",
    " ",
    "a b",
    "true",
    "null",
    "0",
    "10",
    "9",
    "\u{d7ff}",
    "\u{e000}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{1f600}",
    "z\u{10ffff}",
    "zz",
];

const MOMENTS: &[&str] = &[
    "2026-01-01T00:00:00.123Z",
    "2026-01-01T01:00:00.123+01:00",
    "2026-01-01T00:00:00.1234567Z",
    "2026-01-01T00:01:00.123Z",
    "2026-01-01T00:03:00.123Z",
    "2026-01-01T00:03:00Z",
    "1969-12-31T23:59:59.5Z",
    "2026-01-01T00:00:00",
    "2025-12-31T24:00:00Z",
    "2026-01-01T00:00:00.12300000000000Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.9999999-14:00",
    "0001-01-01T00:00:00+14:00",
];

const WHOLE: &[i64] = &[0, 1, -1, 5, 10, 9_007_199_254_740_993, i64::MAX, i64::MIN];

const BINARY: &[&str] = &["", "YQ==", "YWI=", "eQ==", "WVE="];

const REFERENCES: &[&str] = &[
    "https://example.com/a",
    "https://example.com/A",
    "../Users/1",
    "urn:example:x",
];

/// A value of this type.
pub(super) fn value(kind: Type, random: &mut Random) -> Value {
    match kind {
        Type::Boolean => json!(random.once_in(2)),
        Type::Integer => json!(random.one(WHOLE)),
        Type::Decimal => decimal(random),
        Type::DateTime => json!(random.one(MOMENTS)),
        Type::Binary => json!(random.one(BINARY)),
        Type::Reference => json!(random.one(REFERENCES)),
        Type::String | Type::Complex => json!(text(random)),
    }
}

fn decimal(random: &mut Random) -> Value {
    match random.below(4) {
        0 => json!(random.one(WHOLE)),
        1 => json!(0.5),
        2 => json!(-0.25),
        _ => json!(1e300),
    }
}

/// Now and then empty.
pub(super) fn text(random: &mut Random) -> String {
    match random.below(40) {
        0 => String::new(),
        _ => random.one(TEXTS).to_owned(),
    }
}

/// Longer than what is kept of a sort key.
pub(super) fn long(random: &mut Random) -> String {
    format!("{}{}", "long ".repeat(210), random.one(&["a", "b", "B"]))
}

/// Something near this text: a part of it, or in another case.
pub(super) fn near(text: &str, random: &mut Random) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = random.below(letters.len() + 1);
    match random.below(6) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => letters[..at].iter().collect(),
        3 => letters[at..].iter().collect(),
        4 => letters[at..].iter().take(2).collect(),
        _ => format!("{text}{}", random.one(&["x", "%", "\u{10ffff}"])),
    }
}
