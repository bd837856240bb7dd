//! Extension schemas that an organization has declared.

use scim::{Kind, Schema};
use uuid::Uuid;

use super::Stored;

/// A declared schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaRow {
    /// Which resource type it extends.
    pub kind: Kind,
    /// Its URN and attributes.
    pub schema: Schema,
}

/// Declared schemas, and who has data of them. Whoever writes one moves `schemas_version` of the
/// organization's settings in the same unit.
pub trait Schemas {
    /// All of them, in the order of their URNs ignoring case.
    fn schemas(&mut self) -> Stored<Vec<SchemaRow>>;

    /// Adds a schema, or replaces the one with the same URN, whose case is ignored.
    fn save_schema(&mut self, row: &SchemaRow) -> Stored<()>;

    /// Removes the schema with that URN, whose case is ignored; nothing where there is none.
    fn delete_schema(&mut self, urn: &str) -> Stored<()>;

    /// Users or groups whose document has data under this URN as it is spelt, in id order. Reads
    /// every document of the type where few or none have.
    fn with_data_of(&mut self, kind: Kind, urn: &str, limit: u64) -> Stored<Vec<Uuid>>;
}
