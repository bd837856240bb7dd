//! A set of attributes and sub-attributes, and what it keeps of or takes out of a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::path::Located;

/// Attributes under their canonical names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    core: BTreeMap<String, Part>,
    extensions: BTreeMap<String, Extension>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Extension {
    Whole,
    Some(BTreeMap<String, Part>),
}

/// How much of a top-level attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Whole,
    /// These sub-attributes.
    Subs(Vec<String>),
}

impl Shape {
    pub(super) fn is_empty(&self) -> bool {
        self.core.is_empty() && self.extensions.is_empty()
    }

    pub(super) fn add_extension(&mut self, urn: &str) {
        self.extensions.insert(urn.to_owned(), Extension::Whole);
    }

    pub(super) fn add(&mut self, place: Located<'_>) {
        let parts = match place.schema {
            None => &mut self.core,
            Some(schema) => {
                let extension = self
                    .extensions
                    .entry(schema.id.to_string())
                    .or_insert_with(|| Extension::Some(BTreeMap::new()));
                match extension {
                    Extension::Whole => return,
                    Extension::Some(parts) => parts,
                }
            }
        };
        let name = place.top.name.to_string();
        let part = parts.entry(name).or_insert_with(|| Part::Subs(Vec::new()));
        match (place.sub, part) {
            (None, part) => *part = Part::Whole,
            (Some(sub), Part::Subs(subs)) => subs.push(sub.name.to_string()),
            (Some(_), Part::Whole) => {}
        }
    }

    /// Takes one attribute, or one sub-attribute, out of the set.
    pub(super) fn remove(&mut self, place: Located<'_>) {
        let parts = match place.schema {
            None => &mut self.core,
            Some(schema) => match self.extensions.get_mut(&*schema.id) {
                Some(Extension::Some(parts)) => parts,
                _ => return,
            },
        };
        match (place.sub, parts.get_mut(&*place.top.name)) {
            (Some(sub), Some(Part::Subs(subs))) => subs.retain(|name| *name != sub.name),
            _ => {
                parts.remove(&*place.top.name);
            }
        }
    }

    /// True when all of a core attribute is in the set.
    pub(super) fn covers(&self, name: &str) -> bool {
        self.core.get(name) == Some(&Part::Whole)
    }

    /// True when any of a core attribute is in the set.
    pub(super) fn touches(&self, name: &str) -> bool {
        self.core.contains_key(name)
    }

    /// Leaves in the document what is in the set. Objects and lists that end up empty go.
    pub(super) fn keep(&self, document: &mut Map<String, Value>) {
        document.retain(|name, value| match self.extensions.get(name) {
            Some(Extension::Whole) => true,
            Some(Extension::Some(parts)) => match value {
                Value::Object(members) => {
                    members.retain(|name, value| keep_part(parts.get(name), value));
                    !members.is_empty()
                }
                _ => false,
            },
            None => keep_part(self.core.get(name), value),
        });
    }

    /// Takes what is in the set out of the document. Objects and lists that end up empty go.
    pub(super) fn take_out(&self, document: &mut Map<String, Value>) {
        take_out_parts(&self.core, document);
        for (urn, extension) in &self.extensions {
            let emptied = match (extension, document.get_mut(urn)) {
                (Extension::Whole, Some(_)) => true,
                (Extension::Some(parts), Some(Value::Object(members))) => {
                    take_out_parts(parts, members);
                    members.is_empty()
                }
                _ => false,
            };
            if emptied {
                document.shift_remove(urn);
            }
        }
    }
}

fn keep_part(part: Option<&Part>, value: &mut Value) -> bool {
    match part {
        None => false,
        Some(Part::Whole) => true,
        Some(Part::Subs(subs)) => in_elements(value, &|element| {
            element.retain(|name, _| subs.contains(name));
        }),
    }
}

fn take_out_parts(parts: &BTreeMap<String, Part>, members: &mut Map<String, Value>) {
    for (name, part) in parts {
        let left = match (part, members.get_mut(name)) {
            (_, None) => continue,
            (Part::Whole, Some(_)) => false,
            (Part::Subs(subs), Some(value)) => in_elements(value, &|element| {
                for sub in subs {
                    element.shift_remove(sub);
                }
            }),
        };
        if !left {
            members.shift_remove(name);
        }
    }
}

/// Changes the object, or each object of a list; tells whether anything is left.
fn in_elements(value: &mut Value, change: &dyn Fn(&mut Map<String, Value>)) -> bool {
    match value {
        Value::Object(element) => {
            change(element);
            !element.is_empty()
        }
        Value::Array(elements) => {
            let was_empty = elements.is_empty();
            elements.retain_mut(|element| match element {
                Value::Object(members) => {
                    change(members);
                    !members.is_empty()
                }
                _ => true,
            });
            was_empty || !elements.is_empty()
        }
        _ => false,
    }
}
