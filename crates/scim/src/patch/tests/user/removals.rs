//! Removals that name some values of a list, and elements that say nothing.

use serde_json::{Value, json};

use super::super::{BADGES, keyword};
use super::{badges, check, check_in, document, lenient, person, run};
use crate::error::ScimType;
use crate::mode::Mode;
use crate::schema::Kind;

#[test]
fn a_removal_with_values_takes_only_those() {
    let emails = person()["emails"].clone();
    let work = [("/emails", json!([emails[0]]))];
    for value in [
        json!([{ "value": "A@home.example" }]),
        json!([{ "value": "a@home.example", "type": "Home", "display": "x" }]),
        json!({ "value": "a@home.example" }),
        json!("a@home.example"),
    ] {
        lenient("remove", "emails", value, &work);
    }
    lenient("remove", "emails", emails, &[("/emails", Value::Null)]);
    for value in [
        json!([{ "value": "a@home.example", "type": "work" }]),
        json!([{ "value": "nobody" }]),
        json!([{ "type": "home" }]),
        json!([]),
    ] {
        lenient("remove", "emails", value, &[]);
    }
    let tags = format!("{BADGES}:tags");
    let left = [(&*badges("tags"), json!(["b"]))];
    lenient("remove", &tags, json!(["A", "z"]), &left);
    let whole = json!([{ "type": "work", "locality": "London" }]);
    lenient("remove", "addresses", whole, &[("/addresses", Value::Null)]);
    lenient("remove", "addresses", json!([{ "type": "work" }]), &[]);
}

#[test]
fn a_removal_with_values_is_refused_without_mends() {
    let before = document(Kind::User, person());
    for mode in [Mode::Strict, Mode::Rfc] {
        let operation = json!({ "op": "remove", "path": "emails", "value": [{ "value": "x" }] });
        let result = run(mode, &before, json!([operation]));
        assert_eq!(keyword(result), ScimType::InvalidValue);
    }
    // Of no list, and null as absent.
    let operations = json!([
        { "op": "remove", "path": "title", "value": "Countess" },
        { "op": "remove", "path": "emails", "value": null },
        { "op": "remove", "path": "addresses[type eq \"work\"]", "value": "x" },
    ]);
    let gone = ["/title", "/emails", "/addresses"];
    check(operations, &gone.map(|path| (path, Value::Null)));
}

#[test]
fn an_element_that_was_built_and_says_nothing_goes() {
    let before = document(Kind::User, person());
    for (op, path, value) in [
        ("add", "ims[primary eq false].type", json!("zz")),
        ("add", "ims[type eq \"zz\"].display", json!("D")),
        ("add", "ims.type", json!("zz")),
        ("replace", "ims[type eq \"zz\"].primary", json!(true)),
    ] {
        lenient(op, path, value.clone(), &[]);
        for mode in [Mode::Strict, Mode::Rfc] {
            let operation = json!({ "op": op, "path": path, "value": value });
            let result = run(mode, &before, json!([operation]));
            assert_eq!(keyword(result), ScimType::NoTarget, "{op} {path}");
        }
    }
    // By operations of their own, in any order.
    let operations = json!([
        { "op": "add", "path": "ims[type eq \"zz\"].display", "value": "D" },
        { "op": "add", "path": "ims[type eq \"zz\"].value", "value": "v" },
    ]);
    let built = json!([{ "value": "v", "display": "D", "type": "zz" }]);
    check(operations, &[("/ims", built)]);
    // What a client sends as a whole is the client's.
    let sent = json!([{ "type": "zz" }]);
    check(
        json!([{ "op": "add", "path": "ims", "value": sent }]),
        &[("/ims", sent)],
    );
}

#[test]
fn an_element_that_is_not_marked_is_not_primary() {
    let changed = [("/emails/1/type", json!("zz"))];
    let operations =
        json!([{ "op": "replace", "path": "emails[primary eq false].type", "value": "zz" }]);
    check(operations, &changed);
    let operations = json!([{ "op": "remove", "path": "emails[primary ne true]" }]);
    let work = json!([person()["emails"][0]]);
    check(operations, &[("/emails", work)]);
}

#[test]
fn simple_values_are_patched_one_by_one() {
    let tags = |rest: &str| format!("{BADGES}:tags{rest}");
    for path in [tags("[value eq \"a\"]"), tags("[value eq \"A\"].VALUE")] {
        let operations = json!([{ "op": "replace", "path": path, "value": "z" }]);
        check(operations, &[(&badges("tags"), json!(["z", "b"]))]);
        let operations = json!([{ "op": "remove", "path": path }]);
        check(operations, &[(&badges("tags"), json!(["b"]))]);
    }
    let before = document(Kind::User, person());
    for op in ["add", "replace", "remove"] {
        for mode in [Mode::Strict, Mode::Rfc, Mode::Lenient] {
            let operation = json!({ "op": op, "path": tags(".value"), "value": "z" });
            let result = run(mode, &before, json!([operation]));
            assert_eq!(keyword(result), ScimType::InvalidPath, "{op}");
        }
    }
    let built = json!(["a", "b", "z"]);
    let operations = json!([{ "op": "add", "path": tags("[value eq \"c\"].value"), "value": "z" }]);
    check_in(Mode::Strict, operations, &[(&badges("tags"), built)]);
}
