use super::{Attribute, Mutability, Type, Uniqueness};
use crate::registry::Registry;
use crate::schema::Kind;

/// A row of the contested ones: `type caseExact mutability uniqueness required`.
fn check(kind: Kind, path: &str, expected: &str) {
    let registry = Registry::core();
    let (name, sub) = path
        .split_once('.')
        .map_or((path, None), |(name, sub)| (name, Some(sub)));
    let found = registry
        .attribute(kind, None, name)
        .map(|found| found.attribute);
    let leaf = match sub {
        Some(sub) => found.and_then(|attribute| attribute.sub(sub)),
        None => found,
    };
    let actual = leaf.map(|leaf| {
        let case = if leaf.case_exact { "exact" } else { "ignored" };
        format!(
            "{:?} {case} {:?} {:?} {}",
            leaf.kind, leaf.mutability, leaf.uniqueness, leaf.required
        )
    });
    assert_eq!(actual.as_deref(), Some(expected), "{path}");
}

#[test]
fn contested_rows() {
    use Kind::{Group, User};
    check(User, "id", "String exact ReadOnly Server true");
    check(User, "externalId", "String exact ReadWrite None false");
    check(User, "meta.version", "String exact ReadOnly None false");
    check(User, "meta.location", "Reference exact ReadOnly None false");
    check(User, "userName", "String ignored ReadWrite Server true");
    check(User, "profileUrl", "Reference exact ReadWrite None false");
    check(User, "emails.value", "String ignored ReadWrite None false");
    check(
        User,
        "emails.display",
        "String ignored ReadWrite None false",
    );
    check(
        User,
        "x509Certificates.value",
        "Binary exact ReadWrite None false",
    );
    check(User, "groups.value", "String exact ReadOnly None false");
    check(
        User,
        "addresses.primary",
        "Boolean ignored ReadWrite None false",
    );
    check(User, "manager.value", "String exact ReadWrite None false");
    check(
        User,
        "manager.displayName",
        "String ignored ReadOnly None false",
    );
    check(Group, "displayName", "String ignored ReadWrite Server true");
    check(Group, "members", "Complex ignored ReadWrite None false");
    check(Group, "members.value", "String exact Immutable None false");
    check(
        Group,
        "members.display",
        "String ignored Immutable None false",
    );
}

fn walk(attribute: &Attribute, visit: &mut dyn FnMut(&Attribute)) {
    visit(attribute);
    for sub in &attribute.sub_attributes {
        walk(sub, visit);
    }
}

#[test]
fn the_table_is_sound() {
    let registry = Registry::core();
    let rows = registry
        .schemas()
        .flat_map(|schema| &schema.attributes)
        .chain(registry.common());
    for row in rows {
        walk(row, &mut |row| {
            assert_eq!(
                row.is_complex(),
                !row.sub_attributes.is_empty(),
                "{}",
                row.name
            );
            assert_eq!(
                row.kind == Type::Reference,
                !row.reference_types.is_empty(),
                "{}",
                row.name
            );
            assert!(
                row.kind != Type::Reference || row.case_exact,
                "{}",
                row.name
            );
            assert!(!row.description.is_empty(), "{}", row.name);
            assert!(
                row.mutability != Mutability::WriteOnly,
                "nothing is write-only: {}",
                row.name
            );
            assert!(row.uniqueness != Uniqueness::Global, "{}", row.name);
        });
    }
}
