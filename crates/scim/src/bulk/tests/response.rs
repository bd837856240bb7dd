use serde_json::json;

use super::{bulk, user};
use crate::bulk::{Bulk, Created, Outcome, RESPONSE_URN};
use crate::error::Error;
use crate::mode::Mode;

const BASE: &str = "https://roles.example.com/scim/v2";

#[test]
fn the_response_tells_what_became_of_each_operation() {
    let bulk = bulk(json!([
        user("a", None),
        user("b", None),
        { "method": "PUT", "path": "/Users/7", "version": "W/\"1\"", "data": {} },
        { "method": "DELETE", "path": "/Users/8" },
        { "method": "DELETE", "path": "/Users/9" },
    ]));
    let at = |index: usize| bulk.entries[index].location(BASE, &Created::new());
    let outcomes = [
        Some(Outcome::done(
            201,
            format!("{BASE}/Users/1"),
            Some("W/\"1\"".to_owned()),
        )),
        Some(Outcome::failed(
            Error::uniqueness("userName is taken"),
            at(1),
        )),
        Some(Outcome::failed(
            Error::precondition_failed("changed since"),
            at(2),
        )),
        Some(Outcome::done(204, at(3).unwrap(), None)),
        None,
    ];
    let expected = json!({
        "schemas": [RESPONSE_URN],
        "Operations": [
            { "location": format!("{BASE}/Users/1"), "method": "POST", "bulkId": "a",
              "version": "W/\"1\"", "status": "201" },
            { "method": "POST", "bulkId": "b", "status": "409",
              "response": Error::uniqueness("userName is taken").body() },
            { "location": format!("{BASE}/Users/7"), "method": "PUT", "status": "412",
              "response": Error::precondition_failed("changed since").body() },
            { "location": format!("{BASE}/Users/8"), "method": "DELETE", "status": "204" },
        ],
    });
    assert_eq!(bulk.response(&outcomes), expected);
}

#[test]
fn locations_name_existing_resources_only() {
    let body = json!({ "Operations": [
        user("a", None),
        { "method": "DELETE", "path": "/Groups/1" },
        { "method": "PUT", "path": "/Users/1", "data": "not an object" },
        { "method": "DELETE", "path": "/Users/bulkId:a" },
        { "method": "DELETE", "path": "/Users/<script>" },
        { "method": "GET", "path": "/Users/1" },
    ] });
    let bulk = Bulk::parse(Mode::Lenient, body).unwrap();
    let created = Created::from([("a".to_owned(), "5".to_owned())]);
    let told: Vec<Option<String>> = bulk
        .entries
        .iter()
        .map(|one| one.location(BASE, &created))
        .collect();
    let url = |path: &str| Some(format!("{BASE}{path}"));
    assert_eq!(
        told,
        [
            None,
            url("/Groups/1"),
            url("/Users/1"),
            url("/Users/5"),
            None,
            None
        ]
    );
}
