//! The organization's own row: catalog, policies, connection.

use std::sync::Arc;

use domain::{Connection, OrgFacts, OrgId, Preset, Slug};

use super::Stored;

/// What an organization's administrator has set, as one value.
#[derive(Clone, Debug, PartialEq)]
pub struct OrgSettings {
    /// Internal number; never leaves the process.
    pub id: OrgId,
    /// Name in URLs.
    pub slug: Slug,
    /// Name for people.
    pub name: String,
    /// The preset it was made from.
    pub preset: Preset,
    /// Catalog and policies, as resolution reads them.
    pub facts: OrgFacts,
    /// SCIM connection.
    pub connection: Connection,
    /// How many seats it has; none means no limit.
    pub seat_limit: Option<u32>,
    /// Moves with every change of anything above.
    pub version: i64,
    /// Moves when an administrator changes the mapping; never by automatic binding.
    pub mapping_version: i64,
    /// Moves when an extension schema is declared or removed; 0 as long as there never was one.
    pub schemas_version: i64,
}

/// The organization that the transaction belongs to.
pub trait Org {
    /// Its settings, read under the unit's lock.
    fn settings(&mut self) -> Stored<Arc<OrgSettings>>;

    /// Replaces them; needs [`Lock::Exclusive`](super::Lock::Exclusive). The caller has moved
    /// `version`, `mapping_version` or `schemas_version`.
    fn save_settings(&mut self, settings: &OrgSettings) -> Stored<()>;

    /// A number that moves with every change of the settings and of the places: what is made of
    /// nothing else is the same as long as this is.
    fn revision(&mut self) -> Stored<i64>;

    /// Says that the use case goes on only under the exclusive lock. A unit that began with
    /// less is rolled back and run again.
    ///
    /// # Errors
    /// [`StoreError::NeedsLock`](super::StoreError::NeedsLock), to be passed through.
    fn need_exclusive(&mut self) -> Stored<()>;
}
