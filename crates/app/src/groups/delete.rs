//! Removing a group. Its rules wait for the name again; its members lose what it gave.

use domain::{Action, CauseKind, EventKind, GroupId};
use scim::etag::Preconditions;
use serde_json::{Value, json};

use crate::{
    Error, Result,
    access::{Unit, mark_below, rules_through, settle_stale},
    audit,
    change::Change,
    events, mapping,
    port::{Tx, org::OrgSettings},
    version,
};

/// A DELETE. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct DeleteGroup {
    /// Which group.
    pub id: GroupId,
    /// When, and through whom.
    pub change: Change,
    /// What the client knows of the version.
    pub conditions: Preconditions,
}

/// Removes a group.
///
/// # Errors
/// Not found, 412; over the admin API 409 where nobody active would have a protected role any more.
pub fn delete(tx: &mut dyn Tx, command: &DeleteGroup) -> Result<()> {
    let row = tx
        .group_for_update(command.id)?
        .ok_or_else(|| Error::not_found("group"))?;
    version::check(&command.conditions, row.version)?;
    let org = tx.settings()?;
    let unit = unit(&org, &command.change);
    let through = rules_through(tx, unit, row.id)?;
    if !through.is_empty() {
        // Marked while they are still members.
        mark_below(tx, unit, &[row.id], &through, true)?;
    }
    let rules = mapping::unbind(tx, &row, &command.change)?;
    tx.touch_groups_of(row.id.0, command.change.at)?;
    tx.delete_group(row.id)?;
    events::group(
        tx,
        EventKind::GroupRemoved,
        Some(&row),
        None,
        &command.change,
    )?;
    for group in mapping::rebind(tx, &rules, &command.change)? {
        mark_below(tx, unit, &[group], &[], false)?;
    }
    settle_stale(tx, unit)?;
    let entry = audit::Entry {
        action: Action::GroupRemoved,
        subject: row.id.to_string(),
        before: json!({ "name": row.display_name }),
        after: Value::Null,
    };
    audit::record(tx, &command.change, entry)
}

/// An administrator can be told no where the last holder of a protected role would lose it; an
/// identity provider cannot.
fn unit<'a>(org: &'a OrgSettings, change: &'a Change) -> Unit<'a> {
    if change.cause.kind == CauseKind::Admin {
        Unit::administered(org, change, "group")
    } else {
        Unit::provisioned(org, change)
    }
}
