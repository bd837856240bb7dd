//! A new group arrives, perhaps with members, perhaps awaited by a rule.

use domain::{GroupId, event::Cause};
use scim::{Resource, patch::MemberOp, resource::MemberRef};

use super::{GroupReply, members};
use crate::{
    Result, access, events, mapping,
    port::{Millis, Tx},
    representation,
};

/// A validated POST. Needs the exclusive lock: a rule may wait for the name.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Drawn before the transaction.
    pub id: GroupId,
    /// Now.
    pub at: Millis,
    /// The document.
    pub resource: Resource,
    /// Who is in it.
    pub members: Vec<MemberRef>,
    /// Whether the answer shows the members.
    pub show_members: bool,
}

/// Stores a new group, adds its members, binds the rules that wait for it.
///
/// # Errors
/// `displayName` is taken (D5).
pub fn create(tx: &mut dyn Tx, new: &NewGroup) -> Result<GroupReply> {
    let group = representation::group_write(new.id, 1, new.at, new.at, &new.resource);
    tx.insert_group(&group)?;
    events::group_created(tx, &group.row, new.at)?;
    mapping::bind_waiting(tx, &group.row, new.at)?;
    let change = members::apply(tx, new.id, &[MemberOp::Add(new.members.clone())])?;
    if !change.added.is_empty() {
        events::group_members(tx, &group.row, &change, new.at)?;
    }
    let org = tx.settings()?;
    access::settle_members(tx, &org, new.id, &change.users(), Cause::Provisioned, new.at)?;
    let members = new.show_members.then(|| tx.members(new.id)).transpose()?;
    Ok(GroupReply { row: group.row, members })
}
