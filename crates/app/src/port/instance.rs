//! The few tables that are not keyed by an organization: organizations, keys by id, the secret.

use domain::{OrgId, key};

use super::{Millis, Stored, answers::KeptAnswer, org::OrgSettings};

/// An API key's row. The hash is one-way; the key itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Public part of the key.
    pub id: String,
    /// What it opens.
    pub kind: key::Kind,
    /// Whose it is; none for an owner key.
    pub org: Option<OrgId>,
    /// What people call it.
    pub name: String,
    /// PHC string of the whole key.
    pub phc: String,
    /// Moves whenever what was verified before must be verified again.
    pub epoch: i64,
    /// Who made it: a key's id, or `operator` for the command line.
    pub made_by: String,
    /// When.
    pub created: Millis,
    /// Until when it is good; none means for ever, which has to be chosen.
    pub expires: Option<Millis>,
    /// Since when it is not good any more.
    pub revoked: Option<Millis>,
}

/// Each method is one transaction of its own; methods that write block until it is durable.
pub trait Instance: Send + Sync {
    /// Random bytes made by the first migration; they authenticate cursors and derive person keys.
    fn secret(&self) -> Stored<[u8; 32]>;

    /// Stores a new organization and returns its id. The `id` inside the settings is ignored.
    ///
    /// # Errors
    /// `Conflict(OrgSlug)` where the slug is taken.
    fn create_org(&self, settings: &OrgSettings, now: Millis) -> Stored<OrgId>;

    /// All organizations, by slug.
    fn orgs(&self) -> Stored<Vec<OrgSettings>>;

    /// One organization by slug.
    fn org_by_slug(&self, slug: &str) -> Stored<Option<OrgSettings>>;

    /// One organization by id.
    fn org(&self, id: OrgId) -> Stored<Option<OrgSettings>>;

    /// Removes an organization and everything in it. False where there was none.
    fn delete_org(&self, id: OrgId) -> Stored<bool>;

    /// Stores a new key.
    fn insert_key(&self, key: &KeyRow) -> Stored<()>;

    /// One key by its public id, revoked and expired ones too.
    fn key(&self, id: &str) -> Stored<Option<KeyRow>>;

    /// The keys of an organization, or the owner keys; oldest first.
    fn keys(&self, org: Option<OrgId>) -> Stored<Vec<KeyRow>>;

    /// Marks a key as revoked and moves its epoch. False where it is not there or was revoked.
    fn revoke_key(&self, id: &str, now: Millis) -> Stored<bool>;

    /// As [`super::Answers::kept_answer`], of what belongs to no organization.
    fn kept_answer(&self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>>;

    /// As [`super::Answers::keep_answer`], of what belongs to no organization.
    fn keep_answer(&self, kept: &KeptAnswer, since: Millis) -> Stored<bool>;

    /// Forgets answers older than `before`, at most `limit`: an organization's, or those that
    /// belong to none. How many there were.
    fn forget_answers(&self, org: Option<OrgId>, before: Millis, limit: u64) -> Stored<u64>;

    /// Organizations that have users marked stale.
    fn orgs_with_stale_access(&self) -> Stored<Vec<OrgId>>;
}
