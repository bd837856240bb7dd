//! Groups of the organization and who is in them.

use domain::{GroupId, UserId};
use uuid::Uuid;

use super::{Millis, Stored, users::Page, users::Search};

/// A group as stored. Members are rows of their own and never part of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Ours, UUIDv7.
    pub id: GroupId,
    /// The name as sent; rules name groups by it.
    pub display_name: String,
    /// Starts at 1; moves with every change of the document or of the members.
    pub version: i64,
    /// When it was made.
    pub created: Millis,
    /// When document or members last changed; never goes back.
    pub modified: Millis,
    /// As [`super::users::UserRow::document`], without `members` and `meta`.
    pub document: String,
}

/// A group to write, with the keys made from its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupWrite {
    /// Document and version.
    pub row: GroupRow,
    /// Folded `displayName`; unique.
    pub name_key: String,
    /// `externalId` as sent.
    pub external_id: Option<String>,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberKind {
    /// A user of the organization.
    User,
    /// A group of the organization.
    Group,
}

/// A membership to add. Its kind is looked up by id, whatever the client said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// Id of a user or a group.
    pub id: Uuid,
    /// User or group.
    pub kind: MemberKind,
    /// The client's text, kept as sent.
    pub display: Option<String>,
}

/// A membership as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Id of a user or a group.
    pub id: Uuid,
    /// User or group.
    pub kind: MemberKind,
    /// The client's text, or else the member's current name: a user's `displayName` or
    /// `userName`, a group's `displayName`.
    pub display: String,
}

/// A membership that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedMember {
    /// Id of a user or a group.
    pub id: Uuid,
    /// User or group.
    pub kind: MemberKind,
    /// The client's text, where there was one.
    pub display: Option<String>,
}

/// A group that someone is directly in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRef {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub display_name: String,
}

/// Reading and writing groups.
pub trait Groups {
    /// One group, without its members.
    fn group(&mut self, id: GroupId) -> Stored<Option<GroupRow>>;

    /// One group, its row locked until the end of the unit.
    fn group_for_update(&mut self, id: GroupId) -> Stored<Option<GroupRow>>;

    /// The group with this folded name.
    fn group_by_name(&mut self, name_key: &str) -> Stored<Option<GroupRow>>;

    /// A page of groups; filters as with users, on
    /// [`crate::representation::group_for_filter`]. Members are read only where filter or order
    /// mention them.
    fn search_groups(&mut self, search: &Search) -> Stored<Page<GroupRow>>;

    /// Stores a new group without members.
    ///
    /// # Errors
    /// `Conflict(GroupName)`.
    fn insert_group(&mut self, group: &GroupWrite) -> Stored<()>;

    /// Replaces document, version and keys of a group read for update.
    ///
    /// # Errors
    /// `Conflict(GroupName)`.
    fn update_group(&mut self, group: &GroupWrite) -> Stored<()>;

    /// Moves only version and time of a group whose members changed.
    fn touch_group(&mut self, id: GroupId, version: i64, modified: Millis) -> Stored<()>;

    /// Removes the group, its memberships and its membership in other groups.
    fn delete_group(&mut self, id: GroupId) -> Stored<bool>;
}

/// Reading and writing memberships. Costs depend on what is asked, never on the group's size,
/// but for the two that read a whole group.
pub trait Members {
    /// Which of these ids are users or groups of the organization. Locks the users' rows in id
    /// order, so that facts read afterwards stay true.
    fn lock_members(&mut self, ids: &[Uuid]) -> Stored<Vec<(Uuid, MemberKind)>>;

    /// Locks the rows of these users in id order until the end of the unit, where the database
    /// needs it.
    fn hold_users(&mut self, users: &[UserId]) -> Stored<()>;

    /// All members of a group in id order.
    fn members(&mut self, group: GroupId) -> Stored<Vec<Member>>;

    /// The ids of all members of a group in order, without names.
    fn member_ids(&mut self, group: GroupId) -> Stored<Vec<Uuid>>;

    /// Adds those that are not members yet; returns the ids really added.
    fn add_members(&mut self, group: GroupId, members: &[NewMember]) -> Stored<Vec<Uuid>>;

    /// Removes those that are members; returns those really removed, as they were.
    fn remove_members(&mut self, group: GroupId, ids: &[Uuid]) -> Stored<Vec<RemovedMember>>;

    /// Moves version and time of every group that this member (user or group) is directly in; a
    /// later time stays.
    fn touch_groups_of(&mut self, member: Uuid, modified: Millis) -> Stored<()>;

    /// The groups that each of these users is directly in, by user, then group id.
    fn groups_of(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, GroupRef)>>;

    /// Which groups have which of these groups as direct members: pairs of member and parent.
    fn parents_of(&mut self, groups: &[GroupId]) -> Stored<Vec<(GroupId, GroupId)>>;

    /// The groups that are direct members of these groups.
    fn groups_in(&mut self, groups: &[GroupId]) -> Stored<Vec<GroupId>>;

    /// The groups that a member (user or group) is directly in, ids only, in order.
    fn group_ids_of(&mut self, member: Uuid) -> Stored<Vec<GroupId>>;
}
