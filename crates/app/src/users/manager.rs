//! The reference to a manager (RFC 7643 section 4.3): ours where `value` names a user of the
//! organization when it is written, else the client's text. It is relative to the user's own URL,
//! as in the RFC's example: the document does not depend on the URL it is asked for by.

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
    let reference = match value(new).and_then(|id| id.parse::<UserId>().ok()) {
        Some(id) if tx.user(id)?.is_some() => Some(to(&id.to_string())),
        _ => None,
    };
    let shown = new.get("$ref").and_then(Value::as_str);
    let earlier = old.and_then(value).map(to);
    match reference {
        Some(ours) if shown != Some(ours.as_str()) => Ok(Cow::Owned(with(after, Some(ours)))),
        // What we said of an earlier manager is not true of this one.
        None if shown.is_some() && shown == earlier.as_deref() => Ok(Cow::Owned(with(after, None))),
        _ => Ok(Cow::Borrowed(after)),
    }
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

fn to(id: &str) -> String {
    format!("../Users/{id}")
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
