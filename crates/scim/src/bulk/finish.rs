//! Creating a resource first and adding afterwards what it refers to (RFC 7644 section 3.7.1).

use serde_json::{Value, json};

use super::references::{fill, is_enterprise, is_members};
use super::request::take;
use super::{Created, Operation, Resolved};
use crate::error::Error;
use crate::patch::PATCH_URN;
use crate::schema::{ENTERPRISE_URN, Kind};

/// What was left out of a creation, to be added once the others exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Deferred {
    kind: Kind,
    values: Vec<Value>,
}

impl Operation {
    /// As [`Operation::resolve`], for a [`Step::Begin`](super::Step::Begin): members and manager
    /// that were not created yet are left out of the data.
    ///
    /// # Errors
    ///
    /// 409 when a resource was not created that cannot be left out.
    pub fn begin(&self, created: &Created) -> Result<(Resolved, Deferred), Error> {
        let mut first = self.clone();
        let values = first
            .data
            .as_mut()
            .map(|data| leave_out(self.kind, data, created));
        first.forget_deferrable(created);
        let resolved = first.resolve(created)?;
        let deferred = Deferred {
            kind: self.kind,
            values: values.unwrap_or_default(),
        };
        Ok((resolved, deferred))
    }
}

impl Deferred {
    /// The PATCH that adds what was left out, in the form of a request body; `None` when nothing
    /// is to add. Whatever was not created after all stays left out, as an unknown member would:
    /// the resource exists, and its creation is not undone.
    pub fn patch(&self, created: &Created) -> Option<Value> {
        let resolved = self.values.iter().filter_map(|value| {
            let mut value = value.clone();
            fill(&mut value, created).then_some(value)
        });
        let mut values: Vec<Value> = resolved.collect();
        let (path, value) = match self.kind {
            _ if values.is_empty() => return None,
            Kind::Group => ("members".to_owned(), Value::Array(values)),
            Kind::User => (format!("{ENTERPRISE_URN}:manager"), values.pop()?),
        };
        Some(json!({
            "schemas": [PATCH_URN],
            "Operations": [{ "op": "add", "path": path, "value": value }],
        }))
    }
}

/// Takes the members, or the manager, that cannot be resolved out of the data.
fn leave_out(kind: Kind, data: &mut Value, created: &Created) -> Vec<Value> {
    let Value::Object(attributes) = data else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut emptied = None;
    for (name, value) in attributes.iter_mut() {
        if is_members(kind, name) {
            match value {
                Value::Array(members) => {
                    out.extend(members.extract_if(.., |member| !is_whole(member, created)));
                }
                single if !is_whole(single, created) => {
                    out.push(single.take());
                }
                _ => {}
            }
        } else if is_enterprise(kind, name)
            && let Value::Object(extension) = value
            && let Some(manager) = take(extension, "manager")
        {
            if is_whole(&manager, created) {
                extension.insert("manager".to_owned(), manager);
            } else {
                out.push(manager);
                emptied = extension.is_empty().then(|| name.clone());
            }
        }
    }
    if let Some(name) = emptied {
        attributes.shift_remove(&name);
    }
    out
}

fn is_whole(value: &Value, created: &Created) -> bool {
    fill(&mut value.clone(), created)
}
