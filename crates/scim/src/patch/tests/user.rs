//! What the operations do to a user's document.

mod lists;
mod removals;

use serde_json::{Value, json};

use super::{BADGES, ENTERPRISE, ID, document, run};
use crate::mode::Mode;
use crate::schema::Kind;

fn person() -> Value {
    json!({
        "externalId": "x1",
        "userName": "ada",
        "name": { "familyName": "Lovelace", "givenName": "Ada" },
        "title": "Countess",
        "active": true,
        "emails": [
            { "value": "a@work.example", "type": "work", "primary": true },
            { "value": "a@home.example", "type": "home" }
        ],
        "addresses": [{ "locality": "London", "type": "work" }],
        ENTERPRISE: { "department": "Math", "manager": { "value": "m1", "$ref": "../Users/m1" } },
        BADGES: { "tags": ["a", "b"], "hired": "1840", "badge": { "number": "7" } },
    })
}

/// The document with changes: a path of a JSON pointer to the new value, null to take it out.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut document = person();
    for (path, value) in changes {
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap();
        match (parent, value) {
            (Value::Object(members), Value::Null) => {
                members.shift_remove(name);
            }
            (Value::Array(elements), value) => {
                elements[name.parse::<usize>().unwrap()] = value.clone();
            }
            (parent, value) => parent[name] = value.clone(),
        }
    }
    document
}

/// In both modes.
#[track_caller]
fn check(operations: Value, changes: &[(&str, Value)]) {
    for mode in [Mode::Strict, Mode::Lenient] {
        check_in(mode, operations.clone(), changes);
    }
}

#[track_caller]
fn check_in(mode: Mode, operations: Value, changes: &[(&str, Value)]) {
    let before = document(Kind::User, person());
    let after =
        run(mode, &before, operations.clone()).unwrap_or_else(|e| panic!("{operations}: {e}"));
    let expected = document(Kind::User, with(changes));
    assert_eq!(
        after,
        Value::Object(expected.attributes),
        "{mode:?} {operations}"
    );
}

#[track_caller]
fn one(op: &str, path: &str, value: Value, changes: &[(&str, Value)]) {
    check(json!([{ "op": op, "path": path, "value": value }]), changes);
}

/// What the RFC has and the interoperability profile has not.
#[track_caller]
fn lenient(op: &str, path: &str, value: Value, changes: &[(&str, Value)]) {
    let operations = json!([{ "op": op, "path": path, "value": value }]);
    check_in(Mode::Lenient, operations, changes);
}

#[track_caller]
fn strict(op: &str, path: &str, value: Value, changes: &[(&str, Value)]) {
    let operations = json!([{ "op": op, "path": path, "value": value }]);
    check_in(Mode::Strict, operations, changes);
}

#[track_caller]
fn remove(path: &str, changes: &[(&str, Value)]) {
    check(json!([{ "op": "remove", "path": path }]), changes);
}

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

fn enterprise(rest: &str) -> String {
    format!("/{ENTERPRISE}/{rest}")
}

fn badges(rest: &str) -> String {
    format!("/{BADGES}/{rest}")
}

#[test]
fn single_values_are_set_and_removed() {
    for op in ["add", "replace"] {
        one(op, "title", json!("Dr"), &[("/title", json!("Dr"))]);
        one(op, "TITLE", json!("Dr"), &[("/title", json!("Dr"))]);
        one(op, "nickName", json!("A"), &[("/nickName", json!("A"))]);
        one(op, "title", Value::Null, &[("/title", Value::Null)]);
        one(op, "active", json!(false), &[("/active", json!(false))]);
        one(
            op,
            "externalId",
            json!("x2"),
            &[("/externalId", json!("x2"))],
        );
        one(
            op,
            DEPARTMENT,
            json!("R&D"),
            &[(&enterprise("department"), json!("R&D"))],
        );
        one(
            op,
            &format!("{BADGES}:floor"),
            json!(3),
            &[(&badges("floor"), json!(3))],
        );
        one(
            op,
            "urn:ietf:params:scim:schemas:core:2.0:User:title",
            json!("Dr"),
            &[("/title", json!("Dr"))],
        );
    }
    remove("title", &[("/title", Value::Null)]);
    remove("nickName", &[]);
    remove("active", &[("/active", Value::Null)]);
    remove(DEPARTMENT, &[(&enterprise("department"), Value::Null)]);
    remove(ENTERPRISE, &[(&format!("/{ENTERPRISE}"), Value::Null)]);
}

#[test]
fn complex_values_merge() {
    for (op, merges) in [
        ("add", one as fn(&str, &str, Value, &[(&str, Value)])),
        ("replace", lenient),
    ] {
        merges(
            op,
            "name",
            json!({ "familyName": "King" }),
            &[("/name/familyName", json!("King"))],
        );
        merges(
            op,
            "name",
            json!({ "GIVENNAME": null }),
            &[("/name/givenName", Value::Null)],
        );
        merges(op, "name", json!({}), &[]);
        one(op, "name", Value::Null, &[("/name", Value::Null)]);
        one(
            op,
            "name.middleName",
            json!("K"),
            &[("/name/middleName", json!("K"))],
        );
        merges(op, MANAGER, json!({ "value": "m1" }), &[]);
    }
    remove("name.givenName", &[("/name/givenName", Value::Null)]);
    let both = json!([
        { "op": "remove", "path": "name.givenName" },
        { "op": "remove", "path": "name.familyName" },
    ]);
    check(both, &[("/name", Value::Null)]);
}

#[test]
fn complex_values_are_replaced_whole_on_strict_connections() {
    let king = json!({ "familyName": "King" });
    strict("replace", "name", king.clone(), &[("/name", king)]);
    strict("replace", "name", json!({}), &[("/name", Value::Null)]);
    let manager = json!({ "value": "m1" });
    strict("add", MANAGER, manager.clone(), &[]);
    let bare = [(&*enterprise("manager"), manager.clone())];
    strict("replace", MANAGER, manager, &bare);
    // What is set once for all stays.
    let color = json!({ "color": "red" });
    let path = format!("{BADGES}:badge");
    let red = [(&*badges("badge/color"), json!("red"))];
    strict("replace", &path, color, &red);
}

#[test]
fn another_manager_leaves_no_reference_to_the_old_one() {
    let other = [(&*enterprise("manager"), json!({ "value": "m2" }))];
    one(
        "replace",
        MANAGER,
        json!({ "value": "m2", "displayName": "ignored" }),
        &other,
    );
    one("replace", &format!("{MANAGER}.value"), json!("m2"), &other);
    let given = json!({ "$ref": "../Users/m2", "value": "m2" });
    one(
        "add",
        MANAGER,
        given.clone(),
        &[(&*enterprise("manager"), given)],
    );
}

#[test]
fn without_path_the_keys_are_paths() {
    let value = json!({
        "id": ID,
        "schemas": ["urn:a:b"],
        "meta": { "version": "5" },
        "groups": [{ "value": "g" }],
        "password": "secret",
        "Title": "Dr",
        "name.givenName": "A",
        "emails[type eq \"work\"].value": "n",
        DEPARTMENT: "R&D",
        "urn:ietf:params:scim:schemas:core:2.0:User:nickName": "N",
        ENTERPRISE: { "costCenter": "5", "manager": { "displayName": "ignored" } },
        BADGES: { "badge.color": "red", "desk": "ignored", "badge": { "issuer": "ignored" } },
    });
    let changes = [
        ("/title", json!("Dr")),
        ("/name/givenName", json!("A")),
        ("/emails/0/value", json!("n")),
        ("/nickName", json!("N")),
        (&enterprise("department"), json!("R&D")),
        (&enterprise("costCenter"), json!("5")),
        (&badges("badge/color"), json!("red")),
    ];
    for op in ["add", "replace"] {
        check_in(
            Mode::Lenient,
            json!([{ "op": op, "value": value }]),
            &changes,
        );
    }
    let core = json!([{ "op": "replace", "value": {
        "urn:ietf:params:scim:schemas:core:2.0:User": { "title": "Dr" }, BADGES: null,
    } }]);
    let replace = json!([{ "op": "replace", "path": BADGES, "value": { "floor": 1 } }]);
    check(replace, &[(&badges("floor"), json!(1))]);
    let before = document(Kind::User, person());
    let error = run(Mode::Lenient, &before, core).unwrap_err();
    assert!(error.detail.contains("hired is immutable"), "{error}");
}

#[test]
fn operations_see_what_earlier_ones_did() {
    let operations = json!([
        { "op": "remove", "path": "externalId" },
        { "op": "add", "path": "externalId", "value": "first" },
        { "op": "replace", "path": "externalId", "value": "second" },
        { "op": "replace", "path": "userName", "value": "lovelace" },
        { "op": "add", "path": "emails", "value": [{ "value": "q", "type": "q" }] },
        { "op": "remove", "path": "emails[type ne \"q\"]" },
    ]);
    check(
        operations,
        &[
            ("/externalId", json!("second")),
            ("/userName", json!("lovelace")),
            ("/emails", json!([{ "value": "q", "type": "q" }])),
        ],
    );
}

#[test]
fn what_is_set_once_may_be_set_and_repeated() {
    one("replace", &format!("{BADGES}:hired"), json!("1840"), &[]);
    one(
        "add",
        &format!("{BADGES}:badge"),
        json!({ "number": "7", "color": "red" }),
        &[(&badges("badge/color"), json!("red"))],
    );
    let before = document(Kind::User, json!({ "userName": "new" }));
    let set = json!([{ "op": "add", "path": format!("{BADGES}:hired"), "value": "1841" }]);
    let after = run(Mode::Strict, &before, set).unwrap();
    assert_eq!(after[BADGES]["hired"], "1841");
}
