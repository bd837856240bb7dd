//! What an identity provider does with groups. Members are rows, never a list in a document: a
//! change of members costs what the change costs, whatever the size of the group.

mod create;
mod delete;
mod find;
mod list;
mod members;
mod read;
mod update;

pub use create::{NewGroup, create};
pub use delete::{DeleteGroup, delete};
pub use find::{FindGroups, GroupPage, find};
pub(crate) use list::place;
pub use list::{ListGroups, list};
pub(crate) use members::MemberChange;
pub use read::read;
pub(crate) use update::replace_document;
pub use update::{PatchGroup, PutGroup, patch, put};

use scim::Leniency;

use crate::port::groups::{GroupRow, Member};

/// A group as answers show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupReply {
    /// The stored group.
    pub row: GroupRow,
    /// Its members; none where the answer does not show them.
    pub members: Option<Vec<Member>>,
    /// Member ids of the request that are nobody here, at most 100.
    pub unknown_members: Vec<String>,
    /// Whether this request wrote anything (D9).
    pub changed: bool,
    /// As [`crate::users::UserReply::leniencies`].
    pub leniencies: Vec<Leniency>,
}
