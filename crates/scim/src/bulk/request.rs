//! The message: `schemas`, `failOnErrors`, `Operations`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::operation;
use super::{Bulk, Entry, MAX_OPERATIONS, Method, REQUEST_URN};
use crate::error::Error;
use crate::mode::Mode;
use crate::profile::Rule;
use crate::resource::MAX_MEMBERS;

impl Bulk {
    /// Reads the body of a POST to `/Bulk`. Names of members ignore case.
    ///
    /// Lenient mode does without `schemas` and passes over unknown members; strict mode refuses
    /// both, and a request without operations.
    ///
    /// # Errors
    ///
    /// 400 `invalidSyntax` for a body that is no bulk request, `invalidValue` for a `failOnErrors`
    /// that is no whole number from 0; 413 above [`MAX_OPERATIONS`] operations or
    /// [`MAX_MEMBERS`] members in all of them.
    pub fn parse(mode: Mode, body: Value) -> Result<Bulk, Error> {
        let message = Message::read(mode, body)?;
        let operations = list(mode, message.operations)?;
        let mut entries: Vec<Entry> = operations
            .into_iter()
            .map(|value| operation::read(mode, value))
            .collect();
        refuse_repeated_ids(&mut entries);
        refuse_unknown_references(&mut entries);
        let bulk = Bulk {
            fail_on_errors: fail_on_errors(message.fail_on_errors.as_ref())?,
            entries,
        };
        if bulk.members() > MAX_MEMBERS {
            return Err(Error::too_large(
                "members: a bulk request may name 100,000 members at most in all operations",
            ));
        }
        Ok(bulk)
    }
}

#[derive(Default)]
struct Message {
    schemas: Option<Value>,
    fail_on_errors: Option<Value>,
    operations: Option<Value>,
}

impl Message {
    fn read(mode: Mode, body: Value) -> Result<Message, Error> {
        let Value::Object(members) = body else {
            return Err(Error::invalid_syntax(
                "the body must be a JSON object with schemas and Operations",
            ));
        };
        let mut message = Message::default();
        for (name, value) in members {
            let slot = match name {
                name if name.eq_ignore_ascii_case("schemas") => &mut message.schemas,
                name if name.eq_ignore_ascii_case("failOnErrors") => &mut message.fail_on_errors,
                name if name.eq_ignore_ascii_case("Operations") => &mut message.operations,
                _ if !mode.follows(Rule::KnownNames) => continue,
                _ => {
                    return Err(Error::invalid_syntax(
                        "a bulk request has only schemas, failOnErrors and Operations",
                    ));
                }
            };
            *slot = Some(value);
        }
        check_schemas(mode, message.schemas.as_ref())?;
        Ok(message)
    }
}

fn check_schemas(mode: Mode, schemas: Option<&Value>) -> Result<(), Error> {
    let uris = schemas
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named = uris
        .iter()
        .filter_map(Value::as_str)
        .any(|uri| uri.eq_ignore_ascii_case(REQUEST_URN));
    if named || mode.is_lenient() {
        return Ok(());
    }
    Err(Error::invalid_syntax(format!(
        "schemas must be a list that contains {REQUEST_URN}"
    )))
}

fn list(mode: Mode, operations: Option<Value>) -> Result<Vec<Value>, Error> {
    match operations {
        Some(Value::Array(list)) if list.len() > MAX_OPERATIONS => Err(Error::too_large(
            "Operations: a bulk request may have 1,000 operations at most",
        )),
        Some(Value::Array(list)) if !list.is_empty() || mode.is_lenient() => Ok(list),
        _ => Err(Error::invalid_syntax(
            "Operations must be a list of at least one operation",
        )),
    }
}

fn fail_on_errors(value: Option<&Value>) -> Result<Option<u64>, Error> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| {
            Error::invalid_value(
                "failOnErrors must be a whole number, 1 to stop at the first error",
            )
        }),
    }
}

/// Two creations with one `bulkId`: nobody can know which one a reference means, so that neither
/// runs.
fn refuse_repeated_ids(entries: &mut [Entry]) {
    let mut uses: HashMap<String, usize> = HashMap::new();
    for id in entries.iter().filter_map(created) {
        *uses.entry(id.to_owned()).or_default() += 1;
    }
    for entry in entries {
        if created(entry).is_some_and(|id| uses.get(id).is_some_and(|uses| *uses > 1)) {
            entry.operation = Err(Error::invalid_value(
                "bulkId must be unique: another POST of the request has the same",
            ));
        }
    }
}

/// A reference to nothing is the operation's mistake. (One to a creation that fails is not, and
/// comes out when it is run.)
fn refuse_unknown_references(entries: &mut [Entry]) {
    let known: HashSet<String> = entries
        .iter()
        .filter_map(created)
        .map(str::to_owned)
        .collect();
    for entry in entries {
        let Ok(operation) = &mut entry.operation else {
            continue;
        };
        if let Err(error) = operation.keep_references(&known) {
            entry.operation = Err(error);
        }
    }
}

/// The name that a creation gives to its resource, even where the rest of it is wrong: then
/// references to it fail because the creation did.
fn created(entry: &Entry) -> Option<&str> {
    entry
        .bulk_id
        .as_deref()
        .filter(|_| entry.method == Some(Method::Post))
}

/// Takes a member out; its name ignores case.
pub(super) fn take(members: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let known = members
        .keys()
        .find(|known| known.eq_ignore_ascii_case(name))?
        .clone();
    members.shift_remove(&known)
}
