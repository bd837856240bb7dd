//! The schema table: what each attribute is (RFC 7643). Everything else in this crate reads it.

#[cfg(test)]
mod tests;

pub mod attribute;
pub mod common;
pub mod enterprise;
pub mod group;
pub mod user;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use attribute::{Attribute, Mutability, Returned, Type, Uniqueness};

/// URI of the core User schema.
pub const USER_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// URI of the core Group schema.
pub const GROUP_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// URI of the enterprise extension of User.
pub const ENTERPRISE_URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A name or description: fixed text for the RFC's schemas, owned for those an organization
/// declares.
pub type Text = Cow<'static, str>;

/// One schema: a URI and its attributes, in the order in which they are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The URI, in the spelling that is answered.
    pub id: Text,
    /// For people.
    pub name: Text,
    /// For people.
    pub description: Text,
    /// Top-level attributes.
    pub attributes: Vec<Attribute>,
}

impl Schema {
    /// The attribute of that name; case is ignored.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        attribute::find(&self.attributes, name)
    }
}

/// The resource types that can be provisioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `User`.
    User,
    /// `Group`.
    Group,
}

impl Kind {
    /// Both, in the order of `/ResourceTypes`.
    pub const ALL: [Kind; 2] = [Kind::User, Kind::Group];

    /// The name: `User` or `Group`; also `meta.resourceType`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::User => "User",
            Kind::Group => "Group",
        }
    }

    /// The endpoint relative to the mount: `/Users` or `/Groups`.
    pub fn endpoint(self) -> &'static str {
        match self {
            Kind::User => "/Users",
            Kind::Group => "/Groups",
        }
    }

    /// URI of the core schema.
    pub fn core_urn(self) -> &'static str {
        match self {
            Kind::User => USER_URN,
            Kind::Group => GROUP_URN,
        }
    }
}
