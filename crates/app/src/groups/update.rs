//! PUT and PATCH of a group.

use domain::GroupId;
use scim::{Incoming, Kind, Patch, Resource, etag::Preconditions, patch::MemberOp};

use super::{GroupReply, members};
use crate::{
    Error, Result, access,
    change::Change,
    events, mapping,
    port::{Tx, groups::GroupRow},
    representation, version,
};

/// A validated PUT.
#[derive(Clone, Debug)]
pub struct PutGroup {
    /// Which group.
    pub id: GroupId,
    /// When, and through whom.
    pub change: Change,
    /// What the client knows of the version.
    pub conditions: Preconditions,
    /// The new document and members; members that are absent stay (D29).
    pub body: Incoming,
    /// Whether the answer shows the members.
    pub show_members: bool,
}

/// Replaces a group (RFC 7644 section 3.5.1).
///
/// # Errors
/// Not found, 412, `displayName` taken.
pub fn put(tx: &mut dyn Tx, command: &PutGroup) -> Result<GroupReply> {
    let row = tx
        .group_for_update(command.id)?
        .ok_or_else(|| Error::not_found("group"))?;
    version::check(&command.conditions, row.version)?;
    let before = representation::resource(Kind::Group, &row.document)?;
    let (after, members) = scim::resource::replace(&before, command.body.clone())?;
    let ops: Vec<MemberOp> = members.map(MemberOp::Replace).into_iter().collect();
    let row = store(tx, row, &before, &after, &ops, &command.change)?;
    reply(tx, row, command.show_members)
}

/// A parsed PATCH.
#[derive(Clone, Debug)]
pub struct PatchGroup {
    /// Which group.
    pub id: GroupId,
    /// When, and through whom.
    pub change: Change,
    /// What the client knows of the version.
    pub conditions: Preconditions,
    /// The operations.
    pub patch: Patch,
    /// Whether the answer shows the members; usually there is none (D8).
    pub show_members: bool,
}

/// Changes a group (RFC 7644 section 3.5.2), all operations or none.
///
/// # Errors
/// Not found, 412, what the operations get wrong, `displayName` taken.
pub fn patch(tx: &mut dyn Tx, command: &PatchGroup) -> Result<GroupReply> {
    let row = tx
        .group_for_update(command.id)?
        .ok_or_else(|| Error::not_found("group"))?;
    version::check(&command.conditions, row.version)?;
    let before = representation::resource(Kind::Group, &row.document)?;
    let after = command.patch.apply(&before, &row.id.to_string())?;
    let row = store(
        tx,
        row,
        &before,
        &after,
        command.patch.members(),
        &command.change,
    )?;
    reply(tx, row, command.show_members)
}

fn reply(tx: &mut dyn Tx, row: GroupRow, show_members: bool) -> Result<GroupReply> {
    let members = show_members.then(|| tx.members(row.id)).transpose()?;
    Ok(GroupReply { row, members })
}

/// Writes what differs: the document, the members, both or nothing (D9).
fn store(
    tx: &mut dyn Tx,
    row: GroupRow,
    before: &Resource,
    after: &Resource,
    ops: &[MemberOp],
    change: &Change,
) -> Result<GroupRow> {
    let group = representation::group_write(row.id, row.version + 1, row.created, change.at, after);
    let renamed = group.row.display_name != row.display_name;
    if renamed {
        // A rule may wait for the new name.
        tx.need_exclusive()?;
    }
    let delta = members::apply(tx, row.id, ops)?;
    let same_document = after.attributes == before.attributes;
    if same_document && delta.is_nothing() {
        return Ok(row);
    }
    if same_document {
        tx.touch_group(row.id, group.row.version, change.at)?;
    } else {
        tx.update_group(&group)?;
    }
    events::group_updated(tx, &row, &group.row, &delta, change)?;
    let org = tx.settings()?;
    if !delta.is_nothing() {
        access::settle_members(tx, &org, row.id, &delta.users(), change)?;
    }
    if renamed {
        for rule in tx.rules_of_group(row.id)? {
            events::rule_group_renamed(tx, &rule, &row, &group.row, change)?;
        }
        mapping::bind_waiting(tx, &group.row, change)?;
        access::settle_stale(tx, &org, change)?;
    }
    Ok(group.row)
}
