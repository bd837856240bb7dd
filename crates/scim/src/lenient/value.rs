//! Mends of one attribute's value, driven by the schema table. Used for bodies and for the
//! values of PATCH operations.

use serde_json::{Map, Value};

use super::{Leniency, note};
use crate::json;
use crate::schema::{Attribute, Type};

/// A mend: true when it changed the value.
type Mend = fn(&Attribute, &mut Value) -> bool;

/// Mends of a whole value, in order.
const WHOLE: &[(Leniency, Mend)] = &[
    (Leniency::EmptyText, empty_text),
    (Leniency::OneElementList, one_element_list),
    (Leniency::BareElement, bare_element),
];

/// Mends of one element, or of the value of a singular attribute, in order.
const ELEMENT: &[(Leniency, Mend)] = &[
    (Leniency::EmptyText, empty_text),
    (Leniency::BooleanText, boolean_text),
    (Leniency::BareText, bare_text),
    (Leniency::RoleText, role_text),
    (Leniency::DisplayName, display_name),
    (Leniency::EmptyText, empty_value),
];

/// Mends the value of an attribute in place. An unassigned value becomes null; unassigned
/// elements leave their list.
pub(crate) fn mend(attribute: &Attribute, value: &mut Value, acted: &mut Vec<Leniency>) {
    run(WHOLE, attribute, value, acted);
    match value {
        Value::Array(items) if attribute.multi_valued => {
            for item in items.iter_mut() {
                mend_element(attribute, item, acted);
            }
            items.retain(|item| !item.is_null());
        }
        value => mend_element(attribute, value, acted),
    }
}

/// Mends one element of a list, or a single value.
fn mend_element(attribute: &Attribute, value: &mut Value, acted: &mut Vec<Leniency>) {
    unwrap_members(attribute, value, acted);
    run(ELEMENT, attribute, value, acted);
    if let Value::Object(members) = value {
        for (name, value) in members.iter_mut() {
            if let Some(sub) = attribute.sub(name) {
                mend(sub, value, acted);
            }
        }
    }
}

/// Takes members out of the lists around them, so that the mends of the element see what is inside:
/// otherwise a second look would find something to mend again.
fn unwrap_members(attribute: &Attribute, value: &mut Value, acted: &mut Vec<Leniency>) {
    let Value::Object(members) = value else {
        return;
    };
    for (name, value) in members.iter_mut() {
        if attribute
            .sub(name)
            .is_some_and(|sub| one_element_list(sub, value))
        {
            note(acted, Leniency::OneElementList);
        }
    }
}

fn run(
    mends: &[(Leniency, Mend)],
    attribute: &Attribute,
    value: &mut Value,
    acted: &mut Vec<Leniency>,
) {
    for (which, mend) in mends {
        if mend(attribute, value) {
            note(acted, *which);
        }
    }
}

/// OneLogin renders unset template macros as empty text: `"title": ""`. Unassigned.
fn empty_text(_: &Attribute, value: &mut Value) -> bool {
    let empty = value.as_str().is_some_and(str::is_empty);
    if empty {
        *value = Value::Null;
    }
    empty
}

/// OneLogin renders a person without manager as `"manager": {"value": "", "displayName": " "}`,
/// Entra ID removes one by `{"value": ""}`. Unassigned, whatever stands beside it.
fn empty_value(attribute: &Attribute, value: &mut Value) -> bool {
    let text = attribute
        .sub("value")
        .and_then(|_| member(value.as_object()?, "value"));
    let empty = text.and_then(Value::as_str).is_some_and(str::is_empty);
    if empty {
        *value = Value::Null;
    }
    empty
}

/// Entra ID documents `"manager": [{"$ref": "…", "value": "…"}]` for the single manager.
fn one_element_list(attribute: &Attribute, value: &mut Value) -> bool {
    let mut acted = false;
    while !attribute.multi_valued
        && let Value::Array(items) = value
        && items.len() <= 1
    {
        *value = items.pop().unwrap_or(Value::Null);
        acted = true;
    }
    acted
}

/// OneLogin templates have been seen with `"emails": {"value": "…"}`, others with
/// `"emails": "a@example.com"`, for the list of e-mails.
fn bare_element(attribute: &Attribute, value: &mut Value) -> bool {
    let bare = attribute.multi_valued && !value.is_array() && !value.is_null();
    if bare {
        *value = Value::Array(vec![value.take()]);
    }
    bare
}

/// Entra ID sends `"manager": "26118915-…"` for the object, and connectors written by hand
/// `"members": ["26118915-…"]`.
fn bare_text(attribute: &Attribute, value: &mut Value) -> bool {
    let bare = value.is_string() && attribute.sub("value").is_some_and(|sub| sub.kind.is_text());
    if bare {
        let object = Map::from_iter([("value".to_owned(), value.take())]);
        *value = Value::Object(object);
    }
    bare
}

/// Entra ID (`AppRoleAssignmentsComplex`) sends a role as
/// `{"value": "{\"id\":\"…\",\"value\":\"Auditor\",\"displayName\":\"Auditor\"}"}`.
fn role_text(attribute: &Attribute, value: &mut Value) -> bool {
    if attribute.name != "roles" {
        return false;
    }
    let Value::Object(role) = value else {
        return false;
    };
    let mut acted = false;
    while let Some(inner) = member(role, "value").and_then(inner_role) {
        role.retain(|name, _| !name.eq_ignore_ascii_case("value"));
        for (name, value) in inner {
            if member(role, &name).is_none() {
                role.insert(name, value);
            }
        }
        acted = true;
    }
    acted
}

/// The role inside a JSON text, without the identifier of the assignment.
fn inner_role(text: &Value) -> Option<Map<String, Value>> {
    let text = text
        .as_str()
        .filter(|text| text.trim_start().starts_with('{'))?;
    let Ok(Value::Object(mut inner)) = json::parse(text.as_bytes()) else {
        return None;
    };
    inner.retain(|name, _| !name.eq_ignore_ascii_case("id"));
    member(&inner, "value")
        .is_some_and(Value::is_string)
        .then_some(inner)
}

/// Entra ID sends `displayName` beside a role's `value`, where the RFC has `display`; so do
/// connectors for members.
fn display_name(attribute: &Attribute, value: &mut Value) -> bool {
    if attribute.sub("display").is_none() || attribute.sub("displayName").is_some() {
        return false;
    }
    let Value::Object(members) = value else {
        return false;
    };
    let Some(name) = members
        .keys()
        .find(|name| name.eq_ignore_ascii_case("displayName"))
        .cloned()
    else {
        return false;
    };
    let text = members.shift_remove(&name);
    if let (None, Some(text)) = (member(members, "display"), text) {
        members.insert("display".to_owned(), text);
    }
    true
}

/// `"True"`, `"False"` in any case: Entra ID sends them for `active` and `primary`, OneLogin's
/// templates for `active`.
fn boolean_text(attribute: &Attribute, value: &mut Value) -> bool {
    let Some(text) = value.as_str().filter(|_| attribute.kind == Type::Boolean) else {
        return false;
    };
    let truth = match text {
        text if text.eq_ignore_ascii_case("true") => true,
        text if text.eq_ignore_ascii_case("false") => false,
        _ => return false,
    };
    *value = Value::Bool(truth);
    true
}

/// A member of an object; case is ignored.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
