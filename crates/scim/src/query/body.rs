//! The search request as a body.

use serde_json::{Map, Value};

use super::{Paging, Query};
use crate::error::Error;
use crate::mode::Mode;
use crate::profile::Rule;

/// URI of the message.
pub const SEARCH_URN: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Most names in one list.
const MAX_NAMES: usize = 1_000;

/// The members of the message.
const MEMBERS: [&str; 9] = [
    "schemas",
    "filter",
    "sortBy",
    "sortOrder",
    "attributes",
    "excludedAttributes",
    "startIndex",
    "count",
    "cursor",
];

pub(super) fn read(mode: Mode, body: Value) -> Result<Query, Error> {
    let Value::Object(members) = body else {
        return Err(Error::invalid_syntax(
            "the body must be a JSON object, a search request",
        ));
    };
    let members = canonical(mode, members)?;
    check_schemas(mode, members.get("schemas"))?;
    let reader = Reader { mode, members };
    // With a cursor, faults have the keywords of RFC 9865.
    let cursor = reader
        .text("cursor")
        .map_err(|error| Error::invalid_cursor(error.detail))?;
    let count = reader.number("count").map_err(|error| match &cursor {
        Some(_) => Error::invalid_count(error.detail),
        None => error,
    })?;
    let start_index = match &cursor {
        Some(_) => None,
        None => reader.number("startIndex")?,
    };
    let paging = Paging::parse(cursor.as_deref(), start_index.as_deref(), count.as_deref())?;
    Ok(Query {
        filter: reader.text("filter")?,
        sort_by: reader.text("sortBy")?,
        sort_order: reader.text("sortOrder")?,
        attributes: reader.names("attributes")?,
        excluded_attributes: reader.names("excludedAttributes")?,
        paging,
    })
}

/// The members under their names of the RFC, without nulls.
fn canonical(mode: Mode, members: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let mut known = Map::new();
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        match MEMBERS
            .iter()
            .find(|member| member.eq_ignore_ascii_case(&name))
        {
            Some(member) => {
                known.insert((*member).to_owned(), value);
            }
            None if !mode.follows(Rule::KnownNames) => {}
            None => {
                return Err(Error::invalid_syntax(
                    "a search request has only schemas, filter, sortBy, sortOrder, attributes, \
                     excludedAttributes, startIndex, count and cursor",
                ));
            }
        }
    }
    Ok(known)
}

fn check_schemas(mode: Mode, schemas: Option<&Value>) -> Result<(), Error> {
    let uris = schemas
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named = uris
        .iter()
        .filter_map(Value::as_str)
        .any(|uri| uri.eq_ignore_ascii_case(SEARCH_URN));
    if named || mode.is_lenient() {
        return Ok(());
    }
    Err(Error::invalid_syntax(format!(
        "schemas must be a list that contains {SEARCH_URN}"
    )))
}

struct Reader {
    mode: Mode,
    members: Map<String, Value>,
}

impl Reader {
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Error::invalid_value(format!("{name} must be a string"))),
        }
    }

    /// The number as text, which is what the parameters of a URL are.
    fn number(&self, name: &str) -> Result<Option<String>, Error> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::String(text)) if self.mode.is_lenient() => Ok(Some(text.clone())),
            Some(_) => Err(Error::invalid_value(format!(
                "{name} must be a whole number"
            ))),
        }
    }

    fn names(&self, name: &str) -> Result<Option<String>, Error> {
        let wrong = || Error::invalid_value(format!("{name} must be a list of attribute names"));
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if self.mode.is_lenient() => Ok(Some(text.clone())),
            Some(Value::Array(items)) if items.len() <= MAX_NAMES => {
                let names: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                Ok(Some(names.ok_or_else(wrong)?.join(",")))
            }
            Some(Value::Array(_)) => Err(Error::invalid_value(format!(
                "{name} must have {MAX_NAMES} names at most"
            ))),
            Some(_) => Err(wrong()),
        }
    }
}
