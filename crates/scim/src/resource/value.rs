//! One attribute's value, read by the schema table: type, plurality, canonical names and order
//! (RFC 7643 section 2). Used for bodies and for the values of PATCH operations.

use serde_json::{Map, Value};

use super::Place;
use crate::date_time::Moment;
use crate::error::Error;
use crate::fold;
use crate::lenient::{Leniency, note};
use crate::mode::Mode;
use crate::profile::Rule;
use crate::schema::{Attribute, Type, attribute};

/// Most values of one attribute that has several. A group's members have a limit of their own.
pub const MAX_VALUES: usize = 1_000;

/// Longest list of dropped names that is kept, and longest name in it, in characters.
const MAX_DROPPED: usize = 100;
const MAX_DROPPED_NAME: usize = 200;

/// What reading found beside the values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Whether unknown names are dropped or refused.
    pub(crate) mode: Mode,
    /// Unknown names that were dropped, as sent (cut to a sane length; the first 100).
    pub(crate) dropped: Vec<String>,
    /// Which mends acted.
    pub(crate) leniencies: Vec<Leniency>,
}

impl Notes {
    /// Nothing noted yet.
    pub(crate) fn new(mode: Mode) -> Notes {
        Notes {
            mode,
            ..Notes::default()
        }
    }

    /// An unknown name: dropped and noted, or by [`Rule::KnownNames`] 400 `invalidSyntax`.
    pub(crate) fn unknown(&mut self, place: &Place<'_>) -> Result<(), Error> {
        if self.mode.follows(Rule::KnownNames) {
            return Err(Error::invalid_syntax(format!(
                "{} is not part of the schema; /Schemas lists what is",
                harmless(&place.to_string())
            )));
        }
        self.drop_name(&place.to_string());
        Ok(())
    }

    /// `password`, which is in no schema and never kept: dropped without a trace, or by
    /// [`Rule::KnownNames`] 400 `invalidSyntax`.
    pub(crate) fn password(&self) -> Result<(), Error> {
        if self.mode.follows(Rule::KnownNames) {
            return Err(Error::invalid_syntax(
                "password is not part of the schema; people sign in with their identity provider",
            ));
        }
        Ok(())
    }

    /// An unknown URI in `schemas`: dropped and noted, or by [`Rule::KnownNames`] 400
    /// `invalidSyntax`.
    pub(crate) fn unknown_schema(&mut self, uri: &str) -> Result<(), Error> {
        if self.mode.follows(Rule::KnownNames) {
            return Err(Error::invalid_syntax(
                "schemas names a URI that the resource type does not have; /ResourceTypes lists \
                 what it has",
            ));
        }
        self.drop_name(uri);
        Ok(())
    }

    fn drop_name(&mut self, name: &str) {
        let name: String = name.chars().take(MAX_DROPPED_NAME).collect();
        if self.dropped.len() < MAX_DROPPED && !self.dropped.contains(&name) {
            self.dropped.push(name);
        }
    }
}

/// The name if it has only the characters of attribute notation, so that an error text never
/// repeats anything else.
fn harmless(name: &str) -> &str {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '-' | '_' | '.' | ':');
    if name.len() <= MAX_DROPPED_NAME && name.chars().all(fine) {
        name
    } else {
        "an attribute"
    }
}

/// Reads a value; `None` when it is unassigned (null, or an empty list).
///
/// Sub-attributes come out under canonical names in the order of the schema, read-only ones are
/// left out, elements with an equal type and value are merged.
///
/// # Errors
///
/// 400 `invalidValue` for a wrong type, a missing required sub-attribute or more than
/// [`MAX_VALUES`] values, in strict mode also
/// for two values marked primary; `invalidSyntax` for an unknown sub-attribute in strict mode.
pub(crate) fn read(
    attribute: &Attribute,
    value: Value,
    place: &Place<'_>,
    notes: &mut Notes,
) -> Result<Option<Value>, Error> {
    if value.is_null() {
        return Ok(None);
    }
    if !attribute.multi_valued {
        return read_element(attribute, value, place, notes);
    }
    let Value::Array(items) = value else {
        return Err(Error::invalid_value(format!(
            "{place} must be a list, each element {}",
            attribute.kind.expected()
        )));
    };
    few(place, items.len())?;
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        if let Some(element) = read_element(attribute, item, place, notes)? {
            list.push(element);
        }
    }
    let mut list = merge_equal(attribute, list);
    keep_one_primary(&mut list, place, notes)?;
    Ok((!list.is_empty()).then_some(Value::Array(list)))
}

/// Refuses a list that is too long.
pub(crate) fn few(place: &Place<'_>, values: usize) -> Result<(), Error> {
    if values > MAX_VALUES {
        return Err(Error::invalid_value(format!(
            "{place} may have {MAX_VALUES} values at most"
        )));
    }
    Ok(())
}

/// Reads one element of a list, or the value of a singular attribute.
pub(crate) fn read_element(
    attribute: &Attribute,
    value: Value,
    place: &Place<'_>,
    notes: &mut Notes,
) -> Result<Option<Value>, Error> {
    if value.is_null() {
        return Ok(None);
    }
    match value {
        Value::Object(members) if attribute.is_complex() => {
            let members = read_members(&attribute.sub_attributes, members, place, notes)?;
            Ok((!members.is_empty()).then_some(Value::Object(members)))
        }
        value if has_type(attribute.kind, &value) => Ok(Some(value)),
        _ => Err(Error::invalid_value(format!(
            "{place}{} must be {}",
            if attribute.multi_valued {
                ": every element"
            } else {
                ""
            },
            attribute.kind.expected()
        ))),
    }
}

/// Reads the members of an object: of a complex attribute, or of an extension.
pub(crate) fn read_members(
    attributes: &[Attribute],
    members: Map<String, Value>,
    place: &Place<'_>,
    notes: &mut Notes,
) -> Result<Map<String, Value>, Error> {
    let mut slots: Vec<Option<Value>> = vec![None; attributes.len()];
    for (name, value) in members {
        let Some(index) = attribute::position(attributes, &name) else {
            notes.unknown(&place.inside(&name))?;
            continue;
        };
        let attribute = &attributes[index];
        if !attribute.is_read_only() {
            slots[index] = read(attribute, value, &place.inside(&attribute.name), notes)?;
        }
    }
    let mut object = Map::new();
    for (attribute, slot) in attributes.iter().zip(slots) {
        match slot {
            Some(value) => {
                object.insert(attribute.name.to_string(), value);
            }
            None if attribute.required && !attribute.is_read_only() => {
                let place = place.inside(&attribute.name);
                return Err(Error::invalid_value(format!("{place} is required")));
            }
            None => {}
        }
    }
    Ok(object)
}

/// True when the JSON value fits the type (RFC 7643 section 2.3). References and certificates
/// are stored as sent; only their form as text, and base64, are looked at.
fn has_type(kind: Type, value: &Value) -> bool {
    match (kind, value) {
        (Type::String | Type::Reference, Value::String(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Decimal, Value::Number(_)) => true,
        (Type::Integer, Value::Number(number)) => number.is_i64() || number.is_u64(),
        (Type::DateTime, Value::String(text)) => Moment::read(text).is_some(),
        (Type::Binary, Value::String(text)) => is_base64(text),
        _ => false,
    }
}

/// Base64 or base64url (RFC 4648), padded or not.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len() - digits.len() <= 2
        && digits.len() % 4 != 1
        && digits
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'))
}

/// Merges elements that have the same `type` and `value` (RFC 7643 section 2.4 wants none twice);
/// what the later one says wins.
pub(crate) fn merge_equal(attribute: &Attribute, list: Vec<Value>) -> Vec<Value> {
    if list.len() < 2 {
        return list;
    }
    let mut seen = std::collections::HashMap::with_capacity(list.len());
    let mut merged: Vec<Value> = Vec::with_capacity(list.len());
    for element in list {
        let Some(identity) = identity(attribute, &element) else {
            merged.push(element);
            continue;
        };
        let index = *seen.entry(identity).or_insert(merged.len());
        match (merged.get_mut(index), element) {
            (Some(Value::Object(first)), Value::Object(second)) => {
                first.extend(second);
                order(&attribute.sub_attributes, first);
            }
            (Some(_), _) => {}
            (None, element) => merged.push(element),
        }
    }
    merged
}

/// What makes an element the same as another: type (without case) and value (as the schema
/// compares it). `None` for elements without value, which are all different.
pub(crate) fn identity(attribute: &Attribute, element: &Value) -> Option<(String, String)> {
    let (value, exact) = match element {
        Value::Object(members) => (
            members.get("value")?,
            attribute.sub("value").is_some_and(|sub| sub.case_exact),
        ),
        value => (value, attribute.case_exact),
    };
    let kind = element
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let value = match value {
        Value::String(text) if exact => text.clone(),
        Value::String(text) => fold::key(text),
        other => other.to_string(),
    };
    Some((fold::key(kind), value))
}

/// At most one element is primary (RFC 7643 section 2.4).
fn keep_one_primary(list: &mut [Value], place: &Place<'_>, notes: &mut Notes) -> Result<(), Error> {
    let mut marks = list
        .iter_mut()
        .filter_map(|item| item.get_mut("primary").filter(|mark| **mark == true));
    marks.next();
    for mark in marks {
        if !notes.mode.is_lenient() {
            return Err(Error::invalid_value(format!(
                "{place} has more than one value marked primary; mark one"
            )));
        }
        *mark = Value::Bool(false);
        note(&mut notes.leniencies, Leniency::SeveralPrimaries);
    }
    Ok(())
}

/// Puts the members of an object into the order of the schema.
pub(crate) fn order(attributes: &[Attribute], members: &mut Map<String, Value>) {
    let rank = |name: &str| attribute::position(attributes, name).unwrap_or(attributes.len());
    if members.keys().map(|name| rank(name)).is_sorted() {
        return;
    }
    let mut pairs: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
    pairs.sort_by_key(|(name, _)| rank(name));
    members.extend(pairs);
}
