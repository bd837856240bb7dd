//! Users of the organization.

use domain::{ManagedBy, RoleClaim, Standing, UserId};

use super::{Millis, Stored, groups::GroupRef};

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

/// A user as answers show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFound {
    /// The stored user.
    pub row: UserRow,
    /// The groups it is directly in, in id order.
    pub groups: Vec<GroupRef>,
}

impl UserFound {
    /// Puts groups to users; `groups` are in the order of users, as
    /// [`super::Members::groups_of`] answers them.
    pub fn join(rows: Vec<UserRow>, groups: &[(UserId, GroupRef)]) -> Vec<UserFound> {
        let of = |user: UserId| {
            let from = groups.partition_point(|(other, _)| *other < user);
            let own = groups[from..]
                .iter()
                .take_while(|(other, _)| *other == user);
            own.map(|(_, group)| group.clone()).collect()
        };
        let found = rows.into_iter().map(|row| UserFound {
            groups: of(row.id),
            row,
        });
        found.collect()
    }
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

    /// One user with its groups; one statement where the store has statements.
    fn user_with_groups(&mut self, id: UserId) -> Stored<Option<UserFound>>;

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

    /// As [`Users::search_users`], each with its groups. A filter that names one user
    /// ([`crate::list::looks_up`]) and finds no second one costs one statement.
    fn list_users(&mut self, search: &Search) -> Stored<Page<UserFound>>;

    /// Stores a new user. The unit appends an event about it: a store may tell by the feed that the
    /// list of users is what it was. So with deleting, and with groups.
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
