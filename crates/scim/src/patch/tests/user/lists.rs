//! Lists: joined, replaced, selected from by value paths.

use serde_json::{Value, json};

use super::{BADGES, badges, check, check_in, document, lenient, one, person, remove, run};
use crate::mode::Mode;
use crate::schema::Kind;

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
    lenient(
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
    lenient(
        "add",
        "emails[type eq \"work\"]",
        json!({ "value": "n" }),
        &[("/emails/0/value", json!("n"))],
    );
    // The record is replaced, and still the one of the path.
    lenient(
        "replace",
        "emails[type eq \"work\"]",
        json!({ "value": "n" }),
        &[("/emails/0", json!({ "value": "n", "type": "work" }))],
    );
    lenient(
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
    lenient(
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
    lenient(
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
fn long_lists_cost_what_they_hold() {
    let list: Vec<Value> = (0..1_000)
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
