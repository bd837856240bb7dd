#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Leniency::{
    self, BareElement, BareText, BooleanText, DisplayName, EmptyText, ExtensionName,
    OneElementList, RoleText, Schemas,
};
use super::{mend_body, mend_value};
use crate::registry::Registry;
use crate::schema::{ENTERPRISE_URN, GROUP_URN, Kind, USER_URN};

fn check(kind: Kind, name: &str, sent: Value, mended: &Value, acted: &[Leniency]) {
    let registry = Registry::core();
    let attribute = registry.attribute(kind, None, name).unwrap().attribute;
    let mut value = sent.clone();
    let mut list = Vec::new();
    mend_value(attribute, &mut value, &mut list);
    assert_eq!((&value, list.as_slice()), (mended, acted), "{name}: {sent}");
    list.clear();
    mend_value(attribute, &mut value, &mut list);
    assert_eq!(
        (&value, list.len()),
        (mended, 0),
        "a second run changes nothing: {sent}"
    );
}

#[test]
fn values() {
    use Kind::{Group, User};
    let null = Value::Null;
    check(User, "active", json!("True"), &json!(true), &[BooleanText]);
    check(
        User,
        "active",
        json!("false"),
        &json!(false),
        &[BooleanText],
    );
    check(User, "active", json!("yes"), &json!("yes"), &[]);
    check(User, "active", json!(""), &null, &[EmptyText]);
    check(User, "title", json!("True"), &json!("True"), &[]);
    check(User, "title", json!(""), &null, &[EmptyText]);
    check(
        User,
        "title",
        json!(["Boss"]),
        &json!("Boss"),
        &[OneElementList],
    );
    check(User, "title", json!([]), &null, &[OneElementList]);
    check(User, "title", json!([[]]), &null, &[OneElementList]);
    check(User, "title", json!(["a", "b"]), &json!(["a", "b"]), &[]);
    check(
        User,
        "manager",
        json!("m1"),
        &json!({"value": "m1"}),
        &[BareText],
    );
    check(
        User,
        "manager",
        json!({"value": "", "displayName": " "}),
        &null,
        &[EmptyText],
    );
    check(User, "manager", json!({"Value": ""}), &null, &[EmptyText]);
    check(
        User,
        "manager",
        json!([{"$ref": "x", "value": "m1"}]),
        &json!({"$ref": "x", "value": "m1"}),
        &[OneElementList],
    );
    check(User, "name", json!("Ada"), &json!("Ada"), &[]);
    check(
        User,
        "name",
        json!({"familyName": "", "givenName": "Rau"}),
        &json!({"familyName": null, "givenName": "Rau"}),
        &[EmptyText],
    );
    check(
        User,
        "emails",
        json!({"value": "a@x"}),
        &json!([{"value": "a@x"}]),
        &[BareElement],
    );
    check(
        User,
        "emails",
        json!("a@x"),
        &json!([{"value": "a@x"}]),
        &[BareElement, BareText],
    );
    check(
        User,
        "emails",
        json!([{"value": "", "type": "work"}, {"value": "a@x", "Primary": "True"}]),
        &json!([{"value": "a@x", "Primary": true}]),
        &[EmptyText, BooleanText],
    );
    check(
        User,
        "roles",
        json!([{"value": r#"{"id":"1","value":"Auditor","displayName":"The auditor"}"#}]),
        &json!([{"value": "Auditor", "display": "The auditor"}]),
        &[RoleText, DisplayName],
    );
    let twice = r#"{"value":"{\"value\":\"Auditor\"}"}"#;
    check(
        User,
        "roles",
        json!([{"value": twice}]),
        &json!([{"value": "Auditor"}]),
        &[RoleText],
    );
    check(
        User,
        "roles",
        json!([{"value": "{not json"}]),
        &json!([{"value": "{not json"}]),
        &[],
    );
    check(
        User,
        "entitlements",
        json!([{"value": "{}"}]),
        &json!([{"value": "{}"}]),
        &[],
    );
    check(
        User,
        "roles",
        json!([{"displayName": "Admin", "display": "A", "value": "a"}]),
        &json!([{"display": "A", "value": "a"}]),
        &[DisplayName],
    );
    check(
        Group,
        "members",
        json!(["u1", {"value": "u2", "displayName": "Two"}, ""]),
        &json!([{"value": "u1"}, {"value": "u2", "display": "Two"}]),
        &[BareText, DisplayName, EmptyText],
    );
}

fn check_body(kind: Kind, sent: Value, mended: &Value, acted: &[Leniency]) {
    let mut body = sent.as_object().unwrap().clone();
    let mut list = Vec::new();
    mend_body(&Registry::core(), kind, &mut body, &mut list);
    assert_eq!(
        (&Value::Object(body), list.as_slice()),
        (mended, acted),
        "{sent}"
    );
}

#[test]
fn bodies() {
    use Kind::{Group, User};
    let fine = json!({"schemas": [USER_URN], "userName": "a", "emails": null, "x": "True"});
    check_body(User, fine.clone(), &fine, &[]);
    check_body(
        User,
        json!({"userName": "a"}),
        &json!({"userName": "a"}),
        &[Schemas],
    );
    let other = json!({"schemas": [USER_URN], "displayName": "a"});
    check_body(Group, other.clone(), &other, &[Schemas]);
    let lower = json!({"Schemas": [GROUP_URN.to_lowercase()], "displayName": "a"});
    check_body(Group, lower.clone(), &lower, &[]);
    check_body(
        User,
        json!({"schemas": [USER_URN], "Department": "IT", "manager": "m1"}),
        &json!({"schemas": [USER_URN], ENTERPRISE_URN: {"Department": "IT", "manager": {"value": "m1"}}}),
        &[ExtensionName, BareText],
    );
    check_body(
        User,
        json!({
            "schemas": [USER_URN],
            "department": "lost",
            "division": "kept",
            ENTERPRISE_URN.to_uppercase(): {"department": "IT"},
        }),
        &json!({
            "schemas": [USER_URN],
            ENTERPRISE_URN.to_uppercase(): {"department": "IT", "division": "kept"},
        }),
        &[ExtensionName],
    );
    let read_only =
        json!({"schemas": [USER_URN], "id": "", "groups": "x", "meta": {"version": ""}});
    check_body(User, read_only.clone(), &read_only, &[]);
}

#[test]
fn words_are_distinct() {
    let all = [
        Schemas,
        ExtensionName,
        BooleanText,
        OneElementList,
        BareElement,
        BareText,
        EmptyText,
        RoleText,
        DisplayName,
        Leniency::SeveralPrimaries,
        Leniency::OperationCase,
        Leniency::NoOperations,
        Leniency::MemberListRemoval,
        Leniency::ElementBuilt,
        Leniency::NothingRemoved,
        Leniency::UnquotedLiteral,
    ];
    let mut words: Vec<_> = all.iter().map(|one| one.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), all.len());
}

/// JSON that looks like what clients send: known names, odd shapes.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec![
        "",
        "True",
        "false",
        "work",
        "a@x",
        "{\"value\":\"r\"}",
        "\"",
        "{\"value\":\"\"}",
        "ß",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "value",
        "Value",
        "type",
        "primary",
        "display",
        "displayName",
        "givenName",
        "$ref",
        "x",
        "userName",
        "emails",
        "roles",
        "active",
        "name",
        "manager",
        "department",
        "members",
        "schemas",
        "id",
        "externalId",
        "addresses",
        "x509Certificates",
        ENTERPRISE_URN,
    ]);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|pairs| pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

#[test]
fn what_is_wrapped_in_a_list_is_mended_at_once() {
    let registry = Registry::core();
    for (name, sent, mended) in [
        (
            "roles",
            json!({ "value": ["{\"value\":\"r\"}"] }),
            json!([{ "value": "r" }]),
        ),
        (
            "manager",
            json!({ "value": [""], "displayName": " " }),
            json!(null),
        ),
        (
            "emails",
            json!([{ "value": ["a@b"], "primary": ["True"] }]),
            json!([{ "value": "a@b", "primary": true }]),
        ),
    ] {
        let found = registry.attribute(Kind::User, None, name).unwrap();
        let mut value = sent;
        mend_value(found.attribute, &mut value, &mut Vec::new());
        assert_eq!(value, mended, "{name}");
    }
}

proptest! {
    #![proptest_config(crate::cases::many())]

    #[test]
    fn mending_twice_is_mending_once(value in any_json(), index in 0..22_usize) {
        let registry = Registry::core();
        let rows: Vec<_> = registry.schemas().flat_map(|schema| &schema.attributes).collect();
        let mut once = value;
        mend_value(rows[index], &mut once, &mut Vec::new());
        let mut twice = once.clone();
        mend_value(rows[index], &mut twice, &mut Vec::new());
        prop_assert_eq!(once, twice);
    }
}
