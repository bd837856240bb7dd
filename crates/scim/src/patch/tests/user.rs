//! What the operations do to a user's document.

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
    for op in ["add", "replace"] {
        one(
            op,
            "name",
            json!({ "familyName": "King" }),
            &[("/name/familyName", json!("King"))],
        );
        one(
            op,
            "name",
            json!({ "GIVENNAME": null }),
            &[("/name/givenName", Value::Null)],
        );
        one(op, "name", json!({}), &[]);
        one(op, "name", Value::Null, &[("/name", Value::Null)]);
        one(
            op,
            "name.middleName",
            json!("K"),
            &[("/name/middleName", json!("K"))],
        );
        one(op, MANAGER, json!({ "value": "m1" }), &[]);
    }
    remove("name.givenName", &[("/name/givenName", Value::Null)]);
    let both = json!([
        { "op": "remove", "path": "name.givenName" },
        { "op": "remove", "path": "name.familyName" },
    ]);
    check(both, &[("/name", Value::Null)]);
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
fn lists_are_joined_replaced_and_cleared() {
    let third = json!({ "value": "a@other.example", "type": "other" });
    let emails = person()["emails"].clone();
    let more = json!([emails[0], emails[1], third]);
    one("add", "emails", json!([third]), &[("/emails", more)]);
    one("add", "emails", json!([emails[1]]), &[]);
    one(
        "add",
        "emails",
        json!([{ "value": "A@HOME.example", "type": "home" }]),
        &[(
            "/emails/1",
            json!({ "value": "A@HOME.example", "type": "home" }),
        )],
    );
    one("add", "emails", json!([]), &[]);
    one("add", "emails", Value::Null, &[]);
    one(
        "replace",
        "emails",
        json!([third]),
        &[("/emails", json!([third]))],
    );
    one("replace", "emails", json!([]), &[("/emails", Value::Null)]);
    one(
        "replace",
        "emails",
        Value::Null,
        &[("/emails", Value::Null)],
    );
    remove("emails", &[("/emails", Value::Null)]);
    let same = json!([{ "locality": "London", "type": "work" }]);
    one("add", "addresses", same, &[]);
    one(
        "add",
        &format!("{BADGES}:tags"),
        json!(["c", "a"]),
        &[(&badges("tags"), json!(["a", "b", "c"]))],
    );
    remove(
        &format!("{BADGES}:tags[value eq \"A\"]"),
        &[(&badges("tags"), json!(["b"]))],
    );
}

#[test]
fn one_element_is_primary() {
    let marked = json!({ "value": "a@home.example", "type": "home", "primary": true });
    let moved = [
        ("/emails/0/primary", json!(false)),
        ("/emails/1", marked.clone()),
    ];
    one("add", "emails", json!([marked]), &moved);
    one(
        "replace",
        "emails[type eq \"home\"]",
        marked.clone(),
        &moved,
    );
    one(
        "replace",
        "emails[type eq \"home\"].primary",
        json!(true),
        &moved,
    );
    one(
        "add",
        "emails[value sw \"a\"].primary",
        json!(true),
        &[("/emails/1/primary", json!(false))],
    );
}

#[test]
fn value_paths_select_elements() {
    for op in ["add", "replace"] {
        one(
            op,
            "emails[type eq \"work\"].value",
            json!("n"),
            &[("/emails/0/value", json!("n"))],
        );
        one(
            op,
            "emails[TYPE EQ \"home\"].Value",
            json!("n"),
            &[("/emails/1/value", json!("n"))],
        );
        one(
            op,
            "emails[type pr].display",
            json!("D"),
            &[
                ("/emails/0/display", json!("D")),
                ("/emails/1/display", json!("D")),
            ],
        );
    }
    one(
        "add",
        "emails[type eq \"work\"]",
        json!({ "value": "n" }),
        &[("/emails/0/value", json!("n"))],
    );
    // The record is replaced, and still the one of the path.
    one(
        "replace",
        "emails[type eq \"work\"]",
        json!({ "value": "n" }),
        &[("/emails/0", json!({ "value": "n", "type": "work" }))],
    );
    one(
        "replace",
        "emails[type eq \"home\"]",
        json!({ "value": "n", "type": "other" }),
        &[("/emails/1", json!({ "value": "n", "type": "other" }))],
    );
    let first = || person()["emails"][0].clone();
    remove("emails[type eq \"home\"]", &[("/emails", json!([first()]))]);
    remove(
        "emails[type eq \"home\"].value",
        &[("/emails", json!([first()]))],
    );
    remove(
        "emails[type eq \"home\" and value ew \"home.example\"]",
        &[("/emails", json!([first()]))],
    );
    remove("emails[type pr]", &[("/emails", Value::Null)]);
    remove(
        "emails[type eq \"work\"].primary",
        &[(
            "/emails/0",
            json!({ "value": "a@work.example", "type": "work" }),
        )],
    );
    remove(
        "addresses[type eq \"work\"].locality",
        &[("/addresses", Value::Null)],
    );
    one(
        "replace",
        "emails[type eq \"home\"]",
        Value::Null,
        &[("/emails", json!([first()]))],
    );
}

#[test]
fn adding_builds_the_element_that_the_path_describes() {
    let built = json!({ "value": "1", "type": "fax" });
    one(
        "add",
        "phoneNumbers[type eq \"fax\"].value",
        json!("1"),
        &[("/phoneNumbers", json!([built]))],
    );
    one(
        "add",
        "phoneNumbers[type eq \"fax\"]",
        json!({ "value": "1" }),
        &[("/phoneNumbers", json!([built]))],
    );
    one(
        "add",
        "roles[primary eq true and type eq \"t\"].value",
        json!("admin"),
        &[(
            "/roles",
            json!([{ "value": "admin", "type": "t", "primary": true }]),
        )],
    );
    let shared = json!([
        { "op": "add", "path": "addresses[type eq \"home\"].locality", "value": "Ockham" },
        { "op": "add", "path": "addresses[type eq \"home\"].country", "value": "GB" },
    ]);
    let home = json!({ "locality": "Ockham", "country": "GB", "type": "home" });
    let work = person()["addresses"][0].clone();
    check(shared, &[("/addresses", json!([work, home]))]);
}

#[test]
fn replacing_builds_on_lenient_connections_only() {
    let operations = json!([
        { "op": "replace", "path": "ims[type eq \"xmpp\"].value", "value": "a@im" },
        { "op": "remove", "path": "photos[type eq \"photo\"]" },
    ]);
    let built = json!([{ "value": "a@im", "type": "xmpp" }]);
    check_in(Mode::Lenient, operations, &[("/ims", built)]);
}

#[test]
fn a_list_attribute_without_filter_means_one_element() {
    for op in ["add", "replace"] {
        one(
            op,
            "emails.value",
            json!("n"),
            &[("/emails/0/value", json!("n"))],
        );
        one(
            op,
            "addresses.region",
            json!("R"),
            &[("/addresses/0/region", json!("R"))],
        );
        one(
            op,
            "phoneNumbers.value",
            json!("1"),
            &[("/phoneNumbers", json!([{ "value": "1" }]))],
        );
    }
    remove("addresses.locality", &[("/addresses", Value::Null)]);
    remove("phoneNumbers.value", &[]);
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

#[test]
fn long_lists_cost_what_they_hold() {
    let list: Vec<Value> = (0..20_000)
        .map(|n| json!({ "locality": format!("L{n}"), "type": "t" }))
        .collect();
    let before = document(Kind::User, json!({ "userName": "u" }));
    let operations = json!([
        { "op": "add", "path": "addresses", "value": list },
        { "op": "add", "path": "addresses", "value": list },
        { "op": "remove", "path": "addresses[locality ne \"L7\"]" },
    ]);
    let after = run(Mode::Lenient, &before, operations).unwrap();
    assert_eq!(after["addresses"], json!([list[7]]));
}
