use serde_json::{Value, json};

use super::{ENTERPRISE_URN, Kind, Mode, USER_URN, read_with_defaults, user};
use crate::error::ScimType;
use crate::registry::Registry;
use crate::resource::{Resource, read, replace};
use crate::schema::{Attribute, Schema};

#[test]
fn active_on_create() {
    let created = |kind: Kind, body: Value| {
        read_with_defaults(kind, Mode::Lenient, body)
            .unwrap()
            .for_create()
            .0
    };
    assert!(created(Kind::User, json!({})).active());
    assert!(!created(Kind::User, json!({"active": false})).active());
    assert_eq!(
        created(Kind::User, json!({"active": null})).get("active"),
        None
    );
    assert_eq!(created(Kind::Group, json!({})).get("active"), None);
    let full = created(
        Kind::User,
        json!({"emails": [{"value": "a@x"}], "title": "Boss"}),
    );
    let names: Vec<_> = full.attributes.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["userName", "title", "active", "emails"],
        "in canonical order"
    );
}

/// PUT of `body` over a document with `before`; `expected` is what is left beside userName.
fn check(before: Value, body: Value, expected: &Value) {
    let put = read_with_defaults(Kind::User, Mode::Lenient, body.clone()).unwrap();
    let (after, members) = replace(&user(before.clone()), put).unwrap();
    let mut attributes = after.attributes;
    attributes.shift_remove("userName");
    assert_eq!(&Value::Object(attributes), expected, "{before} then {body}");
    assert_eq!(members, None);
}

#[test]
fn put_clears_what_it_leaves_out_except_active() {
    let before = || {
        json!({
            "externalId": "E",
            "title": "Boss",
            "active": false,
            "emails": [{"value": "a@x"}],
            ENTERPRISE_URN: {"department": "IT", "division": "D"},
        })
    };
    check(before(), json!({}), &json!({"active": false}));
    check(before(), json!({"active": true}), &json!({"active": true}));
    check(before(), json!({"active": null}), &json!({}));
    check(before(), json!({"active": ""}), &json!({}));
    check(
        before(),
        json!({"title": "Chief", ENTERPRISE_URN: {"division": "E"}}),
        &json!({"title": "Chief", "active": false, ENTERPRISE_URN: {"division": "E"}}),
    );
    check(
        json!({}),
        json!({"title": "Chief"}),
        &json!({"title": "Chief"}),
    );
}

#[test]
fn put_of_what_was_read_changes_nothing() {
    let before = user(json!({"active": false, "title": "Boss", ENTERPRISE_URN: {"division": "D"}}));
    let mut body = Value::Object(before.attributes.clone());
    body["id"] = json!("1");
    body["meta"] = json!({"version": "W/\"1\""});
    body["groups"] = json!([{"value": "g"}]);
    let put = read_with_defaults(Kind::User, Mode::Strict, body).unwrap();
    assert_eq!(replace(&before, put).unwrap().0.to_json(), before.to_json());
}

#[test]
fn members_stay_unless_the_body_speaks_of_them() {
    let before = Resource::new(Kind::Group);
    let after = |body: Value| {
        let put = read_with_defaults(Kind::Group, Mode::Lenient, body).unwrap();
        replace(&before, put)
            .unwrap()
            .1
            .map(|members| members.len())
    };
    assert_eq!(after(json!({})), None);
    assert_eq!(after(json!({"members": []})), Some(0));
    assert_eq!(after(json!({"members": null})), Some(0));
    assert_eq!(after(json!({"members": [{"value": "u"}]})), Some(1));
}

#[test]
fn what_is_immutable_is_set_once() {
    let urn = "urn:example:badge:1.0:User";
    let schema = Schema {
        id: urn.into(),
        name: "Badge".into(),
        description: "Badges".into(),
        attributes: vec![
            Attribute::text("badge", "Number").immutable(),
            Attribute::text("color", "Color"),
        ],
    };
    let registry = Registry::core().with_extension(Kind::User, schema);
    let incoming = |data: Value| {
        let body = json!({"schemas": [USER_URN], "userName": "ada", urn: data});
        read(&registry, Kind::User, Mode::Strict, body).unwrap()
    };
    let check = |before: Value, body: Value, expected: Result<Value, ScimType>| {
        let after = replace(&incoming(before).resource, incoming(body));
        let after = after
            .map(|(after, _)| after.get(urn).cloned().unwrap_or_default())
            .map_err(|error| error.scim_type.unwrap());
        assert_eq!(after, expected);
    };
    check(json!({}), json!({"badge": "7"}), Ok(json!({"badge": "7"})));
    check(
        json!({"badge": "7", "color": "red"}),
        json!({"badge": "7"}),
        Ok(json!({"badge": "7"})),
    );
    check(
        json!({"badge": "7"}),
        json!({"color": "red"}),
        Ok(json!({"badge": "7", "color": "red"})),
    );
    check(
        json!({"badge": "7"}),
        Value::Null,
        Ok(json!({"badge": "7"})),
    );
    check(
        json!({"badge": "7"}),
        json!({"badge": "8"}),
        Err(ScimType::Mutability),
    );
}

#[test]
fn what_is_immutable_inside_is_set_once_too() {
    let urn = "urn:example:badge:1.0:User";
    let parts = || {
        vec![
            Attribute::text("value", "Number"),
            Attribute::text("issuer", "By whom").immutable(),
            Attribute::text("color", "Color"),
        ]
    };
    let schema = Schema {
        id: urn.into(),
        name: "Badge".into(),
        description: "Badges".into(),
        attributes: vec![
            Attribute::complex("badge", "Badge", parts()),
            Attribute::complex("badges", "Badges", parts()).multi_valued(),
        ],
    };
    let registry = Registry::core().with_extension(Kind::User, schema);
    let incoming = |data: &Value| {
        let body = json!({"schemas": [USER_URN], "userName": "ada", urn: data});
        read(&registry, Kind::User, Mode::Strict, body).unwrap()
    };
    let check = |before: Value, body: Value, expected: Result<Value, &str>| {
        let after = replace(&incoming(&before).resource, incoming(&body));
        let after = after
            .map(|(after, _)| after.get(urn).cloned().unwrap_or_default())
            .map_err(|error| {
                assert_eq!(error.scim_type, Some(ScimType::Mutability), "{error}");
                error.detail
            });
        let expected = expected.map_err(str::to_owned);
        assert_eq!(after, expected, "{before} {body}");
    };
    let set = json!({"value": "7", "issuer": "x"});
    let other = json!({"value": "7", "issuer": "y"});
    check(
        json!({"badge": set}),
        json!({"badge": other}),
        Err(
            "urn:example:badge:1.0:User:badge.issuer is immutable: it is set and cannot be changed",
        ),
    );
    check(
        json!({"badge": set}),
        json!({"badge": {"value": "8"}}),
        Ok(json!({"badge": {"value": "8", "issuer": "x"}})),
    );
    check(
        json!({"badge": {"value": "7"}}),
        json!({"badge": set}),
        Ok(json!({"badge": set})),
    );
    check(
        json!({"badges": [set]}),
        json!({"badges": [{"value": "8", "issuer": "y"}, other]}),
        Err(
            "urn:example:badge:1.0:User:badges.issuer is immutable: it is set and cannot be changed",
        ),
    );
    check(
        json!({"badges": [set]}),
        json!({"badges": [{"value": "8", "issuer": "y"}, {"value": "7", "color": "red"}]}),
        Ok(json!({"badges": [
            {"value": "8", "issuer": "y"},
            {"value": "7", "issuer": "x", "color": "red"},
        ]})),
    );
    check(json!({"badges": [set]}), json!({}), Ok(Value::Null));
}
