#![expect(clippy::unwrap_used, reason = "tests")]

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Cursor, Lifetime, MAC_BYTES, Position, base64};
use crate::date_time::Moment;
use crate::error::ScimType;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::Kind;
use crate::sort::{Number, Sort, SortKey};

const FOREVER: Lifetime = Lifetime {
    now: 1_000,
    seconds: None,
};

/// Stands in for a keyed MAC: different bytes or another key give something else.
fn mac(key: u64) -> impl Fn(&[u8]) -> [u8; MAC_BYTES] {
    move |bytes| {
        let mut tag = [0; MAC_BYTES];
        for (half, chunk) in tag.chunks_mut(8).enumerate() {
            let mut hasher = DefaultHasher::new();
            (key, half, bytes).hash(&mut hasher);
            chunk.copy_from_slice(&hasher.finish().to_be_bytes());
        }
        tag
    }
}

fn cursor(key: Option<SortKey>) -> Cursor {
    Cursor {
        after: Position {
            key,
            id: "0199aaaa-0000-7000-8000-000000000001".to_owned(),
        },
        count: 25,
        issued: 900,
    }
}

#[test]
fn every_key_survives() {
    let keys = [
        None,
        Some(SortKey::Missing),
        Some(SortKey::Boolean(false)),
        Some(SortKey::Boolean(true)),
        Some(SortKey::Number(Number::Whole(i128::from(u64::MAX)))),
        Some(SortKey::Number(Number::Fraction(-0.5))),
        Some(SortKey::Moment(
            Moment::read("9999-12-31T23:59:59.000000001Z").unwrap(),
        )),
        Some(SortKey::Text(String::new())),
        Some(SortKey::Text("ß".repeat(512))),
    ];
    for key in keys {
        let cursor = cursor(key);
        let text = cursor.write(b"query", mac(1));
        assert!(text.len() < 1_600, "{}", text.len());
        assert_eq!(Cursor::read(&text, b"query", mac(1), FOREVER), Ok(cursor));
    }
}

#[test]
fn what_is_not_ours_is_refused_in_one_way() {
    let own = cursor(None).write(b"query", mac(1));
    let mut short = own.clone();
    short.truncate(own.len() - 2);
    let texts = [
        ("another query", own.clone(), &b"other"[..]),
        ("cut", short, b"query"),
        ("longer", format!("{own}AA"), b"query"),
        ("padded", format!("{own}="), b"query"),
        ("a number", "9223372036854775808".to_owned(), b"query"),
        ("nothing", String::new(), b"query"),
        ("not ASCII", "ü".to_owned(), b"query"),
        ("huge", "A".repeat(100_000), b"query"),
    ];
    let told = |text: &str, binding: &[u8], key| {
        Cursor::read(text, binding, mac(key), FOREVER).unwrap_err()
    };
    let expected = told(&own, b"query", 2);
    assert_eq!(
        (expected.status, expected.scim_type),
        (400, Some(ScimType::InvalidCursor))
    );
    for (name, text, binding) in texts {
        assert_eq!(told(&text, binding, 1), expected, "{name}");
    }
}

#[test]
fn payload_and_query_do_not_run_into_each_other() {
    let mut moved = cursor(None);
    let text = moved.write(b"-and-more", mac(1));
    moved.after.id.push_str("-and");
    let tag = mac(1)(&super::authenticated(
        &super::payload::write(&moved),
        b"-more",
    ));
    let mut bytes = super::payload::write(&cursor(None));
    bytes.extend_from_slice(&tag);
    assert_ne!(base64::write(&bytes), text);
}

#[test]
fn lifetimes() {
    for (seconds, now, fine) in [
        (None, i64::MAX, true),
        (Some(100), 1_000, true),
        (Some(100), 1_001, false),
        (Some(0), 900, true),
        (Some(u64::MAX), i64::MAX, true),
        (Some(10), 0, true),
    ] {
        let text = cursor(None).write(b"", mac(1));
        let read = Cursor::read(&text, b"", mac(1), Lifetime { now, seconds });
        match read {
            Ok(_) => assert!(fine, "{seconds:?} {now}"),
            Err(error) => {
                assert_eq!(error.scim_type, Some(ScimType::ExpiredCursor));
                assert!(!fine, "{seconds:?} {now}");
            }
        }
    }
}

#[test]
fn the_page_size_stays() {
    let cursor = Cursor {
        count: 1_000,
        ..cursor(None)
    };
    for (asked, expected) in [
        (None, Ok(1_000)),
        (Some(1_000), Ok(1_000)),
        (Some(5_000), Ok(1_000)),
        (Some(10), Err(Some(ScimType::InvalidCount))),
        (Some(0), Err(Some(ScimType::InvalidCount))),
    ] {
        assert_eq!(
            cursor.count(asked).map_err(|error| error.scim_type),
            expected,
            "{asked:?}"
        );
    }
}

/// One page after another, each from the cursor that the one before gave.
fn walk(mut documents: Vec<Value>, sort: Option<&Sort>, page: usize) -> Vec<Value> {
    let place = |document: &Value| Position {
        key: sort.map(|sort| sort.key(document)),
        id: document["id"].as_str().unwrap().to_owned(),
    };
    let order = |one: &Position, other: &Position| {
        let by_key = match (sort, &one.key, &other.key) {
            (Some(sort), Some(one), Some(other)) => sort.compare(one, other),
            _ => std::cmp::Ordering::Equal,
        };
        by_key.then_with(|| one.id.cmp(&other.id))
    };
    documents.sort_by(|one, other| order(&place(one), &place(other)));
    let mut walked = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let after = cursor
            .take()
            .map(|text| Cursor::read(&text, b"q", mac(7), FOREVER).unwrap().after);
        let rest = documents.iter().filter(|one| {
            after
                .as_ref()
                .is_none_or(|after| order(&place(one), after).is_gt())
        });
        let found: Vec<Value> = rest.take(page).cloned().collect();
        let Some(last) = found.last() else {
            return walked;
        };
        let next = Cursor {
            after: place(last),
            count: page as u64,
            issued: 0,
        };
        cursor = Some(next.write(b"q", mac(7)));
        walked.extend(found);
    }
}

fn documents() -> impl Strategy<Value = Vec<Value>> {
    let one = (
        prop::option::of("[a-cA-C ]{0,2}"),
        prop::option::of(any::<bool>()),
    );
    prop::collection::vec(one, 0..40).prop_map(|list| {
        let document = |(index, (title, active)): (usize, (Option<String>, Option<bool>))| {
            json!({ "id": format!("{:02}", index * 37 % 100), "title": title, "active": active })
        };
        list.into_iter().enumerate().map(document).collect()
    })
}

fn any_key() -> impl Strategy<Value = Option<SortKey>> {
    let moment = |(seconds, part): (i64, i32)| {
        let count = i128::from(seconds) * 1_000_000_000 + i128::from(part);
        SortKey::Moment(Moment::from_nanoseconds(count).unwrap())
    };
    prop_oneof![
        Just(None),
        Just(Some(SortKey::Missing)),
        any::<bool>().prop_map(|flag| Some(SortKey::Boolean(flag))),
        any::<i64>().prop_map(|n| Some(SortKey::Number(Number::Whole(n.into())))),
        (-1e300..1e300_f64).prop_map(|n| Some(SortKey::Number(Number::Fraction(n)))),
        (-10_000_000_000_i64..10_000_000_000, 0_i32..1_000_000_000)
            .prop_map(move |at| Some(moment(at))),
        "\\PC{0,40}".prop_map(|text| Some(SortKey::Text(text))),
    ]
}

proptest! {
    #![proptest_config(crate::cases::many())]

    #[test]
    fn a_cursor_reads_as_it_was_written(
        key in any_key(),
        id in "[a-zA-Z/0-9-]{1,40}",
        count in 0_u64..=1_000,
        issued in any::<i64>(),
    ) {
        let cursor = Cursor { after: Position { key, id }, count, issued };
        let text = cursor.write(b"query", mac(7));
        prop_assert!(text.len() <= super::MAX_LENGTH);
        prop_assert_eq!(Cursor::read(&text, b"query", mac(7), FOREVER), Ok(cursor));
        prop_assert!(Cursor::read(&text, b"another", mac(7), FOREVER).is_err());
    }
}

proptest! {
    #[test]
    fn a_walk_over_all_pages_gives_the_whole_list_once(
        documents in documents(),
        page in 1_usize..7,
        by in prop::sample::select(vec!["", "title", "active", "id"]),
        order in prop::sample::select(vec!["ascending", "descending"]),
    ) {
        let sort = Sort::parse(&Registry::core(), &[Kind::User], Mode::Strict, Some(by), Some(order)).unwrap();
        let whole = walk(documents.clone(), sort.as_ref(), documents.len() + 1);
        prop_assert_eq!(whole.len(), documents.len());
        prop_assert_eq!(walk(documents, sort.as_ref(), page), whole);
    }

    #[test]
    fn base64_reads_what_it_writes(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
        let text = base64::write(&bytes);
        prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        prop_assert_eq!(base64::read(&text), Some(bytes));
    }

    #[test]
    fn base64_has_one_text_for_the_same_bytes(text in "[A-Za-z0-9_-]{0,20}") {
        if let Some(bytes) = base64::read(&text) {
            prop_assert_eq!(base64::write(&bytes), text);
        }
    }

    #[test]
    fn any_payload_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Some(cursor) = super::payload::read(&bytes) {
            let again = super::payload::read(&super::payload::write(&cursor));
            prop_assert_eq!(again.map(|read| read.after.id), Some(cursor.after.id));
        }
    }

    #[test]
    fn a_changed_character_is_noticed(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
        let own = cursor(Some(SortKey::Text("key".to_owned()))).write(b"q", mac(3));
        let at = at.index(own.len());
        let mut changed = own.clone();
        changed.replace_range(at..=at, &to);
        let read = Cursor::read(&changed, b"q", mac(3), FOREVER);
        prop_assert_eq!(read.is_ok(), changed == own);
    }
}
