//! Writing one member of an object by the schema.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::step::Verb;
use crate::error::Error;
use crate::path::Target;
use crate::resource::value::{identity, merge_equal, order};
use crate::resource::{Place, immutable};
use crate::schema::{Attribute, Mutability};

/// An immutable attribute or sub-attribute that is set would change. Only who knows where it stands
/// can name it to a client.
#[derive(Debug)]
pub(super) struct Fixed {
    name: String,
}

impl Fixed {
    fn of(attribute: &Attribute) -> Fixed {
        Fixed {
            name: attribute.name.to_string(),
        }
    }

    /// The error, for the top-level attribute of a target or a sub-attribute of it.
    pub(super) fn error(&self, target: &Target) -> Error {
        let urn = target.schema.as_deref().map(Place::top);
        let top = Place::below(urn.as_ref(), &target.name);
        if self.name == target.name {
            immutable::is_set(&top)
        } else {
            immutable::is_set(&top.inside(&self.name))
        }
    }
}

/// Writes the value of an attribute into the object that holds it. `Add` to a list appends what
/// is not there yet.
pub(super) fn put(
    attribute: &Attribute,
    home: &mut Map<String, Value>,
    verb: Verb,
    value: &Value,
) -> Result<(), Fixed> {
    let name = attribute.name.as_ref();
    let value = match (home.get_mut(name), value) {
        (Some(Value::Array(old)), Value::Array(new)) if verb == Verb::Add => {
            Value::Array(union(attribute, old.clone(), new))
        }
        _ => value.clone(),
    };
    match home.get(name) {
        Some(old) if *old == value => return Ok(()),
        Some(_) if attribute.mutability == Mutability::Immutable => {
            return Err(Fixed::of(attribute));
        }
        _ => {}
    }
    home.insert(name.to_owned(), value);
    Ok(())
}

/// The elements of both; those equal in type and value become one. Elements without a value are
/// the same only when all of them is.
pub(super) fn union(attribute: &Attribute, mut old: Vec<Value>, new: &[Value]) -> Vec<Value> {
    let nameless = |element: &Value| identity(attribute, element).is_none();
    let known = old.iter().filter(|element| nameless(element));
    let mut known: HashSet<String> = known.map(Value::to_string).collect();
    for element in new {
        if !nameless(element) || known.insert(element.to_string()) {
            old.push(element.clone());
        }
    }
    merge_equal(attribute, old)
}

/// Writes a sub-attribute into the object of a complex attribute, which is made when missing.
pub(super) fn put_inside(
    attribute: &Attribute,
    home: &mut Map<String, Value>,
    sub: &str,
    verb: Verb,
    value: &Value,
) -> Result<(), Fixed> {
    let name = attribute.name.as_ref();
    let mut object = match home.get(name) {
        Some(Value::Object(object)) => object.clone(),
        _ => Map::new(),
    };
    put_sub(attribute, &mut object, sub, verb, value)?;
    put(attribute, home, Verb::Replace, &Value::Object(object))
}

/// Writes a sub-attribute into an object or element.
pub(super) fn put_sub(
    attribute: &Attribute,
    object: &mut Map<String, Value>,
    sub: &str,
    verb: Verb,
    value: &Value,
) -> Result<(), Fixed> {
    let Some(row) = attribute.sub(sub) else {
        return Ok(());
    };
    // `$ref` is the address of `value`: of another value it would be a lie.
    if sub == "value" && object.get("value").is_some_and(|old| old != value) {
        object.shift_remove("$ref");
    }
    put(row, object, verb, value)?;
    order(&attribute.sub_attributes, object);
    Ok(())
}

/// Takes an attribute out of the object that holds it.
pub(super) fn take(attribute: &Attribute, home: &mut Map<String, Value>) -> Result<(), Fixed> {
    let name = attribute.name.as_ref();
    if attribute.mutability == Mutability::Immutable && home.contains_key(name) {
        return Err(Fixed::of(attribute));
    }
    home.shift_remove(name);
    Ok(())
}

/// Takes a sub-attribute out of a complex attribute, which goes when nothing is left.
pub(super) fn take_inside(
    attribute: &Attribute,
    home: &mut Map<String, Value>,
    sub: &str,
) -> Result<(), Fixed> {
    let (Some(row), Some(Value::Object(object))) =
        (attribute.sub(sub), home.get_mut(attribute.name.as_ref()))
    else {
        return Ok(());
    };
    take(row, object)?;
    if object.is_empty() {
        take(attribute, home)?;
    }
    Ok(())
}
