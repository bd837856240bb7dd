//! PUT (RFC 7644 section 3.5.1).

use serde_json::{Map, Value};

use super::{Incoming, MemberRef, Resource};
use crate::error::Error;
use crate::schema::{Attribute, Mutability};

/// The document after a PUT, and the new members where the body speaks of them (`None`: they
/// stay).
///
/// Attributes that the body leaves out are cleared, except `active`, members and what is
/// immutable, which stay; null clears `active` too.
///
/// # Errors
///
/// 400 `mutability` when an immutable attribute that is set gets another value.
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
    let core = &put.registry.core_schema(before.kind).attributes;
    keep_immutable(core, &before.attributes, &mut after.attributes)?;
    for schema in put.registry.extensions(before.kind) {
        let Some(before) = before.extension(&schema.id) else {
            continue;
        };
        let mut members = match after.attributes.shift_remove(schema.id.as_ref()) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        keep_immutable(&schema.attributes, before, &mut members)?;
        if !members.is_empty() {
            after
                .attributes
                .insert(schema.id.to_string(), Value::Object(members));
        }
    }
    after.put_in_order(&put.registry);
    Ok((after, put.members))
}

fn keep_immutable(
    attributes: &[Attribute],
    before: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), Error> {
    let fixed = |attribute: &&Attribute| attribute.mutability == Mutability::Immutable;
    for attribute in attributes.iter().filter(fixed) {
        let name = attribute.name.as_ref();
        match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) if old != new => {
                return Err(Error::mutability(format!(
                    "{name} is set and cannot be changed"
                )));
            }
            (Some(old), None) => {
                after.insert(name.to_owned(), old.clone());
            }
            _ => {}
        }
    }
    super::value::order(attributes, after);
    Ok(())
}
