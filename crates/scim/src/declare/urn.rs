//! The URI of a declared schema.

use super::Collected;
use crate::registry::Registry;
use crate::schema::Attribute;

/// Namespaces that the standard keeps for itself. Not the one of extensions: Entra ID writes
/// `urn:ietf:params:scim:schemas:extension:…:2.0:User` for attributes that its users add.
const RESERVED: [&str; 2] = [
    "urn:ietf:params:scim:schemas:core:",
    "urn:ietf:params:scim:api:",
];

/// Checks form and clashes.
pub(super) fn check(
    registry: &Registry,
    id: &str,
    attributes: &[Attribute],
    faults: &mut Collected,
) {
    if !is_urn(id) {
        faults.add(
            "id",
            "must be a URN such as urn:example:staff:2.0:User: letters, digits and .-_:",
        );
        return;
    }
    let lower = id.to_ascii_lowercase();
    if RESERVED.iter().any(|prefix| lower.starts_with(prefix)) {
        faults.add(
            "id",
            "must not be in the namespace of the SCIM core schemas or messages",
        );
    } else if registry.schema(id).is_some() {
        faults.add("id", "is the URN of a schema that there is already");
    } else if registry
        .schemas()
        .any(|other| runs_into(id, attributes, other))
    {
        faults.add(
            "id",
            "with an attribute's name behind it is the URN of another schema, or the other way \
             round: paths would be ambiguous",
        );
    }
}

/// `urn:a` with the attribute `b` and a schema `urn:a:b` could not be told apart in a path.
fn runs_into(id: &str, attributes: &[Attribute], other: &crate::schema::Schema) -> bool {
    let names = |urn: &str, attributes: &[Attribute], whole: &str| {
        let (start, name) = whole.rsplit_once(':').unwrap_or_default();
        start.eq_ignore_ascii_case(urn)
            && attributes
                .iter()
                .any(|one| one.name.eq_ignore_ascii_case(name))
    };
    names(id, attributes, &other.id) || names(&other.id, &other.attributes, id)
}

/// `urn:` NID `:` NSS (RFC 8141), in the characters that an attribute path can carry.
fn is_urn(text: &str) -> bool {
    let mut parts = text.split(':');
    let fits = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let nid = |part: &str| {
        (2..=32).contains(&part.len())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    parts
        .next()
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn"))
        && parts.next().is_some_and(nid)
        && parts.clone().next().is_some()
        && parts.all(fits)
}
