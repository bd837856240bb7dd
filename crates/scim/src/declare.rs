//! Extension schemas that an organization declares, in the JSON form of `/Schemas` (RFC 7643
//! section 7).
//!
//! Everything that is wrong is told at once, each fault with the place of the field. What the
//! RFC allows and the server does not offer is refused, not ignored, so that a declaration never
//! promises what does not happen: `returned` never and request, `uniqueness` server and global,
//! `mutability` readOnly and writeOnly, `required`, and lists inside of complex attributes.

mod attribute;
mod change;
mod fields;
#[cfg(test)]
mod tests;
mod urn;

use std::fmt;

use serde_json::Value;

use crate::error::Error;
use crate::registry::Registry;
use crate::schema::Schema;

pub use change::keeps_data;
use fields::Fields;

/// Most attributes of a schema.
pub const MAX_ATTRIBUTES: usize = 100;
/// Most sub-attributes of a complex attribute.
pub const MAX_SUB_ATTRIBUTES: usize = 50;
/// Longest URI, in bytes.
pub const MAX_URN: usize = 200;
/// Longest attribute name, in bytes.
pub const MAX_NAME: usize = 64;
/// Longest name or description of a schema, and description of an attribute, in characters.
pub const MAX_TEXT: usize = 500;
/// Most canonical values, or reference types, of an attribute.
pub const MAX_VALUES: usize = 100;
/// Most faults that are told.
pub const MAX_FAULTS: usize = 50;

/// One mistake in a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: `id`, `attributes[2].type`, `attributes[2].subAttributes[0].name`.
    pub field: String,
    /// What is wrong and what would be right, as the end of a sentence about the field.
    pub problem: String,
}

/// All mistakes in a declaration; at least one, at most [`MAX_FAULTS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.field, self.problem)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            write!(out, "{}{fault}", if index > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

impl From<Faults> for Error {
    /// 400 `invalidValue` with all faults in its text.
    fn from(faults: Faults) -> Error {
        Error::invalid_value(faults.to_string())
    }
}

/// Reads a declaration. `registry` is the one that the schema is to join, without an older
/// version of it; the result is for [`Registry::with_extension`].
///
/// Members with the RFC's defaults may be left out; `schemas` and `meta`, which an answer of
/// `/Schemas` has, are passed over.
///
/// # Errors
///
/// Every fault that was found.
pub fn extension(registry: &Registry, body: Value) -> Result<Schema, Faults> {
    let mut faults = Collected::default();
    let schema = if let Value::Object(members) = body {
        read(registry, Fields::new(members, String::new()), &mut faults)
    } else {
        faults.add("schema", "must be an object with id and attributes");
        None
    };
    match schema {
        Some(schema) if faults.0.is_empty() => Ok(schema),
        _ => Err(Faults(faults.0)),
    }
}

fn read(registry: &Registry, mut fields: Fields, faults: &mut Collected) -> Option<Schema> {
    fields.skip(&["schemas", "meta"]);
    let id = fields.text("id", MAX_URN, faults);
    let name = fields.text("name", MAX_TEXT, faults);
    let description = fields.text("description", MAX_TEXT, faults);
    let attributes = attribute::list(&mut fields, "attributes", MAX_ATTRIBUTES, None, faults);
    fields.end("a schema has id, name, description and attributes", faults);
    match &id {
        Some(id) => urn::check(registry, id, &attributes, faults),
        None => faults.add(
            "id",
            "is required: a URN such as urn:example:staff:2.0:User",
        ),
    }
    let id = id?;
    Some(Schema {
        name: name.unwrap_or_else(|| id.clone()).into(),
        description: description.unwrap_or_default().into(),
        id: id.into(),
        attributes,
    })
}

/// Faults while they are found.
#[derive(Debug, Default)]
struct Collected(Vec<Fault>);

impl Collected {
    fn add(&mut self, field: &str, problem: impl Into<String>) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Fault {
                field: field.to_owned(),
                problem: problem.into(),
            });
        }
    }
}
