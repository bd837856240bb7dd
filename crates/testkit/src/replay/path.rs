//! Paths into an answer: dotted names; `[0]` an index; `[type=work]` the first element whose key
//! equals; `[=x]` the element equal to x; `["urn:…:User"]` a literal key; `#` the length. The empty
//! path is the whole answer.

use std::borrow::Cow;

use serde_json::Value;

use super::variables::shown;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A field.
    Key(String),
    /// An element by place.
    Index(usize),
    /// The first element whose field (or, where the name is empty, which itself) equals the text.
    Find(String, String),
    /// How many elements, fields or characters; 0 where there is nothing.
    Length,
}

/// Takes a path apart.
///
/// # Errors
/// Where it is not a path.
pub fn parse(path: &str) -> Result<Vec<Part>, String> {
    let bad = || format!("not a path: {path}");
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("[\"") {
            let (key, after) = after.split_once("\"]").ok_or_else(bad)?;
            parts.push(Part::Key(key.to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('[') {
            let (inside, after) = after.split_once(']').ok_or_else(bad)?;
            parts.push(bracket(inside).ok_or_else(bad)?);
            rest = after;
        } else {
            let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() {
                return Err(bad());
            }
            parts.push(if name == "#" {
                Part::Length
            } else {
                Part::Key(name.to_owned())
            });
            rest = after;
        }
    }
    Ok(parts)
}

fn bracket(inside: &str) -> Option<Part> {
    match inside.split_once('=') {
        Some((key, value)) => Some(Part::Find(key.to_owned(), value.to_owned())),
        None => inside.parse().ok().map(Part::Index),
    }
}

/// What the path leads to, or none. A path into null leads nowhere.
///
/// # Errors
/// Where it is not a path.
pub fn get<'a>(document: Option<&'a Value>, path: &str) -> Result<Option<Cow<'a, Value>>, String> {
    let mut here = document.map(Cow::Borrowed);
    for part in parse(path)? {
        here = match (here.filter(|value| !value.is_null()), part) {
            (None, Part::Length) => Some(Cow::Owned(0.into())),
            (None, _) => return Ok(None),
            (Some(value), Part::Length) => length(&value).map(|n| Cow::Owned(n.into())),
            (Some(Cow::Borrowed(value)), part) => step(value, &part).map(Cow::Borrowed),
            // Only a length is owned, and nothing is below a number.
            (Some(Cow::Owned(_)), _) => None,
        };
    }
    Ok(here)
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(items.len()),
        Value::Object(fields) => Some(fields.len()),
        Value::String(text) => Some(text.chars().count()),
        _ => None,
    }
}

fn step<'a>(value: &'a Value, part: &Part) -> Option<&'a Value> {
    match part {
        Part::Key(key) => value.as_object()?.get(key),
        Part::Index(index) => value.as_array()?.get(*index),
        Part::Find(key, text) => value.as_array()?.iter().find(|item| {
            let field = if key.is_empty() {
                Some(*item)
            } else {
                item.get(key)
            };
            field.is_some_and(|field| shown(field) == *text)
        }),
        Part::Length => None,
    }
}

/// Writes a value at a path of names and places, making objects on the way.
///
/// # Errors
/// Where the path has other parts, or leads past the end of a list.
pub fn put(document: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let mut here = document;
    for part in parse(path)? {
        here = match part {
            Part::Key(key) => {
                if !here.is_object() {
                    *here = Value::Object(serde_json::Map::new());
                }
                &mut here[key]
            }
            Part::Index(index) => here
                .get_mut(index)
                .ok_or_else(|| format!("nothing at place {index} of {path}"))?,
            Part::Find(..) | Part::Length => {
                return Err(format!("bodySet takes names and places only: {path}"));
            }
        };
    }
    *here = value;
    Ok(())
}
