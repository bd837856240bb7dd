//! A group's members as a client names them. They are never part of the stored document, so
//! that adding one costs the same however many there are.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Place;
use super::value::Notes;
use crate::error::Error;

/// Most members that one request may name.
pub const MAX_MEMBERS: usize = 100_000;

/// A member as a request names it. Whether it exists is for the caller to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRef {
    /// Identifier of the user or group.
    pub value: String,
    /// The client's text for it.
    pub display: Option<String>,
    /// `type` as sent, usually `User` or `Group`.
    pub kind: Option<String>,
}

/// Reads the value of `members`, already mended when lenient: a list of objects, or null for
/// none. A member named twice counts once, the first time.
///
/// # Errors
///
/// 400 `invalidValue` for another shape or a member without `value`, `invalidSyntax` for unknown
/// sub-attributes in strict mode, 413 above [`MAX_MEMBERS`].
pub(crate) fn read(value: Value, notes: &mut Notes) -> Result<Vec<MemberRef>, Error> {
    let items = match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items,
        _ => return Err(Error::invalid_value("members must be a list of objects")),
    };
    if items.len() > MAX_MEMBERS {
        return Err(Error::too_large(
            "members: a request may name 100,000 members at most",
        ));
    }
    let mut seen = HashSet::with_capacity(items.len());
    let mut members = Vec::with_capacity(items.len());
    for item in items {
        let member = match item {
            Value::Null => continue,
            Value::Object(item) => read_one(item, notes)?,
            _ => {
                return Err(Error::invalid_value(
                    "members: every element must be an object",
                ));
            }
        };
        if seen.insert(member.value.clone()) {
            members.push(member);
        }
    }
    Ok(members)
}

fn read_one(item: Map<String, Value>, notes: &mut Notes) -> Result<MemberRef, Error> {
    let (mut value, mut display, mut kind) = (None, None, None);
    for (name, content) in item {
        let (slot, name) = match name {
            name if name.eq_ignore_ascii_case("value") => (&mut value, "value"),
            name if name.eq_ignore_ascii_case("display") => (&mut display, "display"),
            name if name.eq_ignore_ascii_case("type") => (&mut kind, "type"),
            // The server makes its own; a client's copy says nothing that `value` does not.
            name if name.eq_ignore_ascii_case("$ref") => continue,
            name => {
                notes.unknown(&Place::top("members").inside(&name))?;
                continue;
            }
        };
        *slot = match content {
            Value::Null => None,
            Value::String(text) => Some(text),
            _ => {
                return Err(Error::invalid_value(format!(
                    "members.{name} must be a string"
                )));
            }
        };
    }
    match value {
        Some(value) if !value.is_empty() => Ok(MemberRef {
            value,
            display,
            kind,
        }),
        _ => Err(Error::invalid_value(
            "members.value is required: the id of a user or group",
        )),
    }
}
