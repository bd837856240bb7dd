//! Who keeps a protected role so that somebody has it (DESIGN 3.6, D17).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Access, Detail, EventKind, Holders, Origin, ProjectRole, Role, RoleKey, Subject, UserFacts,
    UserId, holds_role, keep_last_holder, policy::LastHolder, resolve,
};

use super::{
    AT_ONCE, alarms, facts,
    unit::{Happened, Settling, Unit},
};
use crate::{
    Error, Result,
    error::Code,
    events,
    port::{Tx, grants::HoldRow},
};

/// Places and releases holds for what a unit of work is about to do, and resolves again whom that
/// concerns.
pub(super) fn decide(tx: &mut dyn Tx, unit: Unit<'_>, settling: &mut Vec<Settling>) -> Result<()> {
    for role in unit.org.facts.catalog.roles() {
        let has_hold = settling
            .iter()
            .any(|one| one.facts.holds.contains(&role.key));
        // A hold of a role that is not protected any more ends.
        if !role.protected && !has_hold {
            continue;
        }
        let turns = |one: &Settling| {
            let held_before = one
                .before
                .as_ref()
                .is_some_and(|access| has(unit, role, access));
            held_before != has(unit, role, &one.after)
        };
        let loses = |one: &Settling| turns(one) && !has(unit, role, &one.after);
        if settling.iter().any(loses) || has_hold {
            // Others may take the role from the rest at the same moment.
            tx.need_exclusive()?;
            decide_one(tx, unit, role, settling)?;
        } else if settling.iter().any(turns) && holds_of(tx, role)?.next().is_some() {
            tx.need_exclusive()?;
            decide_one(tx, unit, role, settling)?;
        }
    }
    Ok(())
}

fn protected(unit: Unit<'_>) -> impl Iterator<Item = &Role> {
    unit.org
        .facts
        .catalog
        .roles()
        .iter()
        .filter(|role| role.protected)
}

fn has(unit: Unit<'_>, role: &Role, access: &Access) -> bool {
    holds_role(&unit.org.facts.catalog, &role.key, access)
}

fn holds_of(tx: &mut dyn Tx, role: &Role) -> Result<impl Iterator<Item = HoldRow>> {
    let key = role.key.clone();
    Ok(tx.holds()?.into_iter().filter(move |hold| hold.role == key))
}

/// The role without the hold: whether it stands on something else.
fn has_without_hold(unit: Unit<'_>, role: &Role, facts: &UserFacts) -> bool {
    let mut facts = facts.clone();
    facts.holds.retain(|held| *held != role.key);
    has(unit, role, &resolve(&unit.org.facts, &facts).access)
}

fn decide_one(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    role: &Role,
    settling: &mut Vec<Settling>,
) -> Result<()> {
    let holds: BTreeSet<UserId> = holds_of(tx, role)?.map(|hold| hold.user).collect();
    bring_in(tx, unit, &holds, settling)?;
    let (mut losing, mut held, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    let (mut remaining, mut deactivated) = (0, false);
    for one in settling.iter() {
        let had = one
            .before
            .as_ref()
            .is_some_and(|access| has(unit, role, access));
        let has_now = has(unit, role, &one.after);
        if holds.contains(&one.user) {
            let needed = one.facts.active && has_now && !has_without_hold(unit, role, &one.facts);
            if needed {
                held.push(one.user);
            } else {
                ended.push(one.user);
            }
            remaining += u64::from(!needed && has_now);
        } else {
            remaining += u64::from(has_now);
        }
        // With a hold, too: it keeps nothing where the role was granted by hand.
        if had && !has_now && one.facts.active {
            losing.push(one.user);
        }
        deactivated |= had && !has_now && !one.facts.active;
    }
    if remaining == 0 {
        let here: BTreeSet<UserId> = settling.iter().map(|one| one.user).collect();
        remaining = u64::from(somebody_else(tx, unit, role, &here)?);
    }
    let holders = Holders {
        remaining,
        losing: &losing,
        held: &held,
        hold_ended: &ended,
        deactivated,
    };
    let decided = keep_last_holder(&unit.org.facts.policies, role, holders, unit.origin)
        .map_err(|error| Error::new(Code::LastHolder, error.to_string()))?;
    for user in decided.release {
        release(tx, unit, user, &role.key)?;
        again(unit, settling, user, |holds| {
            holds.retain(|held| *held != role.key);
        });
    }
    for user in decided.place {
        tx.place_hold(&HoldRow {
            user,
            role: role.key.clone(),
            since: unit.change.at,
        })?;
        tell(tx, unit, EventKind::HoldPlaced, user, &role.key)?;
        again(unit, settling, user, |holds| holds.push(role.key.clone()));
    }
    if decided.vacant {
        alarms::vacant(tx, unit, &role.key)?;
    }
    Ok(())
}

/// Users with a hold are part of the decision, whether the unit was about them or not.
fn bring_in(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    holds: &BTreeSet<UserId>,
    settling: &mut Vec<Settling>,
) -> Result<()> {
    let absent: Vec<UserId> = holds
        .iter()
        .copied()
        .filter(|user| settling.iter().all(|one| one.user != *user))
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    let mut before: BTreeMap<UserId, _> = tx
        .access(&absent)?
        .into_iter()
        .map(|row| (row.user, row))
        .collect();
    for (user, facts) in facts::load(tx, unit.org, &absent)? {
        let row = before.remove(&user);
        // A mark on such a user is left to be worked off for its own reasons.
        let after = match &row {
            Some(row) if !row.stale => row.access.clone(),
            _ => resolve(&unit.org.facts, &facts).access,
        };
        let before = row.map(|row| row.access);
        settling.push(Settling {
            user,
            facts,
            before,
            after,
            standing_moved: false,
        });
    }
    Ok(())
}

fn again(
    unit: Unit<'_>,
    settling: &mut [Settling],
    user: UserId,
    change: impl FnOnce(&mut Vec<RoleKey>),
) {
    if let Some(one) = settling.iter_mut().find(|one| one.user == user) {
        change(&mut one.facts.holds);
        one.after = resolve(&unit.org.facts, &one.facts).access;
    }
}

/// Whether an active user outside `here` has the role by other means than a hold. Looks at stored
/// access first, and at everybody who is marked stale only where that finds nobody.
fn somebody_else(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    role: &Role,
    here: &BTreeSet<UserId>,
) -> Result<bool> {
    let catalog = &unit.org.facts.catalog;
    let needed = catalog.rank(&role.key).unwrap_or(0);
    let roles: Vec<RoleKey> = catalog
        .roles()
        .iter()
        .take(needed + 1)
        .map(|role| role.key.clone())
        .collect();
    let mut after = None;
    loop {
        let page = tx.holders(&roles, after)?;
        let Some(last) = page.last() else { break };
        after = Some(last.user);
        let users: Vec<UserId> = page
            .iter()
            .map(|row| row.user)
            .filter(|user| !here.contains(user))
            .collect();
        if anyone_has(tx, unit, role, &users)? {
            return Ok(true);
        }
    }
    let mut after = None;
    loop {
        let page = tx.stale_page(after, AT_ONCE as u64)?;
        let Some(last) = page.last() else {
            return Ok(false);
        };
        after = Some(*last);
        let users: Vec<UserId> = page
            .into_iter()
            .filter(|user| !here.contains(user))
            .collect();
        if anyone_has(tx, unit, role, &users)? {
            return Ok(true);
        }
    }
}

fn anyone_has(tx: &mut dyn Tx, unit: Unit<'_>, role: &Role, users: &[UserId]) -> Result<bool> {
    let left: BTreeSet<UserId> = tx
        .access(users)?
        .into_iter()
        .filter(|row| row.left_group)
        .map(|row| row.user)
        .collect();
    Ok(facts::load(tx, unit.org, users)?
        .into_iter()
        .any(|(user, mut facts)| {
            let standing = Happened::Rules.turn(&unit.org.facts, &facts, left.contains(&user));
            facts.left_mapped = standing.left_mapped;
            has_without_hold(unit, role, &facts)
        }))
}

/// Refuses a change over the admin API that would leave a protected role to nobody, where so many
/// users are concerned that not all are resolved in its transaction.
pub(super) fn refuse_vacancy(tx: &mut dyn Tx, unit: Unit<'_>) -> Result<()> {
    let kept = unit.org.facts.policies.last_holder == LastHolder::Hold;
    if unit.origin != Origin::Admin || !kept {
        return Ok(());
    }
    for role in protected(unit) {
        let had = !tx
            .holders(std::slice::from_ref(&role.key), None)?
            .is_empty();
        if had && !somebody_else(tx, unit, role, &BTreeSet::new())? {
            let error = domain::LastHolderError {
                role: role.key.clone(),
            };
            return Err(Error::new(Code::LastHolder, error.to_string()));
        }
    }
    Ok(())
}

/// A user is about to be removed: holds end with it, and a role may be vacant afterwards.
pub(super) fn departed(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    user: UserId,
    before: &Access,
) -> Result<()> {
    for role in protected(unit) {
        if holds_of(tx, role)?.any(|hold| hold.user == user) {
            release(tx, unit, user, &role.key)?;
        }
        if has(unit, role, before) && !somebody_else(tx, unit, role, &[user].into())? {
            alarms::vacant(tx, unit, &role.key)?;
        }
    }
    Ok(())
}

/// Ends a hold, and says so.
pub(crate) fn release(tx: &mut dyn Tx, unit: Unit<'_>, user: UserId, role: &RoleKey) -> Result<()> {
    tx.release_hold(user, role)?;
    tell(tx, unit, EventKind::HoldReleased, user, role)
}

fn tell(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    kind: EventKind,
    user: UserId,
    role: &RoleKey,
) -> Result<()> {
    let given = Some(Detail::Given {
        role: ProjectRole::Role(role.clone()),
    });
    let (before, after) = match kind {
        EventKind::HoldReleased => (given, None),
        _ => (None, given),
    };
    events::about(tx, kind, Subject::User { user }, before, after, unit.change)
}
