#![expect(clippy::unwrap_used, reason = "tests")]

mod body;
mod extension;
mod idp;
mod members;
mod put;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Incoming, Resource, read};
use crate::error::Error;
use crate::lenient::tests::any_json;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::{ENTERPRISE_URN, GROUP_URN, Kind, USER_URN};

/// Reads a body with `schemas` and the required name filled in where it has none.
fn read_with_defaults(kind: Kind, mode: Mode, body: Value) -> Result<Incoming, Error> {
    let mut body = body;
    let (name, text) = match kind {
        Kind::User => ("userName", "ada"),
        Kind::Group => ("displayName", "Team"),
    };
    if let Value::Object(members) = &mut body {
        members.entry("schemas").or_insert(json!([kind.core_urn()]));
        members.entry(name).or_insert(json!(text));
    }
    read(&Registry::core(), kind, mode, body)
}

fn user(body: Value) -> Resource {
    read_with_defaults(Kind::User, Mode::Lenient, body)
        .unwrap()
        .resource
}

#[test]
fn a_document_is_read_by_name() {
    let ada = user(json!({
        "externalId": "E1",
        "displayName": "Ada B.",
        "active": true,
        "emails": [
            {"value": "home@x", "type": "home"},
            {"type": "other"},
            {"value": "work@x", "type": "work", "primary": true},
        ],
        "roles": [{"value": "admin", "display": "Admin", "primary": true}, {"value": "reader"}],
        ENTERPRISE_URN: {"department": "IT"},
    }));
    assert_eq!(ada.user_name(), Some("ada"));
    assert_eq!(ada.external_id(), Some("E1"));
    assert_eq!(ada.display_name(), Some("Ada B."));
    assert!(ada.active());
    assert_eq!(
        ada.emails().map(|email| email.value).collect::<Vec<_>>(),
        ["home@x", "work@x"]
    );
    assert_eq!(ada.primary_email(), Some("work@x"));
    let admin = ada.roles().next().unwrap();
    assert_eq!(
        (admin.value, admin.display, admin.primary),
        ("admin", Some("Admin"), true)
    );
    assert_eq!(ada.schemas(), [USER_URN, ENTERPRISE_URN]);
    assert_eq!(ada.extension(ENTERPRISE_URN).unwrap()["department"], "IT");
    assert_eq!(
        user(json!({"emails": [{"value": "a@x"}, {"value": "b@x"}]})).primary_email(),
        Some("a@x")
    );
    assert_eq!(user(json!({})).primary_email(), None);
    assert!(!user(json!({})).active(), "unassigned counts as inactive");
    assert_eq!(user(json!({})).schemas(), [USER_URN]);
    assert_eq!(Resource::new(Kind::Group).schemas(), [GROUP_URN]);
}

#[test]
fn stored_text_reads_back() {
    let ada = user(json!({"name": {"givenName": "Ada"}, ENTERPRISE_URN: {"department": "IT"}}));
    let back = Resource::from_json(Kind::User, &ada.to_json()).unwrap();
    assert_eq!(back, ada);
    assert_eq!(back.to_json(), ada.to_json(), "order included");
    assert!(Resource::from_json(Kind::User, "[]").is_err());
}

proptest! {
    #[test]
    fn any_body_is_read_or_refused_and_what_is_read_is_stable(
        body in any_json(),
        group in any::<bool>(),
        strict in any::<bool>(),
    ) {
        let kind = if group { Kind::Group } else { Kind::User };
        let mode = if strict { Mode::Strict } else { Mode::Lenient };
        let first = match read_with_defaults(kind, mode, body) {
            Ok(first) => first,
            Err(error) => {
                prop_assert!(matches!(error.status, 400 | 413));
                return Ok(());
            }
        };
        // What is stored is acceptable input even to a strict connection, and stays the same.
        let body = Value::Object(first.resource.attributes.clone());
        let again = read_with_defaults(kind, Mode::Strict, body).unwrap();
        prop_assert_eq!(again.resource.to_json(), first.resource.to_json());
        prop_assert!(again.dropped.is_empty() && again.leniencies.is_empty());
        for hidden in ["id", "meta", "schemas", "groups", "password", "members"] {
            prop_assert!(first.resource.get(hidden).is_none());
        }
    }
}
