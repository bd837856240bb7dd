//! Removing a user: 404 afterwards, the name free again, memberships and access gone (D1).

use domain::{Action, UserId};
use scim::etag::Preconditions;
use serde_json::Value;

use crate::{
    Error, Result,
    access::{Unit, withdraw},
    audit,
    change::Change,
    port::Tx,
    version,
};

/// A DELETE. Needs the exclusive lock, because it may take the last holder of a protected role
/// and changes every group the user is in.
#[derive(Clone, Debug)]
pub struct DeleteUser {
    /// Which user.
    pub id: UserId,
    /// When, and through whom.
    pub change: Change,
    /// What the client knows of the version.
    pub conditions: Preconditions,
}

/// Removes a user.
///
/// # Errors
/// Not found, 412.
pub fn delete(tx: &mut dyn Tx, command: &DeleteUser) -> Result<()> {
    let row = tx
        .user_for_update(command.id)?
        .ok_or_else(|| Error::not_found("user"))?;
    version::check(&command.conditions, row.version)?;
    let org = tx.settings()?;
    withdraw(tx, Unit::provisioned(&org, &command.change), row.id)?;
    tx.touch_groups_of(row.id.0, command.change.at)?;
    tx.delete_user(row.id)?;
    let entry = audit::Entry {
        action: Action::UserRemoved,
        subject: row.id.to_string(),
        before: Value::Null,
        after: Value::Null,
    };
    audit::record(tx, &command.change, entry)
}
