//! Members are operations of their own, and nothing but `members` touches them.

use serde_json::{Value, json};

use super::{document, keyword, message, registry, run};
use crate::error::{Error, ScimType};
use crate::mode::Mode::{self, Lenient, Strict};
use crate::patch::{MemberOp, Patch};
use crate::resource::MemberRef;
use crate::schema::Kind;

fn read(mode: Mode, operations: Value) -> Result<Vec<MemberOp>, Error> {
    let patch = Patch::parse(&registry(), Kind::Group, mode, message(operations))?;
    Ok(patch.members().to_vec())
}

#[track_caller]
fn check(mode: Mode, operation: Value, expected: Vec<MemberOp>) {
    let text = operation.to_string();
    let found = read(mode, json!([operation])).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(found, expected, "{mode:?} {text}");
}

#[track_caller]
fn both(operation: Value, expected: Vec<MemberOp>) {
    check(Strict, operation.clone(), expected.clone());
    check(Lenient, operation, expected);
}

fn members(ids: &[&str]) -> Vec<MemberRef> {
    let member = |id: &&str| MemberRef {
        value: (*id).to_owned(),
        display: None,
        kind: None,
    };
    ids.iter().map(member).collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn members_in_the_forms_of_the_rfc() {
    let list = json!([{ "value": "1" }, { "value": "2" }]);
    let path = "members";
    both(
        json!({ "op": "add", "path": path, "value": list }),
        vec![MemberOp::Add(members(&["1", "2"]))],
    );
    both(json!({ "op": "add", "path": path, "value": [] }), vec![]);
    both(
        json!({ "op": "replace", "path": path, "value": list }),
        vec![MemberOp::Replace(members(&["1", "2"]))],
    );
    both(
        json!({ "op": "replace", "path": path, "value": [] }),
        vec![MemberOp::Clear],
    );
    both(
        json!({ "op": "replace", "path": path, "value": null }),
        vec![MemberOp::Clear],
    );
    both(
        json!({ "op": "remove", "path": path }),
        vec![MemberOp::Clear],
    );
    both(
        json!({ "op": "remove", "path": "members[value eq\"1\"]" }),
        vec![MemberOp::Remove(ids(&["1"]))],
    );
    both(
        json!({ "op": "remove", "path": "Members[Value eq \"1\" or value eq \"2\"]" }),
        vec![MemberOp::Remove(ids(&["1", "2"]))],
    );
    both(
        json!({ "op": "add", "path": path, "value": [
            { "value": "1", "display": "D", "type": "User", "$ref": "../Users/1" },
        ] }),
        vec![MemberOp::Add(vec![MemberRef {
            value: "1".to_owned(),
            display: Some("D".to_owned()),
            kind: Some("User".to_owned()),
        }])],
    );
}

#[test]
fn any_filter_on_members_comes_out_as_one_on_a_member() {
    let operation =
        json!([{ "op": "remove", "path": "members[type eq \"Group\" and display sw \"x\"]" }]);
    let found = read(Strict, operation).unwrap();
    let [MemberOp::RemoveMatching(filter)] = found.as_slice() else {
        panic!("{found:?}");
    };
    for (member, expected) in [
        (
            json!({ "value": "1", "type": "Group", "display": "X1" }),
            true,
        ),
        (
            json!({ "value": "1", "type": "User", "display": "X1" }),
            false,
        ),
    ] {
        assert_eq!(filter.matches(&member), expected, "{member}");
    }
}

#[test]
fn members_in_the_forms_of_identity_providers() {
    let these = || vec![MemberOp::Remove(ids(&["1", "2"]))];
    for value in [
        json!([{ "$ref": null, "value": "1" }, { "value": "2" }]),
        json!(["1", "2"]),
        json!([{ "value": "1", "displayName": "One" }, { "value": "2" }, { "value": "" }]),
    ] {
        check(
            Lenient,
            json!({ "op": "Remove", "path": "members", "value": value }),
            these(),
        );
    }
    check(
        Lenient,
        json!({ "op": "Remove", "path": "members", "value": [] }),
        vec![],
    );
    check(
        Lenient,
        json!({ "op": "Remove", "path": "members", "value": { "value": "1" } }),
        vec![MemberOp::Remove(ids(&["1"]))],
    );
    check(
        Lenient,
        json!({ "op": "Add", "value": { "members": [{ "value": "1" }], "externalId": "e" } }),
        vec![MemberOp::Add(members(&["1"]))],
    );
    let strict = json!([{ "op": "remove", "path": "members", "value": [{ "value": "1" }] }]);
    assert_eq!(keyword(read(Strict, strict)), ScimType::InvalidValue);
}

#[test]
fn members_keep_their_order_among_operations() {
    let found = read(
        Strict,
        json!([
            { "op": "remove", "path": "members" },
            { "op": "replace", "path": "displayName", "value": "N" },
            { "op": "add", "path": "members", "value": [{ "value": "1" }] },
        ]),
    );
    assert_eq!(
        found,
        Ok(vec![MemberOp::Clear, MemberOp::Add(members(&["1"]))])
    );
}

#[test]
fn a_member_cannot_be_changed() {
    for path in [
        "members[value eq \"1\"]",
        "members[value eq \"1\"].value",
        "members.display",
    ] {
        for op in ["add", "replace"] {
            let operations = json!([{ "op": op, "path": path, "value": "2" }]);
            assert_eq!(
                keyword(read(Lenient, operations)),
                ScimType::Mutability,
                "{path}"
            );
        }
    }
    let remove = json!([{ "op": "remove", "path": "members[value eq \"1\"].display" }]);
    assert_eq!(keyword(read(Strict, remove)), ScimType::Mutability);
    let no_value = json!([{ "op": "add", "path": "members", "value": [{ "display": "D" }] }]);
    assert_eq!(keyword(read(Strict, no_value)), ScimType::InvalidValue);
}

#[test]
fn too_many_members_over_all_operations_are_refused() {
    let list: Vec<Value> = (0..60_000)
        .map(|n| json!({ "value": n.to_string() }))
        .collect();
    let add = |list: &[Value]| json!({ "op": "add", "path": "members", "value": list });
    assert!(read(Lenient, json!([add(&list)])).is_ok());
    let error = read(Lenient, json!([add(&list), add(&list)])).unwrap_err();
    assert_eq!((error.status, error.scim_type), (413, None));
}

#[test]
fn the_document_of_a_group_has_no_members() {
    let before = document(
        Kind::Group,
        json!({ "displayName": "Team", "externalId": "e" }),
    );
    let after = run(
        Lenient,
        &before,
        json!([
            { "op": "replace", "value": { "id": super::ID, "displayName": "Crew", "externalId": null } },
            { "op": "add", "path": "members", "value": [{ "value": "1" }] },
        ]),
    );
    assert_eq!(after, Ok(json!({ "displayName": "Crew" })));
    for operation in [
        json!({ "op": "remove", "path": "displayName" }),
        json!({ "op": "replace", "path": "displayName", "value": "" }),
    ] {
        let expected = if operation["op"] == "remove" {
            ScimType::Mutability
        } else {
            ScimType::InvalidValue
        };
        let refused = run(Lenient, &before, json!([operation]));
        assert_eq!(keyword(refused), expected);
    }
}
