//! Facts for resolution, the stored result, and the marks on what is stale.

use domain::{Access, GroupId, Standing, UserFacts, UserId};
use uuid::Uuid;

use super::{Stored, users::UserRow};

/// A user's stored access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// Whose.
    pub user: UserId,
    /// What was resolved last.
    pub access: Access,
    /// Facts changed since; it has to be resolved before it is shown.
    pub stale: bool,
    /// Among what changed is that the user left a group which gave an organization role, or the
    /// user was `left_mapped` when the mark was made; decides about `left_mapped` when the mark is
    /// worked off. Implies `stale`.
    pub left_group: bool,
}

/// A result to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessWrite {
    /// Whose.
    pub user: UserId,
    /// What is stored now; none for a new user.
    pub before: Option<Access>,
    /// What is to be stored.
    pub after: Access,
}

/// A user and the access that is stored, both of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessOfUser {
    /// The user.
    pub row: UserRow,
    /// None where nothing was resolved yet.
    pub access: Option<AccessRow>,
}

/// Reading facts, keeping results.
pub trait AccessRows {
    /// The facts of these users, one query per kind of fact: flags, claims, grants, holds, and the
    /// rules bound to the groups they are directly in. Users that are gone are left out.
    fn user_facts(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, UserFacts)>>;

    /// One user with the stored access. The settings and places of the same moment cost nothing
    /// afterwards where the process has them already.
    fn access_of_user(&mut self, user: UserId) -> Stored<Option<AccessOfUser>>;

    /// The stored access of these users; those who have none yet are left out.
    fn access(&mut self, users: &[UserId]) -> Stored<Vec<AccessRow>>;

    /// The stored access of users with an id greater than `after`, in id order, at most `limit`.
    fn access_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<AccessRow>>;

    /// Stores results; of the explicit rows only what differs is written.
    fn save_access(&mut self, results: &[AccessWrite]) -> Stored<()>;

    /// Stores what a user's history has left behind.
    fn save_standing(&mut self, standing: &[(UserId, Standing)]) -> Stored<()>;

    /// Marks these users. `left_group` is added to marks that are there and never taken off them; a
    /// new mark of a user who is `left_mapped` has it always, because a candidate that comes and
    /// goes before the mark is worked off must clear that all the same.
    fn mark_stale(&mut self, users: &[UserId], left_group: bool) -> Stored<()>;

    /// Marks all direct user members of this group, in one statement.
    fn mark_members_stale(&mut self, group: GroupId, left_group: bool) -> Stored<()>;

    /// Marks every user of the organization, in one statement.
    fn mark_everyone_stale(&mut self) -> Stored<()>;

    /// Up to `limit` marked users, their rows locked in id order where the database needs it. Users
    /// whom another unit of work has locked are left to it, so that there may be none although
    /// some are marked.
    fn stale_users(&mut self, limit: u64) -> Stored<Vec<UserId>>;

    /// Up to `limit` users marked with `left_group`, locked likewise: those whose `left_mapped`
    /// turns on the rules there were when they were marked.
    fn users_who_left(&mut self, limit: u64) -> Stored<Vec<UserId>>;

    /// Marked users with an id greater than `after`, in id order, at most `limit`, not locked.
    fn stale_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<UserId>>;

    /// Takes the marks off these users.
    fn clear_stale(&mut self, users: &[UserId]) -> Stored<()>;

    /// Whether anybody is marked.
    fn anyone_stale(&mut self) -> Stored<bool>;
}

/// Ids as [`Uuid`]s, for statements that do not care whose they are.
pub fn uuids(users: &[UserId]) -> Vec<Uuid> {
    users.iter().map(|user| user.0).collect()
}
