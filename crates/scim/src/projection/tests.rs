#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Projection;
use crate::error::ScimType;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Returned, Schema};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const SECRETS: &str = "urn:example:secrets:1.0";

/// The core, and an extension with every `returned`.
fn registry() -> Registry {
    let returned = |name, returned| Attribute {
        returned,
        ..Attribute::text(name, "")
    };
    Registry::core().with_extension(
        Kind::User,
        Schema {
            id: SECRETS.into(),
            name: "Secrets".into(),
            description: "Every returned".into(),
            attributes: vec![
                returned("badge", Returned::Always),
                returned("pin", Returned::Never),
                returned("note", Returned::Request),
            ],
        },
    )
}

fn person() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "1",
        "userName": "ada",
        "name": { "familyName": "L", "givenName": "A" },
        "emails": [{ "value": "a@x", "type": "work" }, { "value": "b@x" }],
        "roles": [],
        "meta": { "version": "W/\"1\"" },
        ENTERPRISE: { "department": "D", "manager": { "value": "m", "$ref": "r" } },
        SECRETS: { "badge": "b", "pin": "p", "note": "n" },
    })
}

fn only(list: &str) -> Projection {
    Projection::parse(&registry(), Kind::User, Mode::Lenient, Some(list), None).unwrap()
}

fn without(list: &str) -> Projection {
    Projection::parse(&registry(), Kind::User, Mode::Lenient, None, Some(list)).unwrap()
}

#[track_caller]
fn check(projection: &Projection, expected: Value) {
    let mut document = person();
    projection.apply(&mut document);
    assert_eq!(document, expected);
}

#[test]
fn attributes_keep_the_named_and_the_always_returned() {
    let always = |mut more: Value| {
        more["schemas"] = person()["schemas"].clone();
        more["id"] = json!("1");
        if more.get(SECRETS).is_none() {
            more[SECRETS] = json!({ "badge": "b" });
        }
        more
    };
    let cases = [
        ("userName", json!({ "userName": "ada" })),
        ("USERNAME, nothing,", json!({ "userName": "ada" })),
        ("nothing", json!({})),
        ("name.givenName", json!({ "name": { "givenName": "A" } })),
        (
            "name.givenName,name",
            json!({ "name": { "familyName": "L", "givenName": "A" } }),
        ),
        ("emails.type", json!({ "emails": [{ "type": "work" }] })),
        ("emails.display", json!({})),
        ("roles", json!({ "roles": [] })),
        ("department", json!({ ENTERPRISE: { "department": "D" } })),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value",
            json!({ ENTERPRISE: { "manager": { "value": "m" } } }),
        ),
        (
            ENTERPRISE,
            json!({ ENTERPRISE: { "department": "D", "manager": { "value": "m", "$ref": "r" } } }),
        ),
        ("note", json!({ SECRETS: { "badge": "b", "note": "n" } })),
        ("pin", json!({})),
        (SECRETS, json!({ SECRETS: { "badge": "b" } })),
    ];
    for (list, more) in cases {
        check(&only(list), always(more));
    }
}

#[test]
fn excluded_attributes_go_unless_always_returned() {
    let mut whole = person();
    whole[SECRETS] = json!({ "badge": "b" });
    let less = |paths: &[&str]| {
        let mut document = whole.clone();
        for path in paths {
            let (parent, name) = path.rsplit_once('/').unwrap();
            let parent = document.pointer_mut(parent).unwrap();
            parent.as_object_mut().unwrap().shift_remove(name);
        }
        document
    };
    let cases = [
        ("id,schemas,badge,nothing", less(&[])),
        ("", less(&[])),
        (" , ,", less(&[])),
        ("emails,Meta", less(&["/emails", "/meta"])),
        ("emails.type", less(&["/emails/0/type"])),
        ("emails.value", {
            let mut document = less(&[]);
            document["emails"] = json!([{ "type": "work" }]);
            document
        }),
        ("name.familyName,name.givenName", less(&["/name"])),
        (ENTERPRISE, less(&[&format!("/{ENTERPRISE}")])),
        (SECRETS, less(&[])),
        ("manager,department", less(&[&format!("/{ENTERPRISE}")])),
    ];
    for (list, expected) in cases {
        check(&without(list), expected);
    }
}

#[test]
fn what_is_answered_on_request_only_is_revealed_when_written() {
    let mut projection = without("");
    projection.reveal(&registry(), Kind::User, "note");
    projection.reveal(&registry(), Kind::User, "pin");
    let mut expected = person();
    expected[SECRETS] = json!({ "badge": "b", "note": "n" });
    check(&projection, expected);
}

#[test]
fn callers_learn_what_must_be_loaded() {
    let group = |attributes, excluded| {
        Projection::parse(
            &Registry::core(),
            Kind::Group,
            Mode::Strict,
            attributes,
            excluded,
        )
        .unwrap()
    };
    let cases = [
        (group(None, None), true, true),
        (group(Some("members.value"), None), true, false),
        (group(Some("displayName"), None), false, false),
        (group(None, Some("members")), false, false),
        (group(None, Some("Members.display")), true, false),
        (group(Some(" "), Some("")), true, true),
    ];
    for (projection, wants, whole) in cases {
        assert_eq!(projection.wants("members"), wants, "{projection:?}");
        assert_eq!(projection.is_whole(), whole, "{projection:?}");
    }
}

#[test]
fn refusals() {
    let parse = |mode, attributes, excluded| {
        Projection::parse(&registry(), Kind::User, mode, attributes, excluded)
            .map_err(|error| error.scim_type.unwrap())
    };
    let both = parse(Mode::Lenient, Some("id"), Some("meta"));
    assert_eq!(both, Err(ScimType::InvalidValue));
    for (list, problem) in [
        ("nothing", ScimType::InvalidSyntax),
        ("a..b", ScimType::InvalidPath),
        ("userName,members", ScimType::InvalidSyntax),
    ] {
        assert_eq!(
            parse(Mode::Strict, Some(list), None),
            Err(problem),
            "{list}"
        );
        assert_eq!(
            parse(Mode::Strict, None, Some(list)),
            Err(problem),
            "{list}"
        );
        assert!(parse(Mode::Lenient, Some(list), None).is_ok());
    }
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing_more(names in prop::collection::vec(
        prop::sample::select(vec![
            "id", "name.givenName", "emails.type", "emails", "roles", "manager.value", ENTERPRISE,
            SECRETS, "note", "x.y",
        ]), 0..4), exclude in any::<bool>()) {
        let list = names.join(",");
        let projection = if exclude { without(&list) } else { only(&list) };
        let mut once = person();
        projection.apply(&mut once);
        let mut twice = once.clone();
        projection.apply(&mut twice);
        prop_assert_eq!(&twice["id"], &json!("1"));
        prop_assert_eq!(once, twice);
    }
}
