#![expect(clippy::unwrap_used, reason = "tests")]

use super::Registry;
use crate::schema::{Attribute, ENTERPRISE_URN, GROUP_URN, Kind, Schema, USER_URN};

/// `expected`: the schema it is found in ("core" for core and common) and its canonical name.
fn check(kind: Kind, urn: Option<&str>, name: &str, expected: Option<(&str, &str)>) {
    let registry = Registry::core();
    let found = registry.attribute(kind, urn, name).map(|found| {
        let schema = found
            .schema
            .map_or("core", |schema| schema.name.as_ref())
            .to_owned();
        (schema, found.attribute.name.to_string())
    });
    let expected = expected.map(|(schema, name)| (schema.to_owned(), name.to_owned()));
    assert_eq!(found, expected, "{kind:?} {urn:?} {name}");
}

#[test]
fn names_are_found_without_case() {
    use Kind::{Group, User};
    check(User, None, "USERNAME", Some(("core", "userName")));
    check(User, None, "externalid", Some(("core", "externalId")));
    check(User, Some(USER_URN), "meta", Some(("core", "meta")));
    check(
        User,
        Some(&USER_URN.to_uppercase()),
        "active",
        Some(("core", "active")),
    );
    check(
        User,
        None,
        "department",
        Some(("EnterpriseUser", "department")),
    );
    check(
        User,
        Some(ENTERPRISE_URN),
        "Manager",
        Some(("EnterpriseUser", "manager")),
    );
    check(User, Some(ENTERPRISE_URN), "userName", None);
    check(User, Some(GROUP_URN), "displayName", None);
    check(User, None, "password", None);
    check(User, None, "members", None);
    check(Group, None, "department", None);
    check(Group, None, "Members", Some(("core", "members")));
}

#[test]
fn an_unqualified_name_in_two_extensions_is_not_guessed() {
    let second = Schema {
        id: "urn:example:badge:1.0:User".into(),
        name: "Badge".into(),
        description: "Badges".into(),
        attributes: vec![
            Attribute::text("department", "Another one"),
            Attribute::text("badge", "Number"),
        ],
    };
    let registry = Registry::core().with_extension(Kind::User, second);
    assert!(registry.attribute(Kind::User, None, "department").is_none());
    assert_eq!(
        registry
            .attribute(Kind::User, None, "BADGE")
            .unwrap()
            .attribute
            .name,
        "badge"
    );
    assert_eq!(registry.schemas().count(), 4);
    assert_eq!(
        Registry::core().schemas().count(),
        3,
        "the original is unchanged"
    );
}
