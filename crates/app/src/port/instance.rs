//! The few tables that are not read by organization: organizations, keys by id, the secret.

use domain::OrgId;

use super::{
    Millis, Stored,
    audit::AuditDraft,
    keys::{KeyRow, SecretUse},
    org::OrgSettings,
};

/// Each method is one transaction of its own; methods that write block until it is durable.
pub trait Instance: Send + Sync {
    /// Random bytes made by the first migration; they authenticate cursors and derive person keys.
    fn secret(&self) -> Stored<[u8; 32]>;

    /// Stores a new organization with the row of the instance's audit that tells of it, and returns
    /// its id. The `id` inside the settings is ignored.
    ///
    /// # Errors
    /// `Conflict(OrgSlug)` where the slug is taken.
    fn create_org(&self, settings: &OrgSettings, draft: &AuditDraft) -> Stored<OrgId>;

    /// All organizations, by slug.
    fn orgs(&self) -> Stored<Vec<OrgSettings>>;

    /// One organization by slug.
    fn org_by_slug(&self, slug: &str) -> Stored<Option<OrgSettings>>;

    /// One organization by id.
    fn org(&self, id: OrgId) -> Stored<Option<OrgSettings>>;

    /// Removes an organization and everything in it, and tells it in the instance's audit, with the
    /// end of the organization's own (`app::audit::chain::with_last_head`). False where there was
    /// none; then nothing is told.
    fn delete_org(&self, id: OrgId, draft: &AuditDraft) -> Stored<bool>;

    /// One key by its public id, of whatever organization; revoked and expired ones too.
    fn key(&self, id: &str) -> Stored<Option<KeyRow>>;

    /// Keys that are not revoked and end in this time: at or after `from` and before `until`.
    fn keys_ending(&self, from: Millis, until: Millis) -> Stored<Vec<KeyRow>>;

    /// Stores when keys were used last, where that is later than what is stored. A key that is gone
    /// or has other secrets by now is passed over.
    fn note_uses(&self, uses: &[SecretUse]) -> Stored<()>;

    /// Organizations that have users marked stale.
    fn orgs_with_stale_access(&self) -> Stored<Vec<OrgId>>;
}
