//! Who belongs to a page of users: by group, role and state, from stored access.

use domain::{GroupId, RoleKey, State, UserId};

use super::Stored;

/// What the users of a page have in common; nothing means everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// Direct members of this group.
    pub group: Option<GroupId>,
    /// Those with this organization role by stored access, in effect or pending.
    pub role: Option<RoleKey>,
    /// Those in this state by stored access.
    pub state: Option<State>,
}

/// Pages of users.
pub trait Roster {
    /// Users with all of this in common and an id greater than `after`, in id order, at most
    /// `limit`. One statement, whatever is asked for; who is marked stale is found by what was
    /// stored before.
    fn roster(&mut self, common: &Common, after: Option<UserId>, limit: u64)
    -> Stored<Vec<UserId>>;

    /// Users whom an administrator made and no identity provider has written yet, with an id
    /// greater than `after`, in id order, at most `limit`.
    fn users_by_hand(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<UserId>>;
}
