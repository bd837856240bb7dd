//! Resolving inside a change's transaction, and keeping what came out.

use std::collections::HashMap;

use domain::{Access, GroupId, UserFacts, UserId, resolve};

use super::AT_ONCE;
use crate::{
    Result,
    change::Change,
    events,
    port::{Tx, access::AccessRow, groups::MemberKind, org::OrgSettings},
};

/// Resolves a user that did not exist before, from facts that are already at hand.
pub(crate) fn settle_new(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    user: UserId,
    facts: &UserFacts,
    change: &Change,
) -> Result<()> {
    let access = resolve(&org.facts, facts).access;
    events::access(tx, user, None, &access, change)?;
    tx.save_access(&[(user, access)])?;
    Ok(())
}

/// Resolves these users again, whose rows are locked, and stores what changed. Costs one query per
/// kind of fact, however many they are.
pub(crate) fn settle(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    users: &[UserId],
    change: &Change,
) -> Result<()> {
    let before: HashMap<UserId, AccessRow> = tx
        .access(users)?
        .into_iter()
        .map(|row| (row.user, row))
        .collect();
    let mut changed: Vec<(UserId, Access)> = Vec::new();
    for (user, facts) in tx.user_facts(users)? {
        let was = before.get(&user).map(|row| &row.access);
        let access = resolve(&org.facts, &facts).access;
        if was != Some(&access) {
            events::access(tx, user, was, &access, change)?;
            changed.push((user, access));
        }
    }
    if !changed.is_empty() {
        tx.save_access(&changed)?;
    }
    let is_fresh = |user: &UserId| before.get(user).is_some_and(|row| !row.stale);
    let marked: Vec<UserId> = users
        .iter()
        .copied()
        .filter(|user| !is_fresh(user))
        .collect();
    if !marked.is_empty() {
        tx.clear_stale(&marked)?;
    }
    Ok(())
}

/// After members joined or left a group. Nothing to do where no rule is bound to it.
pub(crate) fn settle_members(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    group: GroupId,
    users: &[UserId],
    change: &Change,
) -> Result<()> {
    if users.is_empty() || tx.rules_of_group(group)?.is_empty() {
        return Ok(());
    }
    // Those named in the request are locked already; those that a replacement or a filter took out
    // are not. Without the lock a worker that is at them right now would resolve them from what
    // was, and take the mark away that is set here.
    let ids = crate::port::access::uuids(users);
    let locked = tx.lock_members(&ids)?.into_iter();
    let users: Vec<UserId> = locked
        .filter(|(_, kind)| *kind == MemberKind::User)
        .map(|(id, _)| UserId(id))
        .collect();
    if users.len() <= AT_ONCE {
        return settle(tx, org, &users, change);
    }
    tx.mark_stale(&users)?;
    settle_stale(tx, org, change)
}

/// Resolves up to [`AT_ONCE`] of the users that are marked; the worker does the rest.
pub(crate) fn settle_stale(tx: &mut dyn Tx, org: &OrgSettings, change: &Change) -> Result<()> {
    let users = tx.stale_users(AT_ONCE as u64)?;
    if users.is_empty() {
        return Ok(());
    }
    settle(tx, org, &users, change)
}

/// Tells the feed what a user loses who is about to be removed.
pub(crate) fn withdraw(tx: &mut dyn Tx, user: UserId, change: &Change) -> Result<()> {
    let before = tx.access(&[user])?;
    let nothing = Access::nothing();
    let before = before.first().map_or(&nothing, |row| &row.access);
    events::user_removed(tx, user, before, change)
}
