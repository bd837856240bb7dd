//! Users of the organization.

use domain::{ManagedBy, RoleClaim, Standing, UserId};

use super::{Millis, Stored};

pub use super::search::{Page, Search};

/// A user as stored: the validated document as text, and what is not in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Ours, UUIDv7.
    pub id: UserId,
    /// Starts at 1 and moves with every change of the document.
    pub version: i64,
    /// When it was made.
    pub created: Millis,
    /// When the document last changed; never goes back.
    pub modified: Millis,
    /// Who says what the user's attributes are.
    pub managed_by: ManagedBy,
    /// The document as ready-to-send JSON object text: `schemas`, `id` and the attributes, without
    /// `meta` and `groups`, which are added at reading.
    pub document: String,
}

/// What of a user's document is matched, sorted or resolved by: columns and side tables.
///
/// Made from the document in one place, [`crate::representation`], folded where the attribute
/// ignores case. The store keeps it beside the document and never looks into the document to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserKeys {
    /// Folded `userName`; unique.
    pub user_name: String,
    /// `externalId` as sent.
    pub external_id: Option<String>,
    /// E-mail addresses, each once for every `type` it has; at most one address is the primary one.
    pub emails: Vec<EmailKey>,
    /// Whether the user is active.
    pub active: bool,
    /// Entries of the `roles` attribute.
    pub role_claims: Vec<RoleClaim>,
}

/// One e-mail address for matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailKey {
    /// Folded value.
    pub key: String,
    /// Folded `type`; of no length where there is none.
    pub kind: String,
    /// Marked primary, or the only one.
    pub primary: bool,
}

/// A user to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserWrite {
    /// Document and version.
    pub row: UserRow,
    /// What was made from the document.
    pub keys: UserKeys,
}

/// Reading and writing users.
pub trait Users {
    /// One user.
    fn user(&mut self, id: UserId) -> Stored<Option<UserRow>>;

    /// These users in id order; those that are gone are left out.
    fn users(&mut self, ids: &[UserId]) -> Stored<Vec<UserRow>>;

    /// One user, its row locked until the end of the unit: reading in order to write.
    fn user_for_update(&mut self, id: UserId) -> Stored<Option<UserRow>>;

    /// The user who has this folded e-mail as the primary one.
    fn user_by_primary_email(&mut self, key: &str) -> Stored<Option<UserId>>;

    /// A page of users. Whatever part of the filter has a column or side table is answered by an
    /// index; the rest by [`scim::Filter::matches`] on the document that
    /// [`crate::representation::user_for_filter`] makes. The same holds of the order: by the
    /// [`scim::SortKey`] of that document.
    fn search_users(&mut self, search: &Search) -> Stored<Page<UserRow>>;

    /// Stores a new user.
    ///
    /// # Errors
    /// `Conflict(UserName)`.
    fn insert_user(&mut self, user: &UserWrite, standing: Standing) -> Stored<()>;

    /// Replaces document, version and keys of a user read for update; `before` are the keys of the
    /// replaced document, so that only what differs is written.
    ///
    /// # Errors
    /// `Conflict(UserName)`.
    fn update_user(&mut self, user: &UserWrite, before: &UserKeys) -> Stored<()>;

    /// Removes the user with its e-mails, memberships, grants, holds, stored access and stale mark. False where
    /// it is not there.
    fn delete_user(&mut self, id: UserId) -> Stored<bool>;
}
