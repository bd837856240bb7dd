//! What is refused, and with which keyword.

use serde_json::{Value, json};

use super::{BADGES, document, keyword, message, registry, run};
use crate::error::ScimType::{
    self, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget,
};
use crate::mode::Mode::{self, Lenient, Strict};
use crate::patch::{MAX_OPERATIONS, Patch};
use crate::resource::Resource;
use crate::schema::Kind;

fn person() -> Resource {
    let body = json!({
        "userName": "ada",
        "emails": [{ "value": "a", "type": "work" }, { "value": "b", "type": "home" }],
        BADGES: { "hired": "1840", "badge": { "number": "7" } },
    });
    document(Kind::User, body)
}

#[track_caller]
fn check(mode: Mode, operation: Value, expected: ScimType) {
    let text = operation.to_string();
    assert_eq!(
        keyword(run(mode, &person(), json!([operation]))),
        expected,
        "{mode:?} {text}"
    );
}

#[track_caller]
fn both(operation: Value, expected: ScimType) {
    check(Strict, operation.clone(), expected);
    check(Lenient, operation, expected);
}

#[test]
fn paths() {
    let malformed = [
        "schemas[0]",
        "a..b",
        "__proto__",
        "name.givenName.x",
        "emails[",
        "emails[type eq \"work\"",
        "emails[type eq \"work\"]value",
        "emails[type eq \"work\"].",
        "emails[type eq \"work\"].value.x",
        "emails[nothing eq \"work\"]",
        "emails[type gt 5 5]",
        "emails[primary eq \"perhaps\"]",
        "nothing[0]",
        "title[value eq \"x\"]",
        "name[givenName eq \"x\"].familyName",
        "user name",
        "emails.display",
    ];
    for path in malformed {
        both(
            json!({ "op": "replace", "path": path, "value": "x" }),
            InvalidPath,
        );
    }
    both(
        json!({ "op": "add", "path": ["title"], "value": "x" }),
        InvalidPath,
    );
    both(
        json!({ "op": "add", "path": "x".repeat(9000), "value": "x" }),
        InvalidPath,
    );
    check(
        Strict,
        json!({ "op": "replace", "value": { "title": "x" } }),
        InvalidSyntax,
    );
    for pathless in [
        json!({ "op": "remove" }),
        json!({ "op": "remove", "value": { "title": "x" } }),
        json!({ "op": "remove", "path": null }),
    ] {
        check(Lenient, pathless.clone(), NoTarget);
        check(Strict, pathless, InvalidSyntax);
    }
}

#[test]
fn whole_elements_are_not_written_on_strict_connections() {
    for op in ["add", "replace"] {
        check(
            Strict,
            json!({ "op": op, "path": "emails[type eq \"work\"]", "value": { "value": "c" } }),
            InvalidPath,
        );
    }
    let remove = json!([{ "op": "remove", "path": "emails[type eq \"work\"]" }]);
    let after = run(Strict, &person(), remove).unwrap();
    assert_eq!(after.get("emails").unwrap().as_array().unwrap().len(), 1);
}

#[test]
fn unknown_names_are_for_lenient_connections_only() {
    for path in [
        "nothing",
        "name.nothing",
        "urn:x:y:z",
        "nothing[a eq \"b\"].c",
        "nothing[a eq 1].c",
        "nothing[a eq true]",
        "department",
    ] {
        check(
            Strict,
            json!({ "op": "replace", "path": path, "value": "x" }),
            InvalidSyntax,
        );
    }
    check(
        Strict,
        json!({ "op": "add", "path": "name", "value": { "x": "y" } }),
        InvalidSyntax,
    );
    for value in [json!(["urn:x"]), json!("urn:x")] {
        check(
            Strict,
            json!({ "op": "add", "path": "schemas", "value": value }),
            InvalidSyntax,
        );
    }
}

#[test]
fn values() {
    let wrong = [
        ("title", json!(5)),
        ("title", json!({ "a": 1 })),
        ("active", json!("perhaps")),
        ("active", json!(1)),
        ("emails", json!([5])),
        ("emails[type eq \"work\"].value", json!(5)),
        ("name", json!(5)),
        ("urn:example:badges:1.0:floor", json!("3")),
        ("urn:example:badges:1.0:floor", json!(3.5)),
        ("urn:example:badges:1.0", json!("x")),
    ];
    for (path, value) in wrong {
        both(
            json!({ "op": "replace", "path": path, "value": value }),
            InvalidValue,
        );
    }
    check(
        Lenient,
        json!({ "op": "replace", "path": "emails[type eq \"work\"]",
            "value": [{ "value": "1" }, { "value": "2" }] }),
        InvalidValue,
    );
    // A rule of the whole document, hence about no operation.
    let operation = json!([{ "op": "replace", "path": "userName", "value": "a\u{202e}b" }]);
    let error = run(Strict, &person(), operation).unwrap_err();
    assert_eq!(error.scim_type, Some(InvalidValue), "{error}");
    both(json!({ "op": "add", "path": "title" }), InvalidValue);
    check(Lenient, json!({ "op": "add", "value": "x" }), InvalidValue);
    check(Lenient, json!({ "op": "add" }), InvalidValue);
    let two = json!([{ "value": "1", "primary": true }, { "value": "2", "primary": true }]);
    check(
        Strict,
        json!({ "op": "add", "path": "emails", "value": two }),
        InvalidValue,
    );
}

#[test]
fn what_clients_may_not_change() {
    let read_only = [
        "id",
        "meta",
        "meta.version",
        "groups",
        "groups[value eq \"x\"]",
        "groups.value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
        "urn:example:badges:1.0:desk",
    ];
    for path in read_only {
        both(
            json!({ "op": "replace", "path": path, "value": "x" }),
            Mutability,
        );
        both(json!({ "op": "remove", "path": path }), Mutability);
    }
    both(json!({ "op": "remove", "path": "userName" }), Mutability);
    for value in [json!(null), json!("")] {
        let operation = json!({ "op": "replace", "path": "userName", "value": value });
        for mode in [Strict, Lenient] {
            let error = run(mode, &person(), json!([operation])).unwrap_err();
            assert_eq!(error.scim_type, Some(InvalidValue), "{error}");
        }
    }
    both(json!({ "op": "remove", "path": "schemas" }), Mutability);
    check(
        Lenient,
        json!({ "op": "replace", "value": { "id": "other" } }),
        Mutability,
    );
    check(
        Lenient,
        json!({ "op": "replace", "value": { "id": null } }),
        Mutability,
    );
    for path in ["hired", "badge.number"] {
        let path = format!("{BADGES}:{path}");
        both(
            json!({ "op": "replace", "path": path, "value": "x" }),
            Mutability,
        );
        both(json!({ "op": "remove", "path": path }), Mutability);
    }
    both(json!({ "op": "remove", "path": BADGES }), Mutability);
}

#[test]
fn nothing_matches() {
    let no_match = "emails[type eq \"other\"]";
    check(
        Strict,
        json!({ "op": "replace", "path": format!("{no_match}.value"), "value": "c" }),
        NoTarget,
    );
    check(
        Strict,
        json!({ "op": "remove", "path": no_match }),
        NoTarget,
    );
    for filter in [
        "type ne \"work\" and type ne \"home\"",
        "type eq \"a\" or type eq \"b\"",
        "type eq \"a\" and type eq \"b\"",
        "not (type pr)",
    ] {
        let path = format!("emails[{filter}].value");
        both(json!({ "op": "add", "path": path, "value": "c" }), NoTarget);
        both(
            json!({ "op": "replace", "path": path, "value": "c" }),
            NoTarget,
        );
    }
}

#[test]
fn a_failure_names_its_operation_and_changes_nothing() {
    let mut operations = vec![json!({ "op": "add", "path": "title", "value": "x" }); 20];
    operations[14] = json!({ "op": "remove", "path": "emails[type eq \"other\"]" });
    let before = person();
    let error = run(Strict, &before, json!(operations)).unwrap_err();
    assert_eq!(
        error.detail,
        "operation 15: no element of emails matches the path"
    );
    assert_eq!(before, person());
}

#[test]
fn messages() {
    let refuse = |mode, body: Value| {
        let error = Patch::parse(&registry(), Kind::User, mode, body).unwrap_err();
        (error.status, error.scim_type)
    };
    let set = |op: Value| json!([{ "op": op, "path": "title", "value": "x" }]);
    for mode in [Strict, Lenient] {
        assert_eq!(refuse(mode, json!([])), (400, Some(InvalidSyntax)));
        assert_eq!(
            refuse(mode, message(json!("x"))),
            (400, Some(InvalidSyntax))
        );
        assert_eq!(
            refuse(mode, message(json!(["x"]))),
            (400, Some(InvalidSyntax))
        );
        for op in [json!("move"), json!(""), json!(5), Value::Null] {
            assert_eq!(refuse(mode, message(set(op))), (400, Some(InvalidSyntax)));
        }
        let many = vec![set(json!("add"))[0].clone(); MAX_OPERATIONS + 1];
        assert_eq!(refuse(mode, message(json!(many))), (413, None));
    }
    for body in [
        json!({ "Operations": set(json!("add")) }),
        json!({ "schemas": ["urn:x"], "Operations": set(json!("add")) }),
        message(json!([])),
        json!({ "schemas": [crate::patch::PATCH_URN] }),
        message(set(json!("Add"))),
        message(set(json!("add"))[0].clone()),
    ] {
        assert_eq!(refuse(Strict, body), (400, Some(InvalidSyntax)));
    }
}

#[test]
fn an_error_never_repeats_what_was_sent() {
    for path in [
        "<script>",
        "emails[<script> eq 1]",
        "title<script>",
        "urn:<script>:x",
    ] {
        let operation = json!([{ "op": "add", "path": path, "value": "<script>" }]);
        let error = run(Strict, &person(), operation).unwrap_err();
        assert!(!error.detail.contains("script"), "{error}");
    }
}
