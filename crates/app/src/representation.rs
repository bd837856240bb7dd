//! The only place where SCIM documents and what rolecall keeps of them meet.
//!
//! A stored document is ready-to-send JSON object text: `schemas`, `id`, then the attributes. What
//! depends on the reader or on other rows (`meta`, `groups`, `members`) is spliced in when it is
//! answered, so that no tree is built to read a resource.

pub mod group;
pub mod links;
mod text;
pub mod user;

pub use group::{group_for_filter, group_json, group_tag, group_write};
pub use links::Links;
pub use text::{parse_time, time};
pub use user::{user_for_filter, user_json, user_tag, user_write};

use std::sync::Arc;

use scim::{Kind, Resource};

use crate::port::StoreError;

/// Those attributes of a stored document that are named here; the others are passed over without a
/// tree of them.
///
/// # Errors
/// As [`resource`].
pub fn part(kind: Kind, document: &str, names: &[&str]) -> Result<Resource, StoreError> {
    let attributes =
        text::members(document, names).map_err(|error| StoreError::Broken(Arc::new(error)))?;
    Ok(Resource { kind, attributes })
}

/// The validated resource in a stored document.
///
/// # Errors
/// `Broken` where the stored text is not what we write: somebody changed the database by hand.
pub fn resource(kind: Kind, document: &str) -> Result<Resource, StoreError> {
    let mut attributes: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(document).map_err(|error| StoreError::Broken(Arc::new(error)))?;
    attributes.shift_remove("schemas");
    attributes.shift_remove("id");
    Ok(Resource { kind, attributes })
}
