#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{Paging, Query, SEARCH_URN, fingerprint};
use crate::cursor::{Cursor, Lifetime, MAC_BYTES, Position};
use crate::error::{Error, ScimType};
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::Kind;
use crate::window::Window;

const FOREVER: Lifetime = Lifetime {
    now: 0,
    seconds: None,
};

fn from_url(parameters: &[(&str, &'static str)]) -> Result<Query, Error> {
    Query::from_parameters(|name| {
        parameters
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    })
}

fn body(mut members: Value) -> Value {
    members["schemas"] = json!([SEARCH_URN]);
    members
}

/// The same query from a URL and from a body.
#[track_caller]
fn check(parameters: &[(&str, &'static str)], members: Value) {
    let from_url = from_url(parameters).map_err(|error| error.scim_type);
    let from_body = Query::from_body(Mode::Strict, body(members)).map_err(|error| error.scim_type);
    assert_eq!(from_url, from_body, "{parameters:?}");
}

#[test]
fn urls_and_bodies_give_the_same_query() {
    check(&[], json!({}));
    check(
        &[("filter", "userName pr")],
        json!({ "filter": "userName pr" }),
    );
    check(&[("filter", "")], json!({ "filter": "" }));
    check(
        &[
            ("attributes", "userName,emails"),
            ("sortBy", "userName"),
            ("sortOrder", "descending"),
        ],
        json!({ "attributes": ["userName", "emails"], "sortBy": "userName", "sortOrder": "descending" }),
    );
    check(
        &[("excludedAttributes", "members")],
        json!({ "excludedAttributes": ["members"] }),
    );
    check(
        &[("startIndex", "11"), ("count", "10")],
        json!({ "startIndex": 11, "count": 10 }),
    );
    check(
        &[("startIndex", "-1"), ("count", "-5")],
        json!({ "startIndex": -1, "count": -5 }),
    );
    check(&[("count", "1.5")], json!({ "count": 1.5 }));
    check(&[("cursor", "")], json!({ "cursor": "" }));
    check(
        &[("cursor", "abc"), ("count", "5")],
        json!({ "cursor": "abc", "count": 5 }),
    );
    check(
        &[("cursor", ""), ("count", "1.5")],
        json!({ "cursor": "", "count": 1.5 }),
    );
}

#[test]
fn bodies_that_are_no_search_request() {
    let search = |mode, body| {
        Query::from_body(mode, body)
            .map(|_| ())
            .map_err(|error| error.scim_type)
    };
    let syntax = Err(Some(ScimType::InvalidSyntax));
    let value = Err(Some(ScimType::InvalidValue));
    let cursor = Err(Some(ScimType::InvalidCursor));
    let count = Err(Some(ScimType::InvalidCount));
    for (body, lenient, strict) in [
        (json!([]), syntax, syntax),
        (json!({}), Ok(()), syntax),
        (json!({ "schemas": ["urn:other"] }), Ok(()), syntax),
        (body(json!({ "other": 1 })), Ok(()), syntax),
        (
            body(json!({ "FILTER": "id pr", "count": null })),
            Ok(()),
            Ok(()),
        ),
        (body(json!({ "filter": 5 })), value, value),
        (body(json!({ "cursor": 5 })), cursor, cursor),
        (body(json!({ "cursor": "", "count": true })), count, count),
        (body(json!({ "count": "5" })), Ok(()), value),
        (body(json!({ "count": true })), value, value),
        (body(json!({ "attributes": "a,b" })), Ok(()), value),
        (body(json!({ "attributes": [1] })), value, value),
        (
            body(json!({ "attributes": vec!["a"; 1_001] })),
            value,
            value,
        ),
    ] {
        assert_eq!(search(Mode::Lenient, body.clone()), lenient, "{body}");
        assert_eq!(search(Mode::Strict, body.clone()), strict, "{body}");
    }
}

#[test]
fn a_cursor_wins_over_an_index() {
    let paging = |parameters| from_url(parameters).unwrap().paging;
    assert_eq!(paging(&[]), Paging::Index(Window::default()));
    let first = Paging::Cursor {
        after: None,
        count: None,
    };
    assert_eq!(paging(&[("cursor", ""), ("startIndex", "words")]), first);
    let wanted = Paging::Cursor {
        after: Some("x".to_owned()),
        count: Some(1_000),
    };
    assert_eq!(paging(&[("cursor", "x"), ("count", "9999")]), wanted);
    let error = from_url(&[("cursor", ""), ("count", "ten")]).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidCount));
}

fn mac(bytes: &[u8]) -> [u8; MAC_BYTES] {
    let mut tag = [0_u8; MAC_BYTES];
    for (index, byte) in bytes.iter().enumerate() {
        let slot = &mut tag[index % MAC_BYTES];
        *slot = slot.wrapping_mul(31).wrapping_add(*byte);
    }
    tag
}

#[test]
fn pages_follow_their_cursor() {
    let query = |cursor: &'static str, count: &'static str| {
        from_url(&[("cursor", cursor), ("count", count)]).unwrap()
    };
    let page = |query: &Query| query.paging.page(&print(query), mac, FOREVER);
    assert_eq!(page(&from_url(&[]).unwrap()), Ok(None));
    let first = page(&query("", "10")).unwrap().unwrap();
    assert_eq!((first.after, first.count), (None, 10));
    assert_eq!(page(&query("", "0")).unwrap().unwrap().count, 0);
    let next = Cursor {
        after: Position {
            key: None,
            id: "a".to_owned(),
        },
        count: 10,
        issued: 0,
    };
    let text: &'static str = next.write(&print(&query("", "10")), mac).leak();
    let second = page(&query(text, "10")).unwrap().unwrap();
    assert_eq!((second.after, second.count), (Some(next), 10));
    let error = page(&query(text, "11")).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidCount));
    let other = from_url(&[("cursor", text), ("filter", "id pr")]).unwrap();
    assert_eq!(
        page(&other).unwrap_err().scim_type,
        Some(ScimType::InvalidCursor)
    );
}

/// The fingerprint of a query over all types.
fn print(query: &Query) -> Vec<u8> {
    let (registry, kinds) = (Registry::core(), [Kind::User, Kind::Group]);
    let filter = query.filter(&registry, &kinds, Mode::Lenient).unwrap();
    let sort = query.sort(&registry, &kinds, Mode::Lenient).unwrap();
    fingerprint(filter.as_ref(), sort.as_ref())
}

#[test]
fn different_lists_have_different_fingerprints() {
    let print = |parameters: &[(&str, &'static str)]| print(&from_url(parameters).unwrap());
    let core = "urn:ietf:params:scim:schemas:core:2.0:User:displayName";
    let queries: [&[(&str, &'static str)]; 9] = [
        &[],
        &[("filter", "id pr")],
        &[("filter", "displayName sw \"J\"")],
        &[("filter", "displayName sw \"j\"")],
        &[("sortBy", "displayName")],
        &[("sortBy", core)],
        &[("sortBy", "id")],
        &[("sortBy", "id"), ("sortOrder", "descending")],
        &[("filter", "id pr"), ("sortBy", "id")],
    ];
    let prints: Vec<Vec<u8>> = queries.iter().map(|query| print(query)).collect();
    for (index, print) in prints.iter().enumerate() {
        assert_eq!(prints.iter().position(|other| other == print), Some(index));
    }
    for (same, index) in [
        (&[("count", "5"), ("attributes", "id")][..], 0),
        (&[("filter", "displayname  SW \"J\"")], 2),
        (&[("sortBy", "DisplayName"), ("sortOrder", "Ascending")], 4),
        (&[("sortBy", "nothing"), ("sortOrder", "descending")], 0),
    ] {
        assert_eq!(print(same), prints[index], "{same:?}");
    }
}

#[test]
fn an_empty_filter_is_never_the_whole_list() {
    let registry = Registry::core();
    let query = from_url(&[("filter", "")]).unwrap();
    let error = query
        .filter(&registry, &[Kind::User], Mode::Lenient)
        .unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
    assert_eq!(
        from_url(&[])
            .unwrap()
            .filter(&registry, &[Kind::User], Mode::Lenient),
        Ok(None)
    );
}

#[test]
fn at_the_root_names_of_any_type_are_fine() {
    let registry = Registry::core();
    let root = [Kind::User, Kind::Group];
    let query = from_url(&[("attributes", "userName,members"), ("sortBy", "userName")]).unwrap();
    let projections = query.projections(&registry, &root, Mode::Strict).unwrap();
    assert!(projections[0].1.wants("userName") && !projections[0].1.wants("emails"));
    assert!(projections[1].1.wants("members"));
    assert!(
        query
            .sort(&registry, &root, Mode::Strict)
            .unwrap()
            .is_some()
    );
    assert!(
        query
            .projections(&registry, &[Kind::User], Mode::Strict)
            .is_err()
    );
    let unknown = from_url(&[("excludedAttributes", "members,nothing")]).unwrap();
    let error = unknown
        .projections(&registry, &root, Mode::Strict)
        .unwrap_err();
    assert_eq!(
        error.detail,
        "excludedAttributes: entry 2 is no attribute of any resource type"
    );
    assert!(unknown.projections(&registry, &root, Mode::Lenient).is_ok());
    let both = from_url(&[("attributes", "id"), ("excludedAttributes", "id")]).unwrap();
    assert!(both.projections(&registry, &root, Mode::Lenient).is_err());
}
