use serde_json::{Value, json};

use crate::bulk::{Bulk, MAX_OPERATIONS, REQUEST_URN};
use crate::mode::Mode;

fn told(status: u16, kind: Option<crate::error::ScimType>) -> String {
    kind.map_or(status.to_string(), |kind| {
        format!("{status} {}", kind.as_str())
    })
}

fn whole(mode: Mode, body: Value) -> String {
    match Bulk::parse(mode, body) {
        Ok(_) => "ok".to_owned(),
        Err(error) => told(error.status, error.scim_type),
    }
}

#[track_caller]
fn check(body: Value, lenient: &str, strict: &str) {
    assert_eq!(whole(Mode::Lenient, body.clone()), lenient, "{body}");
    assert_eq!(whole(Mode::Strict, body.clone()), strict, "{body}");
}

fn delete() -> Value {
    json!({ "method": "DELETE", "path": "/Users/1" })
}

#[test]
fn messages() {
    let request = |members: Value| {
        let mut body = json!({ "schemas": [REQUEST_URN], "Operations": [delete()] });
        body.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        body
    };
    check(request(json!({})), "ok", "ok");
    check(request(json!({ "failOnErrors": 1 })), "ok", "ok");
    check(request(json!({ "failOnErrors": null })), "ok", "ok");
    check(
        request(json!({ "failOnErrors": -1 })),
        "400 invalidValue",
        "400 invalidValue",
    );
    check(
        request(json!({ "failOnErrors": "1" })),
        "400 invalidValue",
        "400 invalidValue",
    );
    check(
        request(json!({ "failOnErrors": 1.5 })),
        "400 invalidValue",
        "400 invalidValue",
    );
    check(request(json!({ "more": 1 })), "ok", "400 invalidSyntax");
    check(request(json!({ "schemas": [] })), "ok", "400 invalidSyntax");
    check(
        request(json!({ "Operations": [] })),
        "ok",
        "400 invalidSyntax",
    );
    check(
        request(json!({ "Operations": {} })),
        "400 invalidSyntax",
        "400 invalidSyntax",
    );
    check(
        json!({ "schemas": [REQUEST_URN] }),
        "400 invalidSyntax",
        "400 invalidSyntax",
    );
    check(json!([]), "400 invalidSyntax", "400 invalidSyntax");
    check(
        json!({ "operations": [delete()] }),
        "ok",
        "400 invalidSyntax",
    );
    let full = vec![delete(); MAX_OPERATIONS];
    check(request(json!({ "Operations": full })), "ok", "ok");
    let over = vec![delete(); MAX_OPERATIONS + 1];
    check(request(json!({ "Operations": over })), "413", "413");
    let error = Bulk::parse(Mode::Lenient, request(json!({ "Operations": over }))).unwrap_err();
    assert!(error.detail.contains("1,000"), "{}", error.detail);
}

#[track_caller]
fn check_operation(operation: Value, lenient: &str, strict: &str) {
    for (mode, expected) in [(Mode::Lenient, lenient), (Mode::Strict, strict)] {
        let body = json!({ "schemas": [REQUEST_URN], "Operations": [operation] });
        let bulk = Bulk::parse(mode, body).unwrap();
        let told = match &bulk.entries[0].operation {
            Ok(_) => "ok".to_owned(),
            Err(error) => told(error.status, error.scim_type),
        };
        assert_eq!(told, expected, "{operation} {mode:?}");
    }
}

#[test]
fn operations() {
    let post = |members: Value| {
        let mut operation =
            json!({ "method": "POST", "path": "/Users", "bulkId": "a", "data": {} });
        operation
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        operation
    };
    let on = |method: &str, path: &str| json!({ "method": method, "path": path, "data": {} });
    let value = "400 invalidValue";
    let syntax = "400 invalidSyntax";
    check_operation(post(json!({})), "ok", "ok");
    check_operation(post(json!({ "path": "/Users/" })), "ok", "ok");
    check_operation(post(json!({ "version": "words" })), "ok", "ok");
    check_operation(post(json!({ "more": 1 })), "ok", syntax);
    check_operation(post(json!({ "bulkId": "" })), value, value);
    check_operation(post(json!({ "bulkId": 5 })), value, value);
    check_operation(post(json!({ "bulkId": null })), value, value);
    check_operation(post(json!({ "data": null })), value, value);
    check_operation(post(json!({ "data": "text" })), value, value);
    check_operation(post(json!({ "path": null })), value, value);
    check_operation(post(json!({ "path": "/Users/1" })), value, value);
    check_operation(post(json!({ "path": "/users" })), "404", "404");
    check_operation(post(json!({ "path": "/Bulk" })), "404", "404");
    check_operation(
        post(json!({ "path": "https://example.com/Users" })),
        "404",
        "404",
    );
    check_operation(post(json!({ "method": "post" })), "ok", syntax);
    check_operation(post(json!({ "method": "GET" })), syntax, syntax);
    check_operation(post(json!({ "method": null })), syntax, syntax);
    check_operation(json!("POST"), syntax, syntax);
    check_operation(on("PUT", "/Users/1"), "ok", "ok");
    check_operation(on("PATCH", "Groups/1"), "ok", "ok");
    check_operation(on("PUT", "/Users"), value, value);
    check_operation(on("PUT", "/Users//"), value, value);
    check_operation(on("PUT", "/Users/1/more"), value, value);
    check_operation(on("PUT", "/Users/1?attributes=id"), value, value);
    check_operation(
        json!({ "method": "PATCH", "path": "/Users/1" }),
        value,
        value,
    );
    check_operation(delete(), "ok", "ok");
    let tagged =
        |version: Value| json!({ "method": "DELETE", "path": "/Users/1", "version": version });
    check_operation(tagged(json!("W/\"12\"")), "ok", "ok");
    check_operation(tagged(json!("12")), value, value);
    check_operation(tagged(json!(12)), value, value);
}

#[test]
fn a_method_comes_back_where_it_is_a_short_word() {
    let check = |sent: Value, told: Option<&str>| {
        let operation = json!({ "method": sent, "path": "/Users" });
        let bulk = Bulk::parse(Mode::Lenient, json!({ "Operations": [operation] })).unwrap();
        let error = bulk.entries[0].operation.clone().unwrap_err();
        let response = bulk.response(&[Some(crate::bulk::Outcome::failed(error, None))]);
        let method = response["Operations"][0].get("method");
        assert_eq!(method, told.map(Value::from).as_ref(), "{sent}");
    };
    check(json!("GET"), Some("GET"));
    check(json!("version-control"), Some("version-control"));
    check(json!("put"), Some("PUT"));
    check(json!("x".repeat(20)), Some(&"x".repeat(20)));
    check(json!("x".repeat(21)), None);
    check(json!(""), None);
    check(json!("<script>"), None);
    check(json!("GET "), None);
    check(json!(7), None);
    check(Value::Null, None);
}

#[test]
fn details_name_the_field_and_never_the_input() {
    for operation in [
        json!({ "method": "<script>" }),
        json!({ "method": "PUT", "path": "/<script>/1" }),
        json!({ "method": "PUT", "path": "/Users/<script>/x", "data": {} }),
        json!({ "method": "PUT", "path": "/Users/1", "version": "<script>", "data": {} }),
        json!({ "method": "PUT", "path": "/Users/bulkId:<script>", "data": {} }),
        json!({ "method": "POST", "path": "/Users", "bulkId": ["<script>"] }),
    ] {
        let body = json!({ "Operations": [operation] });
        let bulk = Bulk::parse(Mode::Lenient, body).unwrap();
        let error = bulk.entries[0].operation.clone().unwrap_err();
        assert!(!error.detail.contains("script"), "{}", error.detail);
    }
}

#[test]
fn one_name_for_two_creations_is_refused_for_both() {
    let bulk = super::bulk(json!([
        super::user("a", None),
        super::user("a", None),
        super::user("b", Some("bulkId:a")),
        { "method": "DELETE", "path": "/Users/1", "bulkId": "b" },
    ]));
    let fine: Vec<bool> = bulk
        .entries
        .iter()
        .map(|entry| entry.operation.is_ok())
        .collect();
    assert_eq!(fine, [false, false, true, true]);
}

#[test]
fn members_are_counted_over_all_operations() {
    let members = |count: usize| vec![json!({ "value": "x" }); count];
    let patch = |value: Value| json!({ "method": "PATCH", "path": "/Groups/1", "data": { "Operations": [value] } });
    for (operation, expected) in [
        (super::group("g", &["1", "2"]), 2),
        (super::user("u", None), 0),
        (delete(), 0),
        (
            json!({ "method": "PUT", "path": "/Groups/1", "data": { "Members": members(3) } }),
            3,
        ),
        (
            json!({ "method": "PUT", "path": "/Groups/1", "data": { "members": { "value": "x" } } }),
            1,
        ),
        (
            patch(json!({ "op": "add", "path": "members", "value": members(4) })),
            4,
        ),
        (
            patch(json!({ "op": "add", "value": { "members": members(5) } })),
            5,
        ),
        (
            patch(json!({ "op": "remove", "path": "members[value eq \"x\"]" })),
            1,
        ),
        (
            patch(json!({ "op": "replace", "path": "displayName", "value": "x" })),
            0,
        ),
    ] {
        assert_eq!(
            super::bulk(json!([operation])).members(),
            expected,
            "{operation}"
        );
    }
    let many = patch(json!({ "op": "add", "path": "members", "value": members(1_000) }));
    let body = |count| json!({ "Operations": vec![many.clone(); count] });
    assert_eq!(whole(Mode::Lenient, body(100)), "ok");
    assert_eq!(whole(Mode::Lenient, body(101)), "413");
}

#[test]
fn fail_on_errors_counts() {
    let bulk = |limit: Value| {
        Bulk::parse(
            Mode::Lenient,
            json!({ "failOnErrors": limit, "Operations": [] }),
        )
        .unwrap()
    };
    for (limit, errors, stops) in [
        (json!(null), 1_000, false),
        (json!(0), 0, false),
        (json!(0), 1, true),
        (json!(1), 0, false),
        (json!(1), 1, true),
        (json!(3), 2, false),
        (json!(3), 3, true),
    ] {
        assert_eq!(
            bulk(limit.clone()).stops_after(errors),
            stops,
            "{limit} {errors}"
        );
    }
}
