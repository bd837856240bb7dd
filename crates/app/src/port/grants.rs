//! What was granted by hand, and what is held.

use domain::{Gives, Grant, ProjectId, RoleKey, UserId, WorkspaceId};

use super::{Millis, Stored};

/// Where a manual grant applies; a user has at most one in each scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantScope {
    /// The organization role.
    Organization,
    /// Membership in a workspace.
    Workspace(WorkspaceId),
    /// A role in a project.
    Project(ProjectId),
}

impl GrantScope {
    /// The scope of what is given.
    pub fn of(gives: &Gives) -> GrantScope {
        match gives {
            Gives::Organization(_) => GrantScope::Organization,
            Gives::Workspace(id) => GrantScope::Workspace(*id),
            Gives::Project(id, _) => GrantScope::Project(*id),
        }
    }
}

/// A protected role kept for a user because nobody else active would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    /// Who keeps it.
    pub user: UserId,
    /// Which role.
    pub role: RoleKey,
    /// Since when.
    pub since: Millis,
}

/// Reading and writing grants and holds.
pub trait Grants {
    /// A user's grants.
    fn grants(&mut self, user: UserId) -> Stored<Vec<Grant>>;

    /// Stores a grant in place of the one in its scope.
    fn put_grant(&mut self, user: UserId, grant: &Grant) -> Stored<()>;

    /// Removes the grant of a scope. False where there is none.
    fn delete_grant(&mut self, user: UserId, scope: GrantScope) -> Stored<bool>;

    /// Every role that some grant of the organization names, once each.
    fn granted_roles(&mut self) -> Stored<Vec<RoleKey>>;

    /// How many users have a grant of any kind.
    fn users_with_grants(&mut self) -> Stored<u64>;

    /// All holds of the organization, by user and role. There are few.
    fn holds(&mut self) -> Stored<Vec<HoldRow>>;

    /// Stores a hold; nothing where it is there already.
    fn place_hold(&mut self, hold: &HoldRow) -> Stored<()>;

    /// Removes a hold.
    fn release_hold(&mut self, user: UserId, role: &RoleKey) -> Stored<()>;
}
