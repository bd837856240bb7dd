//! What named identity providers send and the RFC does not allow, and which mends act.

use serde_json::{Value, json};

use super::{BADGES, ENTERPRISE, ID, document, message, registry};
use crate::lenient::Leniency::{
    self, BareElement, BareText, BooleanText, ElementBuilt, EmptyText, ExtensionName, NoOperations,
    NothingRemoved, OneElementList, OperationCase, RoleText, Schemas, UnquotedLiteral,
};
use crate::mode::Mode;
use crate::patch::Patch;
use crate::schema::Kind;

/// The change of `{"userName": "u", "roles": [...]}`: attributes to their new values.
#[track_caller]
fn check(body: Value, changes: &[(&str, Value)], acted: &[Leniency], dropped: &[&str]) {
    let text = body.to_string();
    let start = json!({ "userName": "u", "roles": [{ "value": "Admin", "primary": true }] });
    let mut expected = start.clone();
    for (name, value) in changes {
        expected[*name] = value.clone();
    }
    let before = document(Kind::User, start);
    let patch = Patch::parse(&registry(), Kind::User, Mode::Lenient, body)
        .unwrap_or_else(|e| panic!("{text}: {e}"));
    let (after, more) = patch
        .apply_noted(&before, ID)
        .unwrap_or_else(|e| panic!("{text}: {e}"));
    let expected = document(Kind::User, expected);
    assert_eq!(
        Value::Object(after.attributes),
        Value::Object(expected.attributes),
        "{text}"
    );
    assert_eq!([patch.leniencies(), &more].concat(), acted, "{text}");
    assert_eq!(patch.dropped(), dropped, "{text}");
}

fn entra(path: &str, value: Value) -> Value {
    message(json!([{ "op": "Add", "path": path, "value": value }]))
}

#[test]
fn entra_id() {
    check(
        entra("active", json!("False")),
        &[("active", json!(false))],
        &[OperationCase, BooleanText],
        &[],
    );
    check(
        message(
            json!([{ "op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "Viewer" }]),
        ),
        &[("roles", json!([{ "value": "Viewer", "primary": true }]))],
        &[OperationCase, BooleanText],
        &[],
    );
    check(
        entra(
            "roles",
            json!([{ "value": "{\"id\":\"1\",\"value\":\"Auditor\",\"displayName\":\"A\"}" }]),
        ),
        &[(
            "roles",
            json!([{ "value": "Admin", "primary": true }, { "value": "Auditor", "display": "A" }]),
        )],
        &[OperationCase, RoleText, Leniency::DisplayName],
        &[],
    );
    check(
        message(
            json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "e" }]),
        ),
        &[("emails", json!([{ "value": "e", "type": "work" }]))],
        &[ElementBuilt],
        &[],
    );
    check(
        message(json!([{ "op": "remove", "path": "emails[type eq work].value" }])),
        &[],
        &[UnquotedLiteral, NothingRemoved],
        &[],
    );
    check(
        message(json!([{ "op": "replace", "value": {
            "urn:ietf:params:scim:schemas:extension:Custom:2.0:User:tag": "T", "title": "Tagger", "x y": 1,
        } }])),
        &[("title", json!("Tagger"))],
        &[],
        &[
            "urn:ietf:params:scim:schemas:extension:Custom:2.0:User:tag",
            "x y",
        ],
    );
}

#[test]
fn entra_id_on_managers() {
    let urn = format!("{ENTERPRISE}:manager");
    let set = [(ENTERPRISE, json!({ "manager": { "value": "m" } }))];
    let reference = [(
        ENTERPRISE,
        json!({ "manager": { "value": "m", "$ref": "r" } }),
    )];
    let object = json!([{ "$ref": "r", "value": "m" }]);
    check(
        entra(&urn, json!("m")),
        &set,
        &[OperationCase, BareText],
        &[],
    );
    check(
        entra(&urn, object.clone()),
        &reference,
        &[OperationCase, OneElementList],
        &[],
    );
    check(
        entra("manager", object),
        &reference,
        &[OperationCase, ExtensionName, OneElementList],
        &[],
    );
    check(
        message(json!([{ "op": "replace", "value": { &urn: "m" } }])),
        &set,
        &[BareText],
        &[],
    );
    check(
        entra(&urn, json!("")),
        &[],
        &[OperationCase, EmptyText],
        &[],
    );
    check(
        entra(&urn, json!({ "value": "" })),
        &[],
        &[OperationCase, EmptyText],
        &[],
    );
}

#[test]
fn others() {
    check(
        json!({ "operations": [] }),
        &[],
        &[Schemas, NoOperations],
        &[],
    );
    check(json!({}), &[], &[Schemas, NoOperations], &[]);
    check(
        message(json!({ "op": "add", "path": "title", "value": ["T"], "name": "x" })),
        &[("title", json!("T"))],
        &[BareElement, OneElementList],
        &["name"],
    );
    check(
        message(json!([{ "op": "replace", "value": [{ "emails": "e" }] }])),
        &[("emails", json!([{ "value": "e" }]))],
        &[OneElementList, BareElement, BareText],
        &[],
    );
    check(
        message(json!([{ "op": "add", "path": "emails[type eq \"work\"]", "value": ["e"] }])),
        &[("emails", json!([{ "value": "e", "type": "work" }]))],
        &[OneElementList, BareText],
        &[],
    );
    check(
        message(json!([{ "op": "replace", "path": "", "value": { "title": "" } }])),
        &[],
        &[EmptyText],
        &[],
    );
    check(
        message(
            json!([{ "op": "add", "path": "password", "value": "p" }, { "op": "remove", "path": "Password" }]),
        ),
        &[],
        &[],
        &[],
    );
    check(
        message(json!([{ "op": "add", "path": "schemas", "value": ["urn:x"] }])),
        &[],
        &[],
        &[],
    );
    check(
        message(json!([{ "op": "add", "value": { BADGES: { "floor": 2, "a..b": 1 } } }])),
        &[(BADGES, json!({ "floor": 2 }))],
        &[],
        &["urn:example:badges:1.0:a..b"],
    );
}

#[test]
fn password_and_schemas_leave_no_trace() {
    for (path, modes) in [
        ("password", &[Mode::Lenient][..]),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:password",
            &[Mode::Lenient],
        ),
        ("schemas", &[Mode::Lenient, Mode::Strict]),
    ] {
        for &mode in modes {
            let value = json!([crate::schema::ENTERPRISE_URN]);
            let body = message(json!([{ "op": "replace", "path": path, "value": value }]));
            let patch = Patch::parse(&registry(), Kind::User, mode, body).unwrap();
            assert!(
                patch.leaves_document() && patch.dropped().is_empty(),
                "{path}"
            );
        }
    }
}
