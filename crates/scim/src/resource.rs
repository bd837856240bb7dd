//! The validated document of a user or group: what is stored, and what PATCH works on.

#[cfg(test)]
mod tests;

pub(crate) mod check;
pub(crate) mod immutable;
pub(crate) mod members;
mod place;
mod read;
mod replace;
pub(crate) mod value;
mod view;

use serde_json::{Map, Value};

pub use members::{MAX_MEMBERS, MemberRef};
pub(crate) use place::Place;
pub use read::{Incoming, read};
pub use replace::replace;
pub use value::MAX_VALUES;
pub use view::Entry;

use crate::schema::Kind;

/// A user's or group's attributes under canonical names and in canonical order; an extension's
/// under its URI. Nothing read-only is inside: no `id`, `meta`, `schemas`, `groups`, no
/// `password`, and a group's members are never JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The resource type.
    pub kind: Kind,
    /// `externalId`, then the core attributes, then one object for each extension.
    pub attributes: Map<String, Value>,
}

impl Resource {
    /// A resource without attributes.
    pub fn new(kind: Kind) -> Resource {
        Resource {
            kind,
            attributes: Map::new(),
        }
    }

    /// Reads the text that [`Resource::to_json`] wrote. The text is trusted: it was validated
    /// before it was stored.
    ///
    /// # Errors
    ///
    /// When the text is not a JSON object.
    pub fn from_json(kind: Kind, text: &str) -> Result<Resource, serde_json::Error> {
        Ok(Resource {
            kind,
            attributes: serde_json::from_str(text)?,
        })
    }

    /// The attributes as JSON text, for storing.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.attributes).unwrap_or_default()
    }
}
