//! The message: `schemas`, `Operations`, and in each operation `op`, `path`, `value`.

use serde_json::{Map, Value};

use super::in_operation;
use super::step::Verb;
use crate::error::Error;
use crate::lenient::{Leniency, note};
use crate::profile::Rule;
use crate::resource::Place;
use crate::resource::value::Notes;

/// URI of the message.
pub const PATCH_URN: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Most operations in one request.
pub const MAX_OPERATIONS: usize = 1_000;

/// An operation as sent; its path is not looked at yet.
#[derive(Debug)]
pub(super) struct Operation {
    /// Counts from 1.
    pub(super) number: usize,
    pub(super) verb: Verb,
    pub(super) path: Option<String>,
    /// `None` when absent, which null is not.
    pub(super) value: Option<Value>,
}

/// Reads the message. Member names ignore case (RFC 7643 section 2.1).
pub(super) fn read(body: Value, notes: &mut Notes) -> Result<Vec<Operation>, Error> {
    let Value::Object(body) = body else {
        return Err(Error::invalid_syntax(
            "the body must be a JSON object with schemas and Operations",
        ));
    };
    let (mut schemas, mut operations) = (None, None);
    for (name, value) in body {
        match name {
            name if name.eq_ignore_ascii_case("schemas") => schemas = Some(value),
            name if name.eq_ignore_ascii_case("Operations") => operations = Some(value),
            name => notes.unknown(&Place::top(&name))?,
        }
    }
    check_schemas(schemas.as_ref(), notes)?;
    let operations = list(operations.unwrap_or(Value::Null), notes)?;
    if operations.len() > MAX_OPERATIONS {
        return Err(Error::too_large(
            "Operations: a request may have 1,000 operations at most",
        ));
    }
    operations
        .into_iter()
        .enumerate()
        .map(|(index, value)| {
            operation(index + 1, value, notes).map_err(|error| in_operation(index + 1, error))
        })
        .collect()
}

/// Lenient: authentik and hand-written connectors leave `schemas` out; the method and the
/// endpoint say what the body is.
fn check_schemas(schemas: Option<&Value>, notes: &mut Notes) -> Result<(), Error> {
    let named = schemas
        .and_then(Value::as_array)
        .is_some_and(|uris| uris.iter().any(is_message));
    let mut uris = schemas.and_then(Value::as_array).into_iter().flatten();
    if notes.mode.follows(Rule::KnownNames) && !uris.all(is_message) {
        return Err(Error::invalid_syntax(format!(
            "schemas of a PATCH names {PATCH_URN} and nothing else"
        )));
    }
    if named {
        return Ok(());
    }
    if notes.mode.is_lenient() {
        note(&mut notes.leniencies, Leniency::Schemas);
        return Ok(());
    }
    Err(Error::invalid_syntax(format!(
        "schemas must be a list that contains {PATCH_URN}"
    )))
}

/// Lenient: one operation without its list (the plurality that IdPs get wrong elsewhere too), and
/// a PATCH without operations, which changes nothing.
fn list(operations: Value, notes: &mut Notes) -> Result<Vec<Value>, Error> {
    let lenient = notes.mode.is_lenient();
    match operations {
        Value::Array(operations) if !operations.is_empty() => Ok(operations),
        Value::Array(_) | Value::Null if lenient => {
            note(&mut notes.leniencies, Leniency::NoOperations);
            Ok(Vec::new())
        }
        operation @ Value::Object(_) if lenient => {
            note(&mut notes.leniencies, Leniency::BareElement);
            Ok(vec![operation])
        }
        _ => Err(Error::invalid_syntax(
            "Operations must be a list of at least one operation",
        )),
    }
}

fn is_message(uri: &Value) -> bool {
    uri.as_str()
        .is_some_and(|uri| uri.eq_ignore_ascii_case(PATCH_URN))
}

fn operation(number: usize, value: Value, notes: &mut Notes) -> Result<Operation, Error> {
    let Value::Object(members) = value else {
        return Err(Error::invalid_syntax("must be an object with op"));
    };
    let Parts { op, path, value } = parts(members, notes)?;
    Ok(Operation {
        number,
        verb: verb(op.as_ref(), notes)?,
        path: read_path(path)?,
        value,
    })
}

#[derive(Default)]
struct Parts {
    op: Option<Value>,
    path: Option<Value>,
    value: Option<Value>,
}

fn parts(members: Map<String, Value>, notes: &mut Notes) -> Result<Parts, Error> {
    let mut parts = Parts::default();
    for (name, value) in members {
        match name {
            name if name.eq_ignore_ascii_case("op") => parts.op = Some(value),
            name if name.eq_ignore_ascii_case("path") => parts.path = Some(value),
            name if name.eq_ignore_ascii_case("value") => parts.value = Some(value),
            name => notes.unknown(&Place::top(&name))?,
        }
    }
    Ok(parts)
}

/// Lenient: Entra ID sends `Add`, `Replace` and `Remove`.
fn verb(op: Option<&Value>, notes: &mut Notes) -> Result<Verb, Error> {
    let text = op.and_then(Value::as_str).unwrap_or_default();
    for (verb, word) in Verb::ALL {
        if text == word {
            return Ok(verb);
        }
        if notes.mode.is_lenient() && text.eq_ignore_ascii_case(word) {
            note(&mut notes.leniencies, Leniency::OperationCase);
            return Ok(verb);
        }
    }
    Err(Error::invalid_syntax(
        "op must be \"add\", \"remove\" or \"replace\"",
    ))
}

/// An empty path is none, as null is.
fn read_path(path: Option<Value>) -> Result<Option<String>, Error> {
    match path {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::invalid_path("path must be a string")),
    }
}
