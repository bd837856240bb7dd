//! Bodies and parameters of the admin API. An unknown field or parameter is an error that says
//! which ones there are: a misspelt one must not be without effect.

mod fault;

use std::str::FromStr;

use app::{
    Error, Result,
    error::{Code, FieldError, Part},
    port::Millis,
    representation::parse_time,
};
use domain::words::UnknownWord;
use serde::de::DeserializeOwned;

use crate::query::Query;

/// Most items on a page.
const MOST: u64 = 1_000;
/// Items on a page unless `limit` says otherwise.
const USUAL: u64 = 100;
/// Most bytes of a parameter's value: no name that is stored is longer.
const LONGEST: usize = 1_024;

/// Reads a JSON body.
///
/// # Errors
/// 400 where it is no JSON; 422 naming the field that is not right.
pub(crate) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let value =
        scim::json::parse(bytes).map_err(|error| Error::new(Code::InvalidBody, error.detail))?;
    if !value.is_object() {
        return Err(Error::new(
            Code::InvalidBody,
            "The body must be a JSON object.",
        ));
    }
    serde_path_to_error::deserialize(value).map_err(|error| fault::describe(&error))
}

/// Refuses query parameters that are not in the table, and values that nothing stored can equal.
///
/// # Errors
/// 422 naming those there are, or what a value must not hold.
pub(crate) fn check_parameters(query: &Query, known: &[&str]) -> Result<()> {
    query.pairs().try_for_each(|(name, value)| {
        if !known.contains(&name) {
            return Err(unknown_parameter(name, known));
        }
        if query.repeats(name) {
            return Err(Error::parameter(name, "Send it once."));
        }
        if value.len() > LONGEST || value.contains(char::is_control) {
            let detail = format!("Must be at most {LONGEST} bytes without control characters.");
            return Err(Error::parameter(name, detail));
        }
        Ok(())
    })
}

fn unknown_parameter(name: &str, known: &[&str]) -> Error {
    let detail = fault::choices("query parameters", name, known);
    let field = fault::shown(name).to_owned();
    Error::Coded {
        code: Code::UnknownField,
        detail: format!("Unknown query parameter {field}. {detail}"),
        fields: vec![FieldError::new(field, detail).of(Part::Query)],
    }
}

/// As [`body`], where no body at all is an empty object.
///
/// # Errors
/// As [`body`].
pub(crate) fn optional<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    body(if bytes.is_empty() { b"{}" } else { bytes })
}

/// A parameter that is `true` or `false`; false where it is left out.
///
/// # Errors
/// 422 for anything else.
pub(crate) fn flag(query: &Query, name: &str) -> Result<bool> {
    match query.get(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Error::parameter(name, "Must be true or false.")),
    }
}

/// A parameter that is one of a closed set of words; none where it is left out.
///
/// # Errors
/// 422 naming the words.
pub(crate) fn word<T: FromStr<Err = UnknownWord>>(query: &Query, name: &str) -> Result<Option<T>> {
    let word = query.get(name).map(str::parse).transpose();
    word.map_err(|error: UnknownWord| Error::parameter(name, error.to_string()))
}

/// The moment in the parameter `at`.
///
/// # Errors
/// As [`moment_in`].
pub(crate) fn moment(query: &Query) -> Result<Option<Millis>> {
    moment_in(query, "at")
}

/// The moment in a parameter.
///
/// # Errors
/// 422 for what is no time of RFC 3339.
pub(crate) fn moment_in(query: &Query, name: &str) -> Result<Option<Millis>> {
    let detail = "Must be a time of RFC 3339 with its offset, such as 2026-01-31T12:00:00Z; write \
                  a + in it as %2B.";
    let read = |text| parse_time(text).ok_or_else(|| Error::parameter(name, detail));
    query.get(name).map(read).transpose()
}

/// A fault of the domain, which reads `field: what is wrong`.
pub(crate) fn domain_fault(message: &str) -> Error {
    let (field, detail) = message.split_once(": ").unwrap_or(("body", message));
    Error::field(field, detail)
}

/// How many items a page has: `limit`, 1 to 1,000.
///
/// # Errors
/// 422 for anything else.
pub(crate) fn limit(query: &Query) -> Result<u64> {
    let Some(text) = query.get("limit") else {
        return Ok(USUAL);
    };
    text.parse()
        .ok()
        .filter(|limit| (1..=MOST).contains(limit))
        .ok_or_else(|| {
            Error::parameter("limit", format!("Must be a whole number from 1 to {MOST}."))
        })
}

#[cfg(test)]
mod tests;
