//! Resolving inside a change's transaction, and keeping what came out.

use std::collections::HashMap;

use domain::{Access, GroupId, Standing, UserFacts, UserId, has_organization_rule, resolve};

use super::{
    alarms, facts, holders,
    unit::{Happened, Settling, Unit},
    worker::still_busy,
};
use crate::{
    Result, events,
    port::{
        Tx,
        access::{AccessRow, AccessWrite},
        history::HistoryRow,
        jobs::JobRow,
        rules::RuleRow,
    },
};

/// How many times [`crate::Change::at_once`] users a change works off that an earlier one left, before
/// it is refused: some thousands take less than a second, in which everybody else waits.
const MOST_SLICES: usize = 20;

/// Resolves a user who is just being created, from facts that are already at hand.
pub(crate) fn settle_arrival(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    user: UserId,
    facts: UserFacts,
) -> Result<()> {
    let after = resolve(&unit.org.facts, &facts).access;
    let settling = Settling {
        user,
        facts,
        before: None,
        after,
        standing_moved: false,
    };
    keep(tx, unit, vec![settling])
}

/// Resolves these users again, whose rows are locked, and stores what changed. Costs one query per
/// kind of fact, however many they are.
pub(crate) fn settle(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    users: &[UserId],
    happened: Happened,
) -> Result<()> {
    let mut rows: HashMap<UserId, AccessRow> = tx
        .access(users)?
        .into_iter()
        .map(|row| (row.user, row))
        .collect();
    let is_fresh = |user: &UserId| rows.get(user).is_some_and(|row| !row.stale);
    let marked: Vec<UserId> = users
        .iter()
        .copied()
        .filter(|user| !is_fresh(user))
        .collect();
    let mut settling = Vec::with_capacity(users.len());
    for (user, mut facts) in facts::load(tx, unit.org, users)? {
        let row = rows.remove(&user);
        let left_group = row.as_ref().is_some_and(|row| row.left_group);
        let standing = happened.turn(&unit.org.facts, &facts, left_group);
        let standing_moved = turn(&mut facts, standing);
        let after = resolve(&unit.org.facts, &facts).access;
        let before = row.map(|row| row.access);
        settling.push(Settling {
            user,
            facts,
            before,
            after,
            standing_moved,
        });
    }
    keep(tx, unit, settling)?;
    if !marked.is_empty() {
        tx.clear_stale(&marked)?;
    }
    Ok(())
}

fn turn(facts: &mut UserFacts, standing: Standing) -> bool {
    let moved = facts.left_mapped != standing.left_mapped
        || facts.awaiting_activation != standing.awaiting_activation;
    facts.left_mapped = standing.left_mapped;
    facts.awaiting_activation = standing.awaiting_activation;
    moved
}

/// Decides about last holders, then writes what differs: standing, access, history, events.
fn keep(tx: &mut dyn Tx, unit: Unit<'_>, mut settling: Vec<Settling>) -> Result<()> {
    holders::decide(tx, unit, &mut settling)?;
    let standing: Vec<(UserId, Standing)> = settling
        .iter()
        .filter(|one| one.standing_moved)
        .map(|one| (one.user, one.standing()))
        .collect();
    if !standing.is_empty() {
        tx.save_standing(&standing)?;
    }
    settling.retain(|one| one.before.as_ref() != Some(&one.after));
    if settling.is_empty() {
        return Ok(());
    }
    let changed = settling
        .iter()
        .map(|one| (one.user, one.before.as_ref(), &one.after));
    events::access(tx, changed, unit.change)?;
    let mut writes = Vec::with_capacity(settling.len());
    let mut history = Vec::with_capacity(settling.len());
    for one in &settling {
        writes.push(AccessWrite {
            user: one.user,
            before: one.before.clone(),
            after: one.after.clone(),
        });
        history.push(HistoryRow {
            user: one.user,
            at: unit.change.at,
            access: one.after.clone(),
            cause: unit.change.cause.clone(),
        });
    }
    tx.save_access(&writes)?;
    tx.record(&history)?;
    alarms::raise(tx, unit, &settling)
}

/// After users joined or left a group. Nothing to do where no rule is bound to it, or to a group
/// around it.
pub(crate) fn settle_members(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    group: GroupId,
    joined: &[UserId],
    left: &[UserId],
) -> Result<()> {
    let rules = rules_through(tx, unit, group)?;
    if rules.is_empty() {
        return Ok(());
    }
    let happened = if gives_role(unit, &rules) {
        Happened::LeftMapped
    } else {
        Happened::Groups
    };
    // They are locked already, but for whom a filter took out by a name that was just changed.
    // Without the lock a worker that is at them right now would resolve them from what was, and take
    // the mark away that is set here.
    tx.hold_users(left)?;
    if joined.len() + left.len() > unit.change.at_once {
        tx.mark_stale(joined, false)?;
        tx.mark_stale(left, happened == Happened::LeftMapped)?;
        return settle_stale(tx, unit);
    }
    if !joined.is_empty() {
        settle(tx, unit, joined, Happened::Groups)?;
    }
    if !left.is_empty() {
        settle(tx, unit, left, happened)?;
    }
    Ok(())
}

/// After groups joined or left a group, or the group went away: everybody below is concerned.
/// `left` says whether what happened took memberships.
pub(crate) fn mark_below(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    groups: &[GroupId],
    rules: &[RuleRow],
    left: bool,
) -> Result<()> {
    let left = left && gives_role(unit, rules);
    let below = if unit.org.facts.policies.nested_groups {
        facts::descend(tx, groups)?
    } else {
        groups.to_vec()
    };
    for group in below {
        tx.mark_members_stale(group, left)?;
    }
    Ok(())
}

/// The rules that members of this group are given, nested ones included where the policy says so.
pub(crate) fn rules_through(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    group: GroupId,
) -> Result<Vec<RuleRow>> {
    let mut groups = vec![group];
    if unit.org.facts.policies.nested_groups {
        let parents = facts::climb(tx, [group].into())?;
        groups.extend(parents.into_values().flatten());
        groups.sort_unstable();
        groups.dedup();
    }
    Ok(tx.rules_of_groups(&groups)?)
}

fn gives_role(unit: Unit<'_>, rules: &[RuleRow]) -> bool {
    let matched: Vec<_> = rules.iter().filter_map(RuleRow::matched).collect();
    has_organization_rule(&unit.org.facts, &matched)
}

/// Resolves up to [`crate::Change::at_once`] of the users that are marked; where some are left it is a job, and
/// the worker does the rest.
pub(crate) fn settle_stale(tx: &mut dyn Tx, unit: Unit<'_>) -> Result<()> {
    let most = unit.change.at_once;
    let users = tx.stale_users(most as u64)?;
    if users.is_empty() {
        return Ok(());
    }
    if users.len() == most {
        holders::refuse_vacancy(tx, unit)?;
    }
    settle(tx, unit, &users, Happened::Rules)?;
    if users.len() == most && tx.anyone_stale()? {
        let total = tx.stale_count()?;
        tx.start_job(&JobRow {
            id: uuid::Uuid::now_v7(),
            kind: unit.kind.to_owned(),
            started: unit.change.at,
            total,
            finished: None,
        })?;
    }
    Ok(())
}

/// Works off who left a mapped group and was only marked, and whom a candidate that is there now
/// takes back in. Called before rules, catalog or policies change, so that what those take away is
/// never mistaken for having left, and what they gave meanwhile counts.
///
/// # Errors
/// [`crate::error::Code::Unavailable`] where there are more than one change should hold others up for: the worker
/// is at them.
pub(crate) fn settle_pending_departures(tx: &mut dyn Tx, unit: Unit<'_>) -> Result<()> {
    for _ in 0..MOST_SLICES {
        let users = tx.users_who_left(unit.change.at_once as u64)?;
        if users.is_empty() {
            return Ok(());
        }
        settle(tx, unit, &users, Happened::Rules)?;
    }
    Err(still_busy())
}

/// Tells feed and history what a user loses who is about to be removed, and who keeps a role
/// because of it.
pub(crate) fn withdraw(tx: &mut dyn Tx, unit: Unit<'_>, user: UserId) -> Result<()> {
    let nothing = Access::nothing();
    let row = tx.access(&[user])?.pop();
    let before = row.map_or_else(Access::nothing, |row| row.access);
    holders::departed(tx, unit, user, &before)?;
    events::user_removed(tx, user, &before, unit.change)?;
    tx.record(&[HistoryRow {
        user,
        at: unit.change.at,
        access: nothing.clone(),
        cause: unit.change.cause.clone(),
    }])?;
    alarms::departed(tx, unit, &before)
}
