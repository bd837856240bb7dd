use serde_json::{Value, json};

use super::{ENTERPRISE_URN, Kind, Mode, USER_URN, read_with_defaults};
use crate::error::ScimType::{self, InvalidSyntax, InvalidValue};
use crate::lenient::Leniency;

/// What a body gives in one mode: the attributes without the defaults, or the error's keyword.
fn outcome(kind: Kind, mode: Mode, body: &Value) -> Result<Value, ScimType> {
    match read_with_defaults(kind, mode, body.clone()) {
        Ok(incoming) => {
            let mut attributes = incoming.resource.attributes;
            for default in ["userName", "displayName"] {
                if body.get(default).is_none() {
                    attributes.shift_remove(default);
                }
            }
            Ok(Value::Object(attributes))
        }
        Err(error) => {
            assert_eq!(error.status, 400, "{error}");
            assert!(!error.detail.contains('<'), "echoes the body: {error}");
            Err(error.scim_type.unwrap())
        }
    }
}

/// The same outcome in both modes.
fn check(kind: Kind, body: Value, expected: Result<Value, ScimType>) {
    assert_eq!(
        outcome(kind, Mode::Lenient, &body),
        expected,
        "lenient: {body}"
    );
    assert_eq!(
        outcome(kind, Mode::Strict, &body),
        expected,
        "strict: {body}"
    );
}

/// Mended when lenient, refused when strict.
fn check_mended(kind: Kind, body: Value, lenient: Value, strict: ScimType) {
    assert_eq!(
        outcome(kind, Mode::Lenient, &body),
        Ok(lenient),
        "lenient: {body}"
    );
    assert_eq!(
        outcome(kind, Mode::Strict, &body),
        Err(strict),
        "strict: {body}"
    );
}

#[test]
fn names_come_out_canonical_and_in_order() {
    let body = json!({
        ENTERPRISE_URN.to_uppercase(): {"Manager": {"VALUE": "m"}, "employeeNumber": "7"},
        "Emails": [{"Primary": true, "TYPE": "Work", "Value": "a@x"}],
        "NAME": {"givenname": "Ada", "FamilyName": "B"},
        "externalid": "E",
    });
    check(
        Kind::User,
        body.clone(),
        Ok(json!({
            "externalId": "E",
            "name": {"familyName": "B", "givenName": "Ada"},
            "emails": [{"value": "a@x", "type": "Work", "primary": true}],
            ENTERPRISE_URN: {"employeeNumber": "7", "manager": {"value": "m"}},
        })),
    );
    let read = outcome(Kind::User, Mode::Strict, &body).unwrap();
    let names: Vec<_> = read
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, ["externalId", "name", "emails", ENTERPRISE_URN]);
    let names: Vec<_> = read["emails"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["value", "type", "primary"]);
}

#[test]
fn what_is_not_the_clients_is_ignored_in_both_modes() {
    use Kind::{Group, User};
    let nothing = || Ok(json!({}));
    check(
        User,
        json!({"id": 7, "meta": "x", "groups": [{"value": "g"}]}),
        nothing(),
    );
    check_mended(
        User,
        json!({"password": {"any": "thing"}}),
        json!({}),
        InvalidSyntax,
    );
    check(Group, json!({"members": [{"value": "u"}]}), nothing());
    check(
        User,
        json!({"title": null, "emails": [], "name": {"givenName": null}}),
        nothing(),
    );
    check(
        User,
        json!({ENTERPRISE_URN: {"manager": {"displayName": "read-only"}}}),
        nothing(),
    );
    check(User, json!({ENTERPRISE_URN: null}), nothing());
    check(User, json!({"emails": [null]}), nothing());
}

#[test]
fn values_are_stored_as_sent() {
    let body = json!({
        "locale": "no such",
        "emails": [{"value": "A@X.Example", "type": "any text"}],
        "phoneNumbers": [{"value": "00 1 (2)"}],
        "photos": [{"value": "not a uri"}],
        "addresses": [{"country": "Nowhere", "primary": true}],
        "x509Certificates": [{"value": "AQID-_8="}],
    });
    check(Kind::User, body.clone(), Ok(body));
}

#[test]
fn wrong_types_are_refused_in_both_modes() {
    use Kind::{Group, User};
    let refused = || Err(InvalidValue);
    check(User, json!({"userName": 7}), refused());
    check(User, json!({"userName": ""}), refused());
    check(User, json!({"userName": " "}), refused());
    check(User, json!({"userName": null}), refused());
    check(User, json!({"userName": "<a\u{202E}>"}), refused());
    check(User, json!({"userName": "x".repeat(2000)}), refused());
    check(User, json!({"externalId": "é".repeat(2000)}), refused());
    check(
        User,
        json!({"emails": [{"value": "x".repeat(2000)}]}),
        refused(),
    );
    check(Group, json!({"displayName": ""}), refused());
    check(Group, json!({"displayName": "x".repeat(2000)}), refused());
    check(User, json!({"active": "yes <b>"}), refused());
    check(User, json!({"active": 1}), refused());
    check(User, json!({"title": {"a": 1}}), refused());
    check(User, json!({"title": ["a", "b"]}), refused());
    check(User, json!({"name": "Ada"}), refused());
    check(User, json!({"name": {"givenName": 1}}), refused());
    check(User, json!({"emails": [7]}), refused());
    check(User, json!({"emails": [["a@x"]]}), refused());
    check(
        User,
        json!({"x509Certificates": [{"value": "<pem>"}]}),
        refused(),
    );
    check(User, json!({ENTERPRISE_URN: "x"}), refused());
    check(Group, json!({"members": 7}), refused());
    check(Group, json!({"members": [7]}), refused());
    check(
        Group,
        json!({"members": [{"display": "nobody"}]}),
        refused(),
    );
    check(Group, json!({"members": [{"value": {}}]}), refused());
    check(User, json!([]), Err(InvalidSyntax));
    check(User, json!("<x>"), Err(InvalidSyntax));
}

#[test]
fn what_is_mended_when_lenient_is_refused_when_strict() {
    use Kind::{Group, User};
    check_mended(
        User,
        json!({"active": "True"}),
        json!({"active": true}),
        InvalidValue,
    );
    check_mended(
        User,
        json!({"emails": {"value": "a@x"}}),
        json!({"emails": [{"value": "a@x"}]}),
        InvalidValue,
    );
    check_mended(User, json!({"schemas": null}), json!({}), InvalidSyntax);
    check_mended(
        User,
        json!({"schemas": [USER_URN, "urn:x"]}),
        json!({}),
        InvalidSyntax,
    );
    check_mended(
        Group,
        json!({"schemas": ["urn:x:<y>"]}),
        json!({}),
        InvalidSyntax,
    );
    check_mended(User, json!({"<b>": 1}), json!({}), InvalidSyntax);
    check_mended(User, json!({"members": []}), json!({}), InvalidSyntax);
    check_mended(
        User,
        json!({"emails": [{"nope": 1}]}),
        json!({}),
        InvalidSyntax,
    );
    check_mended(
        User,
        json!({ENTERPRISE_URN: {"nope": 1}}),
        json!({}),
        InvalidSyntax,
    );
    check_mended(
        Group,
        json!({"members": [{"value": "u", "nope": 1}]}),
        json!({}),
        InvalidSyntax,
    );
    check_mended(
        User,
        json!({"department": "IT"}),
        json!({ENTERPRISE_URN: {"department": "IT"}}),
        InvalidSyntax,
    );
    check_mended(
        User,
        json!({"roles": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]}),
        json!({"roles": [{"value": "a", "primary": true}, {"value": "b", "primary": false}]}),
        InvalidValue,
    );
    // Allowed by the RFC, but unassigned to a lenient connection.
    let empty = json!({"title": ""});
    assert_eq!(outcome(User, Mode::Lenient, &empty), Ok(json!({})));
    assert_eq!(outcome(User, Mode::Strict, &empty), Ok(empty));
}

#[test]
fn equal_elements_are_one() {
    check(
        Kind::User,
        json!({"emails": [
            {"value": "a@x", "type": "work"},
            {"value": "a@x", "type": "home"},
            {"value": "A@X", "type": "WORK", "primary": true},
        ]}),
        Ok(json!({"emails": [
            {"value": "A@X", "type": "WORK", "primary": true},
            {"value": "a@x", "type": "home"},
        ]})),
    );
    check(
        Kind::User,
        json!({"addresses": [{"type": "work"}, {"type": "work"}]}),
        Ok(json!({"addresses": [{"type": "work"}, {"type": "work"}]})),
    );
}

#[test]
fn what_was_dropped_and_mended_is_told() {
    let body = json!({
        "schemas": [USER_URN, "urn:example:other"],
        "userName": "ada",
        "nope": 1,
        "name": {"nickname": "x"},
        "password": "secret",
        "active": "True",
        ENTERPRISE_URN: {"grade": 3, "division": null},
        "title": "",
    });
    let told = read_with_defaults(Kind::User, Mode::Lenient, body).unwrap();
    let grade = format!("{ENTERPRISE_URN}:grade");
    assert_eq!(
        told.dropped,
        ["urn:example:other", "nope", "name.nickname", grade.as_str()]
    );
    assert_eq!(
        told.leniencies,
        [Leniency::BooleanText, Leniency::EmptyText]
    );
    let division = format!("{ENTERPRISE_URN}:division");
    assert_eq!(
        told.cleared,
        ["name".to_owned(), division, "title".to_owned()]
    );
    let many: serde_json::Map<_, _> = (0..1000)
        .map(|n| (format!("{n}{}", "x".repeat(500)), Value::Null))
        .collect();
    let told = read_with_defaults(Kind::User, Mode::Lenient, Value::Object(many)).unwrap();
    assert!(told.dropped.len() == 100 && told.dropped.iter().all(|name| name.len() == 200));
}

#[test]
fn an_error_names_the_attribute_in_its_notation() {
    let detail = |body: Value, mode: Mode| {
        read_with_defaults(Kind::User, mode, body)
            .unwrap_err()
            .detail
    };
    let nested = json!({ENTERPRISE_URN: {"manager": {"value": 7}}});
    assert_eq!(
        detail(nested, Mode::Lenient),
        format!("{ENTERPRISE_URN}:manager.value must be a string")
    );
    assert_eq!(
        detail(json!({"active": "x"}), Mode::Strict),
        "active must be true or false"
    );
    assert_eq!(
        detail(json!({"name": {"nick": "x"}}), Mode::Strict),
        "name.nick is not part of the schema; /Schemas lists what is"
    );
    assert_eq!(
        detail(json!({"schemas": [USER_URN, "<i>"]}), Mode::Strict),
        "schemas names a URI that the resource type does not have; /ResourceTypes lists what it has"
    );
    assert_eq!(
        detail(json!({"<i>": "x"}), Mode::Strict),
        "an attribute is not part of the schema; /Schemas lists what is"
    );
}

#[test]
fn lists_have_a_limit() {
    use crate::resource::MAX_VALUES;
    let emails = |count: usize| {
        let list: Vec<Value> = (0..count)
            .map(|n| json!({"value": n.to_string()}))
            .collect();
        json!({ "emails": list })
    };
    let read = |count| read_with_defaults(Kind::User, Mode::Lenient, emails(count));
    assert!(read(MAX_VALUES).is_ok());
    let error = read(MAX_VALUES + 1).unwrap_err();
    assert_eq!(
        (error.scim_type, error.detail.as_str()),
        (Some(InvalidValue), "emails may have 1000 values at most")
    );
    // Nor one by one.
    let full = read(MAX_VALUES).unwrap().resource;
    let add = |value: &str| {
        let add = json!([{ "op": "add", "path": "emails", "value": [{ "value": value }] }]);
        let body = json!({ "schemas": [crate::patch::PATCH_URN], "Operations": add });
        crate::Patch::parse(&crate::Registry::core(), Kind::User, Mode::Strict, body)
            .unwrap()
            .apply(&full, "1")
    };
    assert!(add("7").is_ok());
    assert_eq!(add("more").unwrap_err().scim_type, Some(InvalidValue));
}
