//! PUT and PATCH of a group.

use domain::GroupId;
use scim::{Incoming, Kind, Leniency, Patch, Resource, etag::Preconditions, patch::MemberOp};

use super::{GroupReply, MemberChange, members};
use crate::{
    Error, Result,
    access::{Unit, mark_below, settle_stale},
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
    let wanted = Wanted {
        after: &after,
        ops: &ops,
        mended: Vec::new(),
        show_members: command.show_members,
    };
    store(tx, row, &before, wanted, &command.change)
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
    let (after, mended) = command.patch.apply_noted(&before, &row.id.to_string())?;
    let wanted = Wanted {
        after: &after,
        ops: command.patch.members(),
        mended,
        show_members: command.show_members,
    };
    store(tx, row, &before, wanted, &command.change)
}

/// Replaces the document of a group that was read for update; its name and members stay.
pub(crate) fn replace_document(
    tx: &mut dyn Tx,
    row: GroupRow,
    before: &Resource,
    after: &Resource,
    change: &Change,
) -> Result<()> {
    let wanted = Wanted {
        after,
        ops: &[],
        mended: Vec::new(),
        show_members: false,
    };
    store(tx, row, before, wanted, change)?;
    Ok(())
}

/// What a request makes of a group.
struct Wanted<'a> {
    after: &'a Resource,
    ops: &'a [MemberOp],
    /// Told in the reply.
    mended: Vec<Leniency>,
    show_members: bool,
}

/// Writes what differs: the document, the members, both or nothing (D9).
fn store(
    tx: &mut dyn Tx,
    row: GroupRow,
    before: &Resource,
    wanted: Wanted<'_>,
    change: &Change,
) -> Result<GroupReply> {
    let after = wanted.after;
    // Time is drawn before locks are taken; it does not go back for that.
    let at = change.at.max(row.modified);
    let group = representation::group_write(row.id, row.version + 1, row.created, at, after);
    let renamed = group.row.display_name != row.display_name;
    if renamed {
        // A rule may wait for the new name.
        tx.need_exclusive()?;
    }
    let delta = members::apply(tx, row.id, wanted.ops)?;
    let same_document = after.attributes == before.attributes;
    let changed = !same_document || !delta.reads_the_same();
    let row = if changed {
        if same_document {
            tx.touch_group(row.id, group.row.version, at)?;
        } else {
            tx.update_group(&group)?;
        }
        // A member's new text changes what the group reads, and nothing else.
        if !same_document || !delta.is_nothing() {
            events::group_updated(tx, &row, &group.row, &delta, change)?;
            consequences(tx, &row, &group.row, &delta, change)?;
        }
        group.row
    } else {
        row
    };
    let members = wanted
        .show_members
        .then(|| tx.members(row.id))
        .transpose()?;
    Ok(GroupReply {
        row,
        members,
        unknown_members: delta.unknown(),
        changed,
        leniencies: wanted.mended,
    })
}

/// Resolves those whom the change concerns.
fn consequences(
    tx: &mut dyn Tx,
    before: &GroupRow,
    after: &GroupRow,
    delta: &MemberChange,
    change: &Change,
) -> Result<()> {
    let org = tx.settings()?;
    let unit = Unit::provisioned(&org, change);
    members::settle(tx, unit, after.id, delta)?;
    if before.display_name == after.display_name {
        return Ok(());
    }
    mapping::group_renamed(tx, before, after, change)?;
    if mapping::bind_waiting(tx, after, change)? {
        mark_below(tx, unit, &[after.id], &[], false)?;
        settle_stale(tx, unit)?;
    }
    Ok(())
}
