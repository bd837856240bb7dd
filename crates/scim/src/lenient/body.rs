//! Mends of the body of a POST or PUT.

use serde_json::{Map, Value};

use super::value;
use super::{Leniency, note};
use crate::registry::Registry;
use crate::schema::{Kind, attribute};

/// Mends the body in place: first the names, then every value by its attribute.
pub(crate) fn mend(
    registry: &Registry,
    kind: Kind,
    body: &mut Map<String, Value>,
    acted: &mut Vec<Leniency>,
) {
    if !names_the_type(kind, body) {
        // authentik's older versions leave `schemas` out; OneLogin's template names
        // `urn:scim:schemas:core:2.0`. The endpoint says what the resource is.
        note(acted, Leniency::Schemas);
    }
    if extension_names(registry, kind, body) {
        note(acted, Leniency::ExtensionName);
    }
    let core = &registry.core_schema(kind).attributes;
    for (name, value) in body.iter_mut() {
        if let Some(schema) = registry.extension(kind, name) {
            let Value::Object(members) = value else {
                continue;
            };
            for (name, value) in members.iter_mut() {
                if let Some(attribute) = schema.attribute(name) {
                    value::mend(attribute, value, acted);
                }
            }
        } else if let Some(attribute) =
            attribute::find(core, name).or_else(|| attribute::find(registry.common(), name))
            && !attribute.is_read_only()
        {
            value::mend(attribute, value, acted);
        }
    }
}

fn names_the_type(kind: Kind, body: &Map<String, Value>) -> bool {
    let schemas = body
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    schemas
        .and_then(|(_, uris)| uris.as_array())
        .is_some_and(|uris| {
            uris.iter()
                .filter_map(Value::as_str)
                .any(|uri| uri.eq_ignore_ascii_case(kind.core_urn()))
        })
}

/// Entra ID's documented create sends `"department": null, "manager": null` at the top level,
/// without the extension's URI. Moved there; what stands there already wins.
fn extension_names(registry: &Registry, kind: Kind, body: &mut Map<String, Value>) -> bool {
    let misplaced: Vec<(String, String)> = body
        .keys()
        .filter_map(|name| {
            let schema = registry.attribute(kind, None, name)?.schema?;
            Some((name.clone(), schema.id.to_string()))
        })
        .collect();
    for (name, urn) in &misplaced {
        let value = body.shift_remove(name).unwrap_or(Value::Null);
        move_into(body, urn, name, value);
    }
    !misplaced.is_empty()
}

fn move_into(body: &mut Map<String, Value>, urn: &str, name: &str, value: Value) {
    let known = body
        .keys()
        .find(|known| known.eq_ignore_ascii_case(urn))
        .cloned();
    let slot = body
        .entry(known.unwrap_or_else(|| urn.to_owned()))
        .or_insert(Value::Null);
    if slot.is_null() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(members) = slot
        && !members.keys().any(|known| known.eq_ignore_ascii_case(name))
    {
        members.insert(name.to_owned(), value);
    }
}
