//! What must hold of a whole document, however it came about (POST, PUT or PATCH).

use serde_json::Value;

use super::value::few;
use super::{Place, Resource};
use crate::error::Error;
use crate::fold;
use crate::schema::Kind;

/// Checks the required attributes, the characters of userName, the length of what is indexed and
/// of lists.
///
/// # Errors
///
/// 400 `invalidValue` naming the attribute.
pub(crate) fn whole(resource: &Resource) -> Result<(), Error> {
    match resource.kind {
        Kind::User => {
            let problem = fold::user_name_problem(required(resource, "userName")?);
            if let Some(problem) = problem {
                return Err(Error::invalid_value(format!("userName {problem}")));
            }
        }
        Kind::Group => fits("displayName", required(resource, "displayName")?)?,
    }
    fits("externalId", resource.external_id().unwrap_or_default())?;
    for email in resource.emails() {
        fits("emails.value", email.value)?;
    }
    resource
        .attributes
        .iter()
        .try_for_each(|(name, value)| short(&Place::top(name), value))
}

/// No list in it is too long, at any depth.
fn short(place: &Place<'_>, value: &Value) -> Result<(), Error> {
    match value {
        Value::Array(items) => {
            few(place, items.len())?;
            items.iter().try_for_each(|item| short(place, item))
        }
        Value::Object(members) => members
            .iter()
            .try_for_each(|(name, value)| short(&place.inside(name), value)),
        _ => Ok(()),
    }
}

fn required<'a>(resource: &'a Resource, name: &str) -> Result<&'a str, Error> {
    let text = resource
        .attributes
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Error::invalid_value(format!(
            "{name} is required and must not be empty"
        )));
    }
    Ok(text)
}

fn fits(name: &str, text: &str) -> Result<(), Error> {
    if fold::fits(text) {
        return Ok(());
    }
    Err(Error::invalid_value(format!("{name} {}", fold::TOO_LONG)))
}
