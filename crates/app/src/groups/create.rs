//! A new group arrives, perhaps with members, perhaps awaited by a rule.

use domain::{Action, EventKind, GroupId};
use scim::{Resource, patch::MemberOp, resource::MemberRef};

use serde_json::{Value, json};

use super::{GroupReply, members};
use crate::{
    Result, access::Unit, audit, change::Change, events, mapping, port::Tx, representation,
};

/// A validated POST. Needs the exclusive lock: a rule may wait for the name.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Drawn before the transaction.
    pub id: GroupId,
    /// When, and through whom.
    pub change: Change,
    /// The document.
    pub resource: Resource,
    /// Who is in it.
    pub members: Vec<MemberRef>,
    /// Whether the answer shows the members.
    pub show_members: bool,
}

/// Stores a new group, binds the rules that wait for it, adds its members.
///
/// # Errors
/// `displayName` is taken (D5).
pub fn create(tx: &mut dyn Tx, new: &NewGroup) -> Result<GroupReply> {
    let at = new.change.at;
    let group = representation::group_write(new.id, 1, at, at, &new.resource);
    tx.insert_group(&group)?;
    events::group(
        tx,
        EventKind::GroupCreated,
        None,
        Some(&group.row),
        &new.change,
    )?;
    mapping::bind_waiting(tx, &group.row, &new.change)?;
    let delta = members::apply(tx, new.id, &[MemberOp::Add(new.members.clone())])?;
    if !delta.is_nothing() {
        events::group_updated(tx, &group.row, &group.row, &delta, &new.change)?;
    }
    let org = tx.settings()?;
    members::settle(tx, Unit::provisioned(&org, &new.change), new.id, &delta)?;
    let entry = audit::Entry {
        action: Action::GroupCreated,
        subject: new.id.to_string(),
        before: Value::Null,
        after: json!({ "name": group.row.display_name }),
    };
    audit::record(tx, &new.change, entry)?;
    let members = new.show_members.then(|| tx.members(new.id)).transpose()?;
    Ok(GroupReply {
        row: group.row,
        members,
        unknown_members: delta.unknown(),
        changed: true,
        leniencies: Vec::new(),
    })
}
