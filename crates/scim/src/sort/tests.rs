#![expect(clippy::unwrap_used, reason = "tests")]

use std::cmp::Ordering;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Number, Order, Sort, SortKey};
use crate::date_time::Moment;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Schema, Type};

fn registry() -> Registry {
    Registry::core().with_extension(
        Kind::User,
        Schema {
            id: "urn:example:all:1.0".into(),
            name: "All".into(),
            description: "Every type".into(),
            attributes: vec![
                Attribute::new("share", Type::Decimal, ""),
                Attribute::text("tags", "").multi_valued(),
            ],
        },
    )
}

fn sort(by: &str, order: &str) -> Sort {
    Sort::parse(
        &registry(),
        &[Kind::User],
        Mode::Strict,
        Some(by),
        Some(order),
    )
    .unwrap()
    .unwrap()
}

/// What `sortBy` resolves to in both modes: the attribute in canonical notation, `-` for ignored,
/// or the error.
#[track_caller]
fn check(by: &str, lenient: &str, strict: &str) {
    for (mode, expected) in [(Mode::Lenient, lenient), (Mode::Strict, strict)] {
        let told = match Sort::parse(&registry(), &[Kind::User], mode, Some(by), None) {
            Ok(Some(sort)) => sort.target.to_string(),
            Ok(None) => "-".to_owned(),
            Err(error) => format!("{} {}", error.status, error.scim_type.unwrap().as_str()),
        };
        assert_eq!(told, expected, "{by} {mode:?}");
    }
}

#[test]
fn across_types_a_name_with_its_schema_is_about_that_type_only() {
    let root = [Kind::User, Kind::Group];
    let key = |by: &str, kind: Kind| {
        let sort = Sort::parse(&registry(), &root, Mode::Strict, Some(by), None);
        let document = json!({ "displayName": "A", "meta": { "resourceType": kind.name() } });
        sort.unwrap().unwrap().key(&document)
    };
    let has = SortKey::Text("a".to_owned());
    for kind in root {
        assert_eq!(key("displayName", kind), has);
        let by = format!("{}:displayName", kind.core_urn().to_uppercase());
        assert_eq!(key(&by, kind), has);
        for other in root.into_iter().filter(|other| *other != kind) {
            assert_eq!(key(&by, other), SortKey::Missing);
        }
    }
}

#[test]
fn names_resolve_against_the_schema_table() {
    check("userName", "userName", "userName");
    check("USERNAME", "userName", "userName");
    check(
        "urn:ietf:params:scim:schemas:core:2.0:User:userName",
        "userName",
        "userName",
    );
    check("name.givenName", "name.givenName", "name.givenName");
    check("emails", "emails.value", "emails.value");
    check("emails.type", "emails.type", "emails.type");
    check(
        "share",
        "urn:example:all:1.0:share",
        "urn:example:all:1.0:share",
    );
    check("", "-", "-");
    check("name", "-", "400 invalidPath");
    check("urn:example:all:1.0", "-", "400 invalidPath");
    check("userName);DROP", "-", "400 invalidPath");
    check("password", "-", "400 invalidSyntax");
    check("nothing", "-", "400 invalidSyntax");
}

#[test]
fn at_the_root_any_type_may_have_the_attribute() {
    let both = |by| {
        Sort::parse(
            &registry(),
            &[Kind::Group, Kind::User],
            Mode::Strict,
            Some(by),
            None,
        )
    };
    assert_eq!(both("userName").unwrap().unwrap().target.name, "userName");
    assert_eq!(
        both("displayName").unwrap().unwrap().target.name,
        "displayName"
    );
    assert_eq!(both("nothing").unwrap_err().status, 400);
}

#[test]
fn directions() {
    for (text, lenient, strict) in [
        ("ascending", Some(Order::Ascending), Some(Order::Ascending)),
        (
            "descending",
            Some(Order::Descending),
            Some(Order::Descending),
        ),
        ("Descending", Some(Order::Descending), None),
        ("desc", None, None),
        ("", None, None),
    ] {
        assert_eq!(
            Order::parse(Mode::Lenient, Some(text)).ok(),
            lenient,
            "{text}"
        );
        assert_eq!(
            Order::parse(Mode::Strict, Some(text)).ok(),
            strict,
            "{text}"
        );
    }
    let error = Order::parse(Mode::Lenient, Some("<script>")).unwrap_err();
    assert!(!error.detail.contains("script"), "{}", error.detail);
}

/// The documents' `t` in the order of the sort.
#[track_caller]
fn check_order(by: &str, documents: &Value, ascending: &str) {
    for (order, expected) in [
        ("ascending", ascending.to_owned()),
        ("descending", ascending.chars().rev().collect()),
    ] {
        let sort = sort(by, order);
        let mut documents = documents.as_array().unwrap().clone();
        documents.sort_by(|one, other| sort.compare(&sort.key(one), &sort.key(other)));
        let told: String = documents
            .iter()
            .map(|one| one["t"].as_str().unwrap())
            .collect();
        assert_eq!(told, expected, "{by} {order}");
    }
}

#[test]
fn values_are_ordered_by_their_type() {
    check_order(
        "userName",
        &json!([{ "t": "c", "userName": "ſz" }, { "t": "b", "userName": "B" }, { "t": "a", "userName": "a" }]),
        "abc",
    );
    check_order(
        "externalId",
        &json!([{ "t": "b", "externalId": "a" }, { "t": "a", "externalId": "B" }]),
        "ab",
    );
    check_order(
        "active",
        &json!([{ "t": "b", "active": true }, { "t": "a", "active": false }]),
        "ab",
    );
    check_order(
        "meta.created",
        &json!([
            { "t": "b", "meta": { "created": "2030-01-01T00:30:00Z" } },
            { "t": "a", "meta": { "created": "2030-01-01T01:00:00+01:00" } },
        ]),
        "ab",
    );
    check_order(
        "share",
        &json!([
            { "t": "c", "urn:example:all:1.0": { "share": 10 } },
            { "t": "a", "urn:example:all:1.0": { "share": -1 } },
            { "t": "b", "urn:example:all:1.0": { "share": 9.5 } },
        ]),
        "abc",
    );
}

#[test]
fn lists_are_placed_by_their_primary_or_first_element() {
    check_order(
        "emails",
        &json!([
            { "t": "b", "emails": [{ "value": "b" }, { "value": "z" }] },
            { "t": "a", "emails": [{ "value": "z" }, { "value": "a", "primary": true }] },
        ]),
        "ab",
    );
    check_order(
        "tags",
        &json!([
            { "t": "b", "urn:example:all:1.0": { "tags": ["b", "a"] } },
            { "t": "a", "urn:example:all:1.0": { "tags": ["a", "z"] } },
        ]),
        "ab",
    );
}

#[test]
fn missing_values_are_last_and_descending_first() {
    for missing in [
        json!({ "t": "c" }),
        json!({ "t": "c", "title": null }),
        json!({ "t": "c", "title": "" }),
    ] {
        check_order(
            "title",
            &json!([missing, { "t": "b", "title": "z" }, { "t": "a", "title": "a" }]),
            "abc",
        );
    }
    check_order(
        "emails.type",
        &json!([{ "t": "b", "emails": [] }, { "t": "a", "emails": [{ "type": "work" }] }]),
        "ab",
    );
}

#[test]
fn long_text_is_cut_between_characters() {
    let long = json!({ "userName": "ß".repeat(2000) });
    let SortKey::Text(key) = sort("userName", "ascending").key(&long) else {
        panic!("text");
    };
    assert_eq!(key.len(), 1024);
    let exact = json!({ "externalId": "€".repeat(2000) });
    let SortKey::Text(key) = sort("externalId", "ascending").key(&exact) else {
        panic!("text");
    };
    assert_eq!(key.len(), 1023);
}

fn number() -> impl Strategy<Value = serde_json::Number> {
    let near = 1_i64 << 53;
    prop_oneof![
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        (near - 3..near + 3).prop_map(Into::into),
        (-3_i32..3).prop_map(|n| serde_json::Number::from_f64(f64::from(n) / 2.0).unwrap()),
        (near - 3..near + 3).prop_map(|n| {
            #[expect(clippy::cast_precision_loss, reason = "that is the point")]
            let float = n as f64;
            serde_json::Number::from_f64(float).unwrap()
        }),
        prop::num::f64::NORMAL.prop_map(|f| serde_json::Number::from_f64(f).unwrap()),
    ]
}

fn key() -> impl Strategy<Value = SortKey> {
    prop_oneof![
        any::<bool>().prop_map(SortKey::Boolean),
        number().prop_map(|number| SortKey::Number(Number::of(&number))),
        (0_i128..100).prop_map(|n| SortKey::Moment(Moment::from_nanoseconds(n).unwrap())),
        "[a-c]{0,3}".prop_map(SortKey::Text),
        Just(SortKey::Missing),
    ]
}

proptest! {
    #![proptest_config(crate::cases::many())]

    #[test]
    fn the_order_is_total(one in key(), two in key(), three in key()) {
        for sort in [sort("userName", "ascending"), sort("userName", "descending")] {
            prop_assert_eq!(sort.compare(&one, &two), sort.compare(&two, &one).reverse());
            prop_assert_eq!(sort.compare(&one, &two).is_eq(), one == two);
            if sort.compare(&one, &two).is_le() && sort.compare(&two, &three).is_le() {
                prop_assert!(sort.compare(&one, &three).is_le());
            }
        }
    }
}

proptest! {
    #[test]
    fn numbers_are_ordered_without_rounding(one in number(), two in number(), three in number()) {
        let [one, two, three] = [&one, &two, &three].map(Number::of);
        prop_assert_eq!(one.cmp(&two), two.cmp(&one).reverse());
        if one <= two && two <= three {
            prop_assert!(one <= three);
        }
        if one == two && two == three {
            prop_assert_eq!(one.cmp(&three), Ordering::Equal);
        }
    }

    #[test]
    fn any_value_has_a_place(text in "\\PC{0,20}", flag in any::<bool>(), number in any::<f64>()) {
        let sort = sort("meta.created", "ascending");
        for value in [json!(text), json!(flag), json!(number), json!([text]), json!({ "a": text })] {
            let _ = sort.key(&json!({ "meta": { "created": value } }));
        }
    }
}
