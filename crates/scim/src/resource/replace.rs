//! PUT (RFC 7644 section 3.5.1).

use super::{Incoming, MemberRef, Resource, immutable};
use crate::error::Error;

/// The document after a PUT, and the new members where the body speaks of them (`None`: they
/// stay).
///
/// Attributes that the body leaves out are cleared, except `active`, members and what is
/// immutable, which stay; null clears `active` too.
///
/// # Errors
///
/// 400 `mutability` when an immutable attribute or sub-attribute that is set gets another value.
pub fn replace(
    before: &Resource,
    put: Incoming,
) -> Result<(Resource, Option<Vec<MemberRef>>), Error> {
    let mut after = put.resource;
    if let Some(active) = before.get("active")
        && after.get("active").is_none()
        && !put.cleared.iter().any(|name| name == "active")
    {
        after.attributes.insert("active".to_owned(), active.clone());
    }
    immutable::keep(&put.registry, before, &mut after)?;
    Ok((after, put.members))
}
