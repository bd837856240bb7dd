//! PUT (RFC 7644 section 3.5.1).

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::value::identity;
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
    for attribute in attributes
        .iter()
        .filter(|attribute| is_immutable(attribute))
    {
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
    for attribute in attributes
        .iter()
        .filter(|attribute| !is_immutable(attribute))
    {
        let name = attribute.name.as_ref();
        if let (Some(old), Some(new)) = (before.get(name), after.get_mut(name)) {
            keep_inside(attribute, old, new)?;
        }
    }
    super::value::order(attributes, after);
    Ok(())
}

/// The same for the sub-attributes of a complex attribute, in a list for each element that was there
/// before. Elements that have no value are nobody's successor.
fn keep_inside(attribute: &Attribute, old: &Value, new: &mut Value) -> Result<(), Error> {
    let rows = &attribute.sub_attributes;
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            keep_immutable(rows, old, new).map_err(|error| within(attribute, error))
        }
        (Value::Array(old), Value::Array(new)) if rows.iter().any(is_immutable) => {
            let mut known = HashMap::new();
            for element in old {
                if let Some(of) = identity(attribute, element) {
                    known.entry(of).or_insert(element);
                }
            }
            for element in new {
                let before = identity(attribute, element).and_then(|of| known.get(&of).copied());
                if let Some(before) = before {
                    keep_inside(attribute, before, element)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn is_immutable(attribute: &Attribute) -> bool {
    attribute.mutability == Mutability::Immutable
}

fn within(attribute: &Attribute, error: Error) -> Error {
    Error {
        detail: format!("{}.{}", attribute.name, error.detail),
        ..error
    }
}
