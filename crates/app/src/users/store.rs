//! Storing a changed user: nothing changed, nothing written (D9); otherwise document, access and
//! events together.

use domain::{Admission, CauseKind, check_claims};
use scim::{Kind, Leniency, Resource};

use super::{UserReply, identity, manager};
use crate::{
    Error, Result,
    access::{Happened, Unit, load_facts, settle},
    change::Change,
    error::Code,
    events,
    port::{
        Tx,
        org::OrgSettings,
        users::{UserKeys, UserRow},
    },
    representation::{self, user::user_keys},
    seats,
};

/// Replaces the document of a user that was read for update; `mended` is told in the reply.
pub(crate) fn store(
    tx: &mut dyn Tx,
    row: UserRow,
    (before, after): (&Resource, &Resource),
    mended: Vec<Leniency>,
    change: &Change,
) -> Result<UserReply> {
    debug_assert_eq!(after.kind, Kind::User);
    let id = row.id;
    let after = &*manager::linked(tx, Some(before), after)?;
    let changed = after.attributes != before.attributes;
    let row = if changed {
        write(tx, &row, before, after, change)?
    } else {
        row
    };
    let groups = tx
        .groups_of(&[id])?
        .into_iter()
        .map(|(_, group)| group)
        .collect();
    Ok(UserReply {
        row,
        groups,
        changed,
        leniencies: mended,
    })
}

fn write(
    tx: &mut dyn Tx,
    row: &UserRow,
    before: &Resource,
    after: &Resource,
    change: &Change,
) -> Result<UserRow> {
    let org = tx.settings()?;
    let old = user_keys(before);
    // Time is drawn before locks are taken; it does not go back for that.
    let (version, at) = (row.version + 1, change.at.max(row.modified));
    let mut user = representation::user_write(row.id, version, row.created, at, after);
    if change.cause.kind != CauseKind::Provisioning {
        user.row.managed_by = row.managed_by;
    }
    check(&org, &old, &user.keys, before, after)?;
    tx.update_user(&user, &old)?;
    events::user_updated(tx, row.id, before, after, change)?;
    if old.active != user.keys.active || old.role_claims != user.keys.role_claims {
        let happened = happened(tx, &org, row, &old, &user.keys)?;
        settle(tx, Unit::provisioned(&org, change), &[row.id], happened)?;
    }
    Ok(user.row)
}

/// Only what the request makes new is looked at, and nothing in one that leaves the user inactive:
/// a deactivation is never refused (D12, D25).
fn check(
    org: &OrgSettings,
    old: &UserKeys,
    new: &UserKeys,
    before: &Resource,
    after: &Resource,
) -> Result<()> {
    if new.active {
        identity::check_domains(org, Some(before), after)?;
    }
    check_claims(&org.facts, &old.role_claims, &new.role_claims, new.active)
        .map_err(|error| scim::Error::invalid_value(error.to_string()))?;
    Ok(())
}

fn happened(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    row: &UserRow,
    old: &UserKeys,
    new: &UserKeys,
) -> Result<Happened> {
    if old.active || !new.active {
        return Ok(Happened::Attributes);
    }
    let mut takes_seat = false;
    if org.seat_limit.is_some() {
        for (_, mut facts) in load_facts(tx, org, &[row.id])? {
            facts.left_mapped = false;
            takes_seat = domain::resolve(&org.facts, &facts).access.seat;
        }
    }
    match seats::admission(tx, org, takes_seat)? {
        Admission::Refused => Err(Error::new(Code::SeatsFull, seats::full(org))),
        seat => Ok(Happened::Reactivated(seat)),
    }
}
