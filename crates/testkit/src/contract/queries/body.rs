//! Random bodies, made from the schema table.

use scim::schema::Attribute;
use scim::{Kind, Mode, Registry, Resource, fold};
use serde_json::{Map, Value, json};

use super::super::random::Random;
use super::values;

/// A resource with this name; any other attribute is there once in three times.
pub(super) fn resource(
    registry: &Registry,
    kind: Kind,
    name: &str,
    random: &mut Random,
) -> Resource {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([kind.core_urn()]));
    let core = &registry.core_schema(kind).attributes;
    fill(registry.common().iter().chain(core), &mut body, random);
    for extension in registry.extensions(kind) {
        let mut data = Map::new();
        fill(extension.attributes.iter(), &mut data, random);
        if !data.is_empty() {
            body.insert(extension.id.to_string(), Value::Object(data));
            body["schemas"] = with(&body["schemas"], &extension.id);
        }
    }
    let required = match kind {
        Kind::User => "userName",
        Kind::Group => "displayName",
    };
    body.insert(required.to_owned(), json!(name));
    let read = scim::resource::read(registry, kind, Mode::Strict, Value::Object(body));
    let incoming = read.expect("a body made from the schema table must be right");
    if random.once_in(4) {
        // As after a PATCH that removed `active`: it is unassigned.
        return incoming.resource;
    }
    incoming.for_create().0
}

/// A name that nobody has yet, whatever the case.
pub(super) fn name(taken: &mut Vec<String>, random: &mut Random) -> String {
    loop {
        let mut name = values::text(random);
        if random.once_in(2) {
            name = format!("{name}{}", random.below(10));
        }
        let key = fold::key(&name);
        let fits = fold::user_name_problem(&name).is_none();
        if fits && !name.trim().is_empty() && !key.is_empty() && !taken.contains(&key) {
            taken.push(key);
            return name;
        }
    }
}

fn with(schemas: &Value, urn: &str) -> Value {
    let mut schemas = schemas.as_array().cloned().unwrap_or_default();
    schemas.push(json!(urn));
    Value::Array(schemas)
}

fn fill<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    into: &mut Map<String, Value>,
    random: &mut Random,
) {
    for attribute in attributes {
        // `meta` is the server's, members are added one by one.
        let ours = attribute.is_read_only() || matches!(&*attribute.name, "schemas" | "members");
        if !ours && random.once_in(3) {
            into.insert(attribute.name.to_string(), value(attribute, random));
        }
    }
}

fn value(attribute: &Attribute, random: &mut Random) -> Value {
    if !attribute.multi_valued {
        return element(attribute, random);
    }
    let mut list = random.several(3, |random| element(attribute, random));
    let primary = random.below(3);
    for (position, element) in list.iter_mut().enumerate() {
        if let Some(members) = element.as_object_mut() {
            members.shift_remove("primary");
            if position == primary && attribute.sub("primary").is_some() {
                members.insert("primary".to_owned(), json!(true));
            }
        }
    }
    Value::Array(list)
}

fn element(attribute: &Attribute, random: &mut Random) -> Value {
    if matches!(&*attribute.name, "title" | "note") && random.once_in(6) {
        return json!(values::long(random));
    }
    if !attribute.is_complex() {
        return values::value(attribute.kind, random);
    }
    let mut members = Map::new();
    for sub in &attribute.sub_attributes {
        if sub.required || random.once_in(2) {
            members.insert(sub.name.to_string(), values::value(sub.kind, random));
        }
    }
    Value::Object(members)
}
