//! The read-only resource type `Role` (draft-ietf-scim-roles-entitlements): which values the
//! `roles` of a user may have.
//!
//! It is told in discovery only where [`Features::roles`](crate::discovery::Features) is set: a
//! client that finds it (Okta) reads the endpoint and offers what it lists.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Schema, Type};

/// URI of the schema.
pub const ROLE_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Role";
/// The endpoint relative to the mount.
pub const ENDPOINT: &str = "/Roles";
/// The name of the resource type; also `meta.resourceType`.
pub const NAME: &str = "Role";

/// What stands for roles where the engine asks for a resource type, together with [`registry`].
pub const KIND: Kind = Kind::User;

/// The registry in which [`KIND`] is the role: for filters, orders and projections over what
/// [`Role::to_json`] makes.
pub fn registry() -> Registry {
    static ROLES: LazyLock<Registry> = LazyLock::new(|| Registry::of(KIND, schema()));
    ROLES.clone()
}

/// A role as the endpoint answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Stable identifier; never given to another role.
    pub id: String,
    /// What stands in `roles[].value` of a user.
    pub value: String,
    /// Name for people.
    pub display: Option<String>,
    /// Whether it may be given to users.
    pub supported: bool,
    /// How many users may have it; `None` for no limit.
    pub permitted: Option<u64>,
    /// How many users have it, where that is counted.
    pub used: Option<u64>,
    /// Values of the roles whose rights this one includes.
    pub contains: Vec<String>,
    /// Values of the roles that include this one's rights.
    pub contained_by: Vec<String>,
}

impl Role {
    /// The resource; `base` is the URL of the mount.
    pub fn to_json(&self, base: &str) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("schemas", json!([ROLE_URN]));
        put("id", json!(self.id));
        put("value", json!(self.value));
        if let Some(display) = &self.display {
            put("display", json!(display));
        }
        put("supported", json!(self.supported));
        put(
            "limitedAssignmentsPermitted",
            json!(self.permitted.is_some()),
        );
        for (name, count) in [
            ("totalAssignmentsPermitted", self.permitted),
            ("totalAssignmentsUsed", self.used),
        ] {
            if let Some(count) = count {
                put(name, json!(count));
            }
        }
        for (name, values) in [
            ("containedBy", &self.contained_by),
            ("contains", &self.contains),
        ] {
            if !values.is_empty() {
                put(name, json!(values));
            }
        }
        put(
            "meta",
            json!({ "resourceType": NAME, "location": format!("{base}{ENDPOINT}/{}", self.id) }),
        );
        Value::Object(body)
    }
}

/// The schema. As in the other schemas the common attributes are not in it, and not `primary`,
/// which the draft has in an example but not in its text.
pub fn schema() -> Schema {
    let text = |name, description| Attribute::text(name, description).read_only();
    let boolean = |name, description| Attribute::boolean(name, description).read_only();
    let integer = |name, description| Attribute::new(name, Type::Integer, description).read_only();
    Schema {
        id: ROLE_URN.into(),
        name: NAME.into(),
        description: "A role that users can have".into(),
        attributes: vec![
            text("value", "What stands in roles.value of a user").required(),
            text("display", "Name of the role"),
            text("type", "What the role is about"),
            boolean("supported", "Whether the role may be given to users").required(),
            boolean(
                "limitedAssignmentsPermitted",
                "Whether only so many users may have it",
            ),
            integer("totalAssignmentsPermitted", "How many users may have it"),
            integer("totalAssignmentsUsed", "How many users have it"),
            text("containedBy", "Roles that include the rights of this one").multi_valued(),
            text("contains", "Roles whose rights this one includes").multi_valued(),
        ],
    }
}
