//! The reference to a manager (RFC 7643 section 4.3): where `value` names a user of the
//! organization when it is written, it is of that user; else it is the client's text. Ours is
//! relative to the user's own URL, as in the RFC's example, so that the document does not depend on
//! the URL it is asked for by; a client's that ends in the same path stays as it is.

use std::borrow::Cow;

use domain::UserId;
use scim::{Resource, schema::ENTERPRISE_URN};
use serde_json::{Map, Value};

use crate::{Result, port::Tx};

/// The resource with the reference that belongs to its manager. A manager that the request does
/// not change is not looked up.
pub(super) fn linked<'a>(
    tx: &mut dyn Tx,
    before: Option<&Resource>,
    after: &'a Resource,
) -> Result<Cow<'a, Resource>> {
    let old = before.and_then(manager);
    let Some(new) = manager(after).filter(|new| Some(*new) != old) else {
        return Ok(Cow::Borrowed(after));
    };
    let there = match value(new).and_then(|id| id.parse::<UserId>().ok()) {
        Some(id) if tx.user(id)?.is_some() => Some(id.to_string()),
        _ => None,
    };
    let shown = new.get("$ref").and_then(Value::as_str);
    let is_of = |id: &str| shown.is_some_and(|shown| is_to(shown, id));
    Ok(match there {
        // Whichever way the client writes it.
        Some(id) if is_of(&id) => Cow::Borrowed(after),
        Some(id) => Cow::Owned(with(after, Some(format!("../Users/{id}")))),
        // What was said of an earlier manager is not true of this one.
        None if old.and_then(value).is_some_and(is_of) => Cow::Owned(with(after, None)),
        None => Cow::Borrowed(after),
    })
}

fn manager(resource: &Resource) -> Option<&Map<String, Value>> {
    resource
        .extension(ENTERPRISE_URN)?
        .get("manager")?
        .as_object()
}

fn value(manager: &Map<String, Value>) -> Option<&str> {
    manager.get("value")?.as_str()
}

/// Whether a reference ends in the path of this user.
fn is_to(reference: &str, id: &str) -> bool {
    let path = reference.strip_suffix(id);
    path.is_some_and(|path| path.ends_with("/Users/"))
}

fn with(resource: &Resource, reference: Option<String>) -> Resource {
    let mut resource = resource.clone();
    let attributes = &mut resource.attributes;
    let Some(Value::Object(extension)) = attributes.get_mut(ENTERPRISE_URN) else {
        return resource;
    };
    if let Some(Value::Object(manager)) = extension.get_mut("manager") {
        match reference {
            Some(reference) => manager.insert("$ref".to_owned(), Value::String(reference)),
            None => manager.shift_remove("$ref"),
        };
    }
    // Nothing is left behind that says nothing.
    extension.retain(|_, value| value.as_object().is_none_or(|object| !object.is_empty()));
    if extension.is_empty() {
        attributes.shift_remove(ENTERPRISE_URN);
    }
    resource
}
