//! Reading one group.

use domain::GroupId;

use super::GroupReply;
use crate::{Error, Result, port::Tx};

/// One group; its members only where the answer shows them.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: GroupId, show_members: bool) -> Result<GroupReply> {
    let row = tx.group(id)?.ok_or_else(|| Error::not_found("group"))?;
    let members = show_members.then(|| tx.members(id)).transpose()?;
    Ok(GroupReply {
        row,
        members,
        unknown_members: Vec::new(),
        changed: false,
        leniencies: Vec::new(),
    })
}
