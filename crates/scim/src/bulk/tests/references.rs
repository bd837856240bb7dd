use serde_json::{Value, json};

use super::{bulk, group, to, user};
use crate::bulk::{Created, Deferred};
use crate::schema::ENTERPRISE_URN;

fn created(pairs: &[(&str, &str)]) -> Created {
    pairs
        .iter()
        .map(|(name, id)| ((*name).to_owned(), (*id).to_owned()))
        .collect()
}

/// The data of the last operation once `a` became `1` and `b` became `2`.
#[track_caller]
fn check(operation: Value, expected: Value) {
    let bulk = bulk(json!([user("a", None), user("b", None), operation]));
    let operation = bulk.entries[2].operation.as_ref().unwrap();
    let resolved = operation
        .resolve(&created(&[("a", "1"), ("b", "2")]))
        .unwrap();
    assert_eq!(resolved.data, Some(expected));
}

#[test]
fn references_are_replaced_wherever_they_stand() {
    let post =
        |data: &Value| json!({ "method": "POST", "path": "/Groups", "bulkId": "g", "data": data });
    let put = |data: &Value| json!({ "method": "PUT", "path": "/Groups/9", "data": data });
    for operation in [post, put] {
        check(
            operation(
                &json!({ "members": [{ "value": to("a") }, { "value": to("b") }, { "value": "x" }] }),
            ),
            json!({ "members": [{ "value": "1" }, { "value": "2" }, { "value": "x" }] }),
        );
        check(
            operation(&json!({ "members": [{ "value": to("a"), "$ref": "../Users/bulkId:a" }] })),
            json!({ "members": [{ "value": "1", "$ref": "../Users/1" }] }),
        );
        check(
            operation(&json!({ "members": [to("a")] })),
            json!({ "members": ["1"] }),
        );
        check(
            operation(&json!({ "urn:x:y": { "owner": { "deep": [to("a")] } } })),
            json!({ "urn:x:y": { "owner": { "deep": ["1"] } } }),
        );
        check(
            operation(&json!({ "displayName": "bulkId:nobody", "nickName": "about bulkId:a" })),
            json!({ "displayName": "bulkId:nobody", "nickName": "about bulkId:a" }),
        );
    }
    let manager = json!({ ENTERPRISE_URN: { "manager": { "value": to("a") } } });
    check(
        json!({ "method": "POST", "path": "/Users", "bulkId": "u", "data": manager }),
        json!({ ENTERPRISE_URN: { "manager": { "value": "1" } } }),
    );
}

#[test]
fn references_in_a_patch() {
    let patch = |operation: Value| json!({ "method": "PATCH", "path": "/Groups/9", "data": { "Operations": [operation] } });
    let done = |operation: Value| json!({ "Operations": [operation] });
    for (before, after) in [
        (
            json!({ "op": "add", "path": "members", "value": [{ "value": to("a") }] }),
            json!({ "op": "add", "path": "members", "value": [{ "value": "1" }] }),
        ),
        (
            json!({ "op": "add", "value": { "members": [{ "value": to("b") }] } }),
            json!({ "op": "add", "value": { "members": [{ "value": "2" }] } }),
        ),
        (
            json!({ "op": "remove", "path": "members[value eq \"bulkId:a\" or value eq \"bulkId:b\"]" }),
            json!({ "op": "remove", "path": "members[value eq \"1\" or value eq \"2\"]" }),
        ),
        (
            json!({ "op": "replace", "path": "urn:x:User:manager.value", "value": to("a") }),
            json!({ "op": "replace", "path": "urn:x:User:manager.value", "value": "1" }),
        ),
        (
            json!({ "op": "remove", "path": "members[display eq \"say \\\"bulkId:a\\\"\"]" }),
            json!({ "op": "remove", "path": "members[display eq \"say \\\"bulkId:a\\\"\"]" }),
        ),
        (
            json!({ "op": "remove", "path": "members[value eq \"bulkId:a" }),
            json!({ "op": "remove", "path": "members[value eq \"bulkId:a" }),
        ),
    ] {
        check(patch(before), done(after));
    }
}

#[test]
fn the_path_may_name_a_new_resource() {
    let bulk = bulk(json!([
        user("a", None),
        { "method": "PATCH", "path": "/Users/bulkId:a", "data": {} },
        { "method": "DELETE", "path": "/Users/bulkId:nobody" },
    ]));
    let operation = bulk.entries[1].operation.as_ref().unwrap();
    assert_eq!(
        operation
            .resolve(&created(&[("a", "1")]))
            .unwrap()
            .id
            .as_deref(),
        Some("1")
    );
    assert_eq!(operation.resolve(&created(&[])).unwrap_err().status, 409);
    assert_eq!(bulk.entries[2].operation.as_ref().unwrap_err().status, 400);
}

#[test]
fn a_reference_to_nothing_is_refused_where_only_a_reference_makes_sense() {
    for (operation, fine) in [
        (group("g", &["bulkId:nobody"]), false),
        (user("u", Some("bulkId:nobody")), false),
        (user("bulkId:nobody", None), true),
        (
            json!({ "method": "PATCH", "path": "/Groups/1", "data": { "Operations": [
                { "op": "remove", "path": "members[value eq \"bulkId:nobody\"]" }] } }),
            false,
        ),
        (
            json!({ "method": "PATCH", "path": "/Groups/1", "data": { "Operations": [
                { "op": "replace", "path": "displayName", "value": "bulkId:nobody" }] } }),
            true,
        ),
    ] {
        let bulk = bulk(json!([operation]));
        assert_eq!(bulk.entries[0].operation.is_ok(), fine, "{operation}");
    }
}

#[test]
fn what_failed_cannot_be_referred_to() {
    let bulk = bulk(json!([user("a", None), group("g", &["bulkId:a"])]));
    let error = bulk.entries[1]
        .operation
        .as_ref()
        .unwrap()
        .resolve(&created(&[]))
        .unwrap_err();
    assert_eq!(error.status, 409);
}

/// What a creation leaves out, and the PATCH that adds it.
fn begin(operation: Value, pairs: &[(&str, &str)]) -> (Value, Deferred) {
    let bulk = bulk(json!([user("a", None), user("b", None), operation]));
    let operation = bulk.entries[2].operation.clone().unwrap();
    let (resolved, deferred) = operation.begin(&created(pairs)).unwrap();
    (resolved.data.unwrap(), deferred)
}

#[test]
fn members_are_added_afterwards() {
    let (data, deferred) = begin(group("g", &["bulkId:a", "bulkId:b", "x"]), &[("a", "1")]);
    assert_eq!(data["members"], json!([{ "value": "1" }, { "value": "x" }]));
    let patch = deferred.patch(&created(&[("a", "1"), ("b", "2")])).unwrap();
    let operation = json!({ "op": "add", "path": "members", "value": [{ "value": "2" }] });
    assert_eq!(patch["Operations"], json!([operation]));
    assert_eq!(deferred.patch(&created(&[("a", "1")])), None);
}

#[test]
fn a_manager_is_added_afterwards() {
    let (data, deferred) = begin(user("u", Some("bulkId:b")), &[]);
    assert_eq!(data, json!({ "userName": "u" }));
    let patch = deferred.patch(&created(&[("b", "2")])).unwrap();
    let place = format!("{ENTERPRISE_URN}:manager");
    let operation = json!({ "op": "add", "path": place, "value": { "value": "2" } });
    assert_eq!(patch["Operations"], json!([operation]));
}

#[test]
fn what_is_left_out_makes_a_patch_that_is_understood() {
    use crate::{Kind, Mode, Patch, Registry};
    let both = created(&[("a", "1"), ("b", "2")]);
    for (kind, operation) in [
        (Kind::Group, group("g", &["bulkId:a", "bulkId:b"])),
        (Kind::User, user("u", Some("bulkId:b"))),
    ] {
        let (_, deferred) = begin(operation, &[]);
        let patch = deferred.patch(&both).unwrap();
        let patch = Patch::parse(&Registry::core(), kind, Mode::Strict, patch).unwrap();
        assert_eq!(patch.members().len(), usize::from(kind == Kind::Group));
        assert_eq!(patch.leaves_document(), kind == Kind::Group);
    }
}
