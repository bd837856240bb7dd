//! The few tables that are not read by organization: organizations, keys by id, the secret.

use domain::OrgId;

use super::{
    Millis, Stored,
    answers::{Keeping, KeptAnswer},
    audit::AuditDraft,
    keys::{KeyRow, SecretUse},
    org::OrgSettings,
};

/// How the removal of an organization ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is gone; its rows are cleared by [`Instance::clear_removed`].
    Removed,
    /// There was none.
    NotThere,
    /// It is there at another version than the caller has seen.
    Changed,
}

/// Each method is one transaction of its own; methods that write block until it is durable.
pub trait Instance: Send + Sync {
    /// Random bytes made by the first migration; they authenticate cursors and derive person keys.
    fn secret(&self) -> Stored<[u8; 32]>;

    /// Stores a new organization with the row of the instance's audit that tells of it, and with the
    /// answer to its request where that is kept; returns its id. The `id` inside the settings is
    /// ignored. None, and nothing stored, where an answer is kept under that name already, which a
    /// request that runs at the same time has written.
    ///
    /// # Errors
    /// `Conflict(OrgSlug)` where the slug is taken.
    fn create_org(
        &self,
        settings: &OrgSettings,
        draft: &AuditDraft,
        answer: Option<&Keeping>,
    ) -> Stored<Option<OrgId>>;

    /// All organizations, by slug.
    fn orgs(&self) -> Stored<Vec<OrgSettings>>;

    /// One organization by slug.
    fn org_by_slug(&self, slug: &str) -> Stored<Option<OrgSettings>>;

    /// One organization by id.
    fn org(&self, id: OrgId) -> Stored<Option<OrgSettings>>;

    /// Makes an organization be gone, with its slug, its keys and all that is found by them, and
    /// tells it in the instance's audit, with the end of the organization's own
    /// (`app::audit::chain::with_last_head`); with `if_version`, only while that is the version of
    /// its settings. Where it stays, nothing is told. A small transaction, however much is in it.
    fn delete_org(&self, id: OrgId, if_version: Option<i64>, draft: &AuditDraft)
    -> Stored<Removal>;

    /// Organizations that are gone and have rows left.
    fn removed_orgs(&self) -> Stored<Vec<OrgId>>;

    /// Clears at most `limit` rows of an organization that is gone; how many there were. None where
    /// all are cleared, and where another process is at it.
    fn clear_removed(&self, org: OrgId, limit: u64) -> Stored<u64>;

    /// One key by its public id, of whatever organization; revoked and expired ones too.
    fn key(&self, id: &str) -> Stored<Option<KeyRow>>;

    /// Keys that are not revoked and end in this time: at or after `from` and before `until`.
    fn keys_ending(&self, from: Millis, until: Millis) -> Stored<Vec<KeyRow>>;

    /// Stores when keys were used last, where that is later than what is stored. A key that is gone
    /// or has other secrets by now is passed over.
    fn note_uses(&self, uses: &[SecretUse]) -> Stored<()>;

    /// As [`super::Answers::kept_answer`], of what belongs to no organization.
    fn kept_answer(&self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>>;

    /// Forgets answers older than `before`, at most `limit`: an organization's, or those that
    /// belong to none. How many there were.
    fn forget_answers(&self, org: Option<OrgId>, before: Millis, limit: u64) -> Stored<u64>;

    /// Organizations that have users marked stale.
    fn orgs_with_stale_access(&self) -> Stored<Vec<OrgId>>;
}
