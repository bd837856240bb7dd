//! Storing a changed user: nothing changed, nothing written (D9); otherwise document, access and
//! events together.

use scim::{Kind, Resource};

use super::UserReply;
use crate::{
    Result, access,
    change::Change,
    events,
    port::{Tx, users::UserRow},
    representation::{self, user::user_keys},
};

/// Replaces the document of a user that was read for update.
pub(super) fn store(
    tx: &mut dyn Tx,
    row: UserRow,
    before: &Resource,
    after: &Resource,
    change: &Change,
) -> Result<UserReply> {
    debug_assert_eq!(after.kind, Kind::User);
    let id = row.id;
    let row = if after.attributes == before.attributes {
        row
    } else {
        write(tx, &row, before, after, change)?
    };
    let groups = tx
        .groups_of(&[id])?
        .into_iter()
        .map(|(_, group)| group)
        .collect();
    Ok(UserReply { row, groups })
}

fn write(
    tx: &mut dyn Tx,
    row: &UserRow,
    before: &Resource,
    after: &Resource,
    change: &Change,
) -> Result<UserRow> {
    let old = user_keys(before);
    let user = representation::user_write(row.id, row.version + 1, row.created, change.at, after);
    tx.update_user(&user, &old)?;
    if old.active != user.keys.active || old.role_claims != user.keys.role_claims {
        let org = tx.settings()?;
        access::settle(tx, &org, &[row.id], change)?;
    }
    events::user_updated(tx, row.id, before, after, change)?;
    Ok(user.row)
}
