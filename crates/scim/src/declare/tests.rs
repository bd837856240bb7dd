#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{Fault, extension};
use crate::discovery;
use crate::error::Error;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::resource;
use crate::schema::{
    ENTERPRISE_URN, Kind, Mutability, Returned, Schema, Type, USER_URN, Uniqueness,
};

const URN: &str = "urn:example:staff:2.0:User";

fn schema(attributes: Value) -> Value {
    json!({ "id": URN, "attributes": attributes })
}

/// The fields with a fault.
#[track_caller]
fn check(body: Value, expected: &[&str]) {
    let fields: Vec<String> = match extension(&Registry::core(), body.clone()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.0.into_iter().map(|fault| fault.field).collect(),
    };
    assert_eq!(fields, expected, "{body}");
}

#[track_caller]
fn check_attribute(attribute: Value, expected: &[&str]) {
    let expected: Vec<String> = expected
        .iter()
        .map(|field| format!("attributes[0].{field}"))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(schema(json!([attribute])), &expected);
}

#[test]
fn defaults_are_those_of_the_rfc() {
    let schema = extension(&Registry::core(), schema(json!([{ "name": "badge" }]))).unwrap();
    let badge = &schema.attributes[0];
    assert_eq!(badge.kind, Type::String);
    assert_eq!(badge.mutability, Mutability::ReadWrite);
    assert_eq!(badge.returned, Returned::Default);
    assert_eq!(badge.uniqueness, Uniqueness::None);
    assert!(!badge.multi_valued && !badge.required && !badge.case_exact);
    assert_eq!(schema.name, URN);
}

#[test]
fn what_schemas_answers_can_be_declared() {
    let declared = extension(
        &Registry::core(),
        json!({ "id": URN, "name": "Staff", "description": "Staff", "attributes": [
            { "name": "floor", "type": "integer", "description": "Floor" },
            { "name": "desk", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "value", "canonicalValues": ["window", "door"] },
                { "name": "$ref", "type": "reference", "referenceTypes": ["uri"] },
                { "name": "primary", "type": "boolean" },
            ] },
        ] }),
    )
    .unwrap();
    let registry = Registry::core().with_extension(Kind::User, declared.clone());
    let told = discovery::schema("https://x", &registry, URN).unwrap();
    assert_eq!(extension(&Registry::core(), told), Ok(declared));
    let body = json!({ "schemas": [USER_URN, URN], "userName": "a", URN: { "FLOOR": 3 } });
    let read = resource::read(&registry, Kind::User, Mode::Strict, body).unwrap();
    assert_eq!(read.resource.extension(URN).unwrap()["floor"], 3);
}

#[test]
fn schemas() {
    let one = json!([{ "name": "a" }]);
    check(json!("text"), &["schema"]);
    check(json!({}), &["attributes", "id"]);
    check(json!({ "id": 5, "attributes": one }), &["id", "id"]);
    check(
        json!({ "id": URN, "attributes": one, "more": 1 }),
        &["schema"],
    );
    check(
        json!({ "id": URN, "attributes": one, "name": "a\u{7}" }),
        &["name"],
    );
    check(
        json!({ "id": URN, "attributes": one, "description": "x".repeat(501) }),
        &["description"],
    );
    check(json!({ "id": URN, "attributes": [] }), &["attributes"]);
    check(json!({ "id": URN, "attributes": {} }), &["attributes"]);
    check(
        json!({ "id": URN, "attributes": ["a"] }),
        &["attributes[0]"],
    );
    let many = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|index| json!({ "name": format!("a{index}") }))
            .collect()
    };
    check(schema(json!(many(100))), &[]);
    check(schema(json!(many(101))), &["attributes"]);
}

#[test]
fn uris() {
    let one = json!([{ "name": "tag" }]);
    let id = |id: &str| json!({ "id": id, "attributes": one });
    for fine in [
        "urn:example:a",
        "URN:example:a-b_c:2.0:User",
        "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User",
    ] {
        check(id(fine), &[]);
    }
    let long = format!("urn:example:{}", "x".repeat(200));
    for wrong in [
        "",
        "example",
        "urn:",
        "urn:example",
        "urn:example:",
        "urn:x:a",
        "urn:-x:a",
        "urn:example:a:",
        "urn:example::a",
        "urn:example:a b",
        "urn:example:a[0]",
        "https://example.com/a",
        USER_URN,
        "urn:ietf:params:scim:schemas:core:2.0:Device",
        "urn:ietf:params:scim:api:messages:2.0:Mine",
        ENTERPRISE_URN,
    ] {
        check(id(wrong), &["id"]);
    }
    check(id(&long), &["id", "id"]);
    check(id(&ENTERPRISE_URN.to_uppercase()), &["id"]);
}

#[test]
fn uris_that_run_into_each_other() {
    let other = |id: &'static str, name: &'static str| Schema {
        id: id.into(),
        name: "Other".into(),
        description: "Other".into(),
        attributes: vec![crate::schema::Attribute::text(name, "")],
    };
    for (id, name, other, fine) in [
        ("urn:example:a", "b", other("urn:example:a:b", "x"), false),
        ("urn:example:a", "c", other("urn:example:a:b", "x"), true),
        ("urn:example:a:X", "b", other("urn:example:a", "x"), false),
    ] {
        let registry = Registry::core().with_extension(Kind::Group, other);
        let body = json!({ "id": id, "attributes": [{ "name": name }] });
        assert_eq!(extension(&registry, body).is_ok(), fine, "{id} {name}");
    }
}

#[test]
fn names() {
    for fine in ["a", "Badge", "a-b_c9", &"x".repeat(64)] {
        check_attribute(json!({ "name": fine }), &[]);
    }
    for wrong in [
        "",
        "9a",
        "_a",
        "a b",
        "a.b",
        "a:b",
        "é",
        "__proto__",
        "$ref",
        "$a",
        "id",
        "META",
        "schemas",
        "externalId",
        "password",
    ] {
        check_attribute(json!({ "name": wrong }), &["name"]);
    }
    check_attribute(json!({ "name": "x".repeat(65) }), &["name", "name"]);
    check_attribute(json!({}), &["name"]);
    check(
        schema(json!([{ "name": "a" }, { "name": "A" }])),
        &["attributes[1].name"],
    );
}

#[test]
fn characteristics() {
    let with = |members: Value| {
        let mut attribute = json!({ "name": "a" });
        attribute
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        attribute
    };
    for (members, expected) in [
        (json!({ "type": "String" }), &["type"][..]),
        (json!({ "type": 5 }), &["type"]),
        (json!({ "type": "dateTime" }), &[]),
        (json!({ "multiValued": "yes" }), &["multiValued"]),
        (json!({ "required": true }), &["required"]),
        (json!({ "mutability": "immutable" }), &[]),
        (json!({ "mutability": "readOnly" }), &["mutability"]),
        (json!({ "mutability": "writeOnly" }), &["mutability"]),
        (json!({ "mutability": "never" }), &["mutability"]),
        (json!({ "returned": "always" }), &[]),
        (json!({ "returned": "request" }), &["returned"]),
        (json!({ "returned": "never" }), &["returned"]),
        (json!({ "uniqueness": "server" }), &["uniqueness"]),
        (json!({ "uniqueness": "global" }), &["uniqueness"]),
        (json!({ "canonicalValues": ["x", "y"] }), &[]),
        (
            json!({ "canonicalValues": ["x", 5] }),
            &["canonicalValues[1]"],
        ),
        (json!({ "canonicalValues": "x" }), &["canonicalValues"]),
        (
            json!({ "type": "integer", "canonicalValues": ["1"] }),
            &["canonicalValues"],
        ),
        (json!({ "type": "reference" }), &["referenceTypes"]),
        (
            json!({ "type": "reference", "referenceTypes": ["User"] }),
            &[],
        ),
        (
            json!({ "type": "reference", "referenceTypes": ["User"], "caseExact": false }),
            &["caseExact"],
        ),
        (
            json!({ "type": "binary", "caseExact": false }),
            &["caseExact"],
        ),
        (json!({ "referenceTypes": ["User"] }), &["referenceTypes"]),
        (json!({ "type": "complex" }), &["subAttributes"]),
        (json!({ "subAttributes": [] }), &[]),
        (
            json!({ "subAttributes": [{ "name": "b" }] }),
            &["subAttributes"],
        ),
    ] {
        check_attribute(with(members), expected);
    }
    check(
        schema(json!([{ "name": "a", "more": 1 }])),
        &["attributes[0]"],
    );
}

#[test]
fn sub_attributes() {
    let complex = |sub: Value| json!({ "name": "a", "type": "complex", "subAttributes": [sub] });
    for (sub, expected) in [
        (json!({ "name": "value" }), &[][..]),
        (json!({ "name": "id" }), &[]),
        (
            json!({ "name": "$ref", "type": "reference", "referenceTypes": ["uri"] }),
            &[],
        ),
        (json!({ "name": "$ref" }), &["name", "type"]),
        (json!({ "name": "primary" }), &["type"]),
        (json!({ "name": "primary", "type": "boolean" }), &[]),
        (
            json!({ "name": "b", "multiValued": true }),
            &["multiValued"],
        ),
        (json!({ "name": "b", "type": "complex" }), &["type"]),
        (
            json!({ "name": "b", "type": "complex", "subAttributes": [{ "name": "c" }] }),
            &["type", "subAttributes"],
        ),
        (json!({ "name": "b", "returned": "never" }), &["returned"]),
    ] {
        let expected: Vec<String> = expected
            .iter()
            .map(|field| format!("subAttributes[0].{field}"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check_attribute(complex(sub), &expected);
    }
    let immutable = json!({ "name": "a", "type": "complex", "mutability": "immutable", "subAttributes": [
        { "name": "b" }, { "name": "c", "mutability": "immutable" }] });
    check_attribute(immutable, &["subAttributes[0].mutability"]);
}

#[test]
fn every_fault_is_told_at_once_and_none_repeats_the_input() {
    let body = json!({ "id": "<script>", "<script>": 1, "attributes": [
        { "name": "<script>", "type": "<script>", "returned": "<script>", "<script>": 1 },
        { "name": "b", "required": "<script>" },
    ] });
    let faults = extension(&Registry::core(), body).unwrap_err();
    let fields: Vec<&str> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "attributes[0].type",
            "attributes[0].name",
            "attributes[0].returned",
            "attributes[0]",
            "attributes[1].required",
            "schema",
            "id",
        ]
    );
    let error = Error::from(faults.clone());
    assert_eq!(error.status, 400);
    for Fault { field, .. } in &faults.0 {
        assert!(error.detail.contains(field.as_str()), "{field}");
    }
    assert!(!error.detail.contains('<'), "{}", error.detail);
    let many: Vec<Value> = (0..100).map(|_| json!({ "name": "9" })).collect();
    assert_eq!(
        extension(&Registry::core(), schema(json!(many)))
            .unwrap_err()
            .0
            .len(),
        50
    );
}
