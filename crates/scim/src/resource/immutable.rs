//! What is set once for all (RFC 7643 section 7): the one check for every way of writing, PUT and
//! PATCH.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::value::{identity, order};
use super::{Place, Resource};
use crate::error::Error;
use crate::registry::Registry;
use crate::schema::{Attribute, Mutability};

/// Compares a document with the one before. What is immutable and left out stays.
///
/// # Errors
///
/// 400 `mutability` when an immutable attribute or sub-attribute that was set has another value.
pub(crate) fn keep(
    registry: &Registry,
    before: &Resource,
    after: &mut Resource,
) -> Result<(), Error> {
    let core = &registry.core_schema(before.kind).attributes;
    keep_members(core, None, &before.attributes, &mut after.attributes)?;
    for schema in registry.extensions(before.kind) {
        let Some(before) = before.extension(&schema.id) else {
            continue;
        };
        if !schema.attributes.iter().any(is_fixed) {
            continue;
        }
        let mut members = match after.attributes.shift_remove(schema.id.as_ref()) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let urn = Place::top(&schema.id);
        keep_members(&schema.attributes, Some(&urn), before, &mut members)?;
        if !members.is_empty() {
            after
                .attributes
                .insert(schema.id.to_string(), Value::Object(members));
        }
    }
    after.put_in_order(registry);
    Ok(())
}

fn keep_members(
    attributes: &[Attribute],
    home: Option<&Place<'_>>,
    before: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), Error> {
    let mut put_back = false;
    for attribute in attributes.iter().filter(|attribute| is_fixed(attribute)) {
        let name = attribute.name.as_ref();
        let place = Place::below(home, name);
        match (before.get(name), after.get_mut(name)) {
            (Some(old), Some(new)) if !is_immutable(attribute) => {
                keep_inside(attribute, &place, old, new)?;
            }
            (Some(old), Some(new)) if old != new => return Err(is_set(&place)),
            (Some(old), None) if is_immutable(attribute) => {
                after.insert(name.to_owned(), old.clone());
                put_back = true;
            }
            _ => {}
        }
    }
    if put_back {
        order(attributes, after);
    }
    Ok(())
}

/// The same for the sub-attributes of a complex attribute, in a list for each element that was there
/// before. Elements that have no value are nobody's successor.
fn keep_inside(
    attribute: &Attribute,
    place: &Place<'_>,
    old: &Value,
    new: &mut Value,
) -> Result<(), Error> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            keep_members(&attribute.sub_attributes, Some(place), old, new)
        }
        (Value::Array(old), Value::Array(new)) => {
            let mut known = HashMap::new();
            for element in old {
                if let Some(of) = identity(attribute, element) {
                    known.entry(of).or_insert(element);
                }
            }
            for element in new {
                let before = identity(attribute, element).and_then(|of| known.get(&of).copied());
                if let Some(before) = before {
                    keep_inside(attribute, place, before, element)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The error about what is set; also for a PATCH that would take it away.
pub(crate) fn is_set(place: &impl std::fmt::Display) -> Error {
    Error::mutability(format!(
        "{place} is immutable: it is set and cannot be changed"
    ))
}

fn is_immutable(attribute: &Attribute) -> bool {
    attribute.mutability == Mutability::Immutable
}

/// Something in it is set once for all, or all of it.
fn is_fixed(attribute: &Attribute) -> bool {
    is_immutable(attribute) || attribute.sub_attributes.iter().any(is_immutable)
}
