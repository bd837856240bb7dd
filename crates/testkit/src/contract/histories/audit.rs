//! Stored access against the rows it follows from, read one by one and joined here.

use std::collections::{BTreeMap, BTreeSet};

use app::port::Tx;
use app::port::rules::RuleRow;
use app::{Result, representation};
use domain::{Access, GroupId, MatchedRule, RoleClaim, UserFacts, UserId, all_groups, resolve};
use scim::{Kind, fold};

/// What is wrong: rules that are bound to nobody, or wait although their group is there; users
/// whose stored access is stale or does not follow from document, memberships at any level, rules, grants and holds. Users who
/// are gone must have left nothing.
///
/// # Errors
/// The store is away.
pub fn audit(tx: &mut dyn Tx, users: &[UserId]) -> Result<Vec<String>> {
    let rules = tx.rules()?;
    let mut faults = Vec::new();
    for rule in &rules {
        faults.extend(binding(tx, rule)?);
    }
    for user in users {
        faults.extend(one(tx, *user, &rules)?);
    }
    Ok(faults)
}

fn binding(tx: &mut dyn Tx, rule: &RuleRow) -> Result<Option<String>> {
    let there = if let Some(group) = rule.group {
        tx.group(group)?.is_some()
    } else {
        let group = tx.group_by_name(&fold::key(&rule.group_name))?;
        group.is_none_or(|group| group.display_name != rule.group_name)
    };
    Ok((!there).then(|| format!("a rule is bound wrongly: {rule:?}")))
}

fn one(tx: &mut dyn Tx, user: UserId, rules: &[RuleRow]) -> Result<Option<String>> {
    let stored = tx.access(&[user])?.into_iter().next();
    let own: BTreeSet<GroupId> = tx.group_ids_of(user.0)?.into_iter().collect();
    let Some(row) = tx.user(user)? else {
        let left = stored.is_some() || !own.is_empty();
        return Ok(left.then(|| format!("{user} is gone and left {stored:?} in {own:?}")));
    };
    let settings = tx.settings()?;
    let ways = if settings.facts.policies.nested_groups {
        all_groups(&own, &around(tx, &own)?)
    } else {
        own.iter().map(|group| (*group, Vec::new())).collect()
    };
    let resource = representation::resource(Kind::User, &row.document)?;
    // The two that only history knows are read as they are stored.
    let kept = tx.user_facts(&[user])?.pop().map(|(_, facts)| facts);
    let kept = kept.unwrap_or_default();
    let holds = tx.holds()?.into_iter().filter(|hold| hold.user == user);
    let facts = UserFacts {
        active: resource.active(),
        left_mapped: kept.left_mapped,
        awaiting_activation: kept.awaiting_activation,
        role_claims: resource
            .roles()
            .map(|role| RoleClaim {
                value: role.value.to_owned(),
                display: role.display.map(str::to_owned),
                primary: role.primary,
            })
            .collect(),
        rules: rules
            .iter()
            .filter_map(RuleRow::matched)
            .filter_map(|rule| {
                let via = ways.get(&rule.group)?.clone();
                Some(MatchedRule { via, ..rule })
            })
            .collect(),
        grants: tx.grants(user)?,
        holds: holds.map(|hold| hold.role).collect(),
    };
    let expected: Access = resolve(&settings.facts, &facts).access;
    let right = stored
        .as_ref()
        .is_some_and(|row| !row.stale && row.access == expected);
    Ok((!right).then(|| format!("{user} has {stored:?}, and from scratch {expected:?}")))
}

/// Which groups are directly in which, from these upwards.
fn around(
    tx: &mut dyn Tx,
    from: &BTreeSet<GroupId>,
) -> Result<BTreeMap<GroupId, BTreeSet<GroupId>>> {
    let mut parents: BTreeMap<GroupId, BTreeSet<GroupId>> = BTreeMap::new();
    let mut next: Vec<GroupId> = from.iter().copied().collect();
    while let Some(group) = next.pop() {
        if parents.contains_key(&group) {
            continue;
        }
        let outer: BTreeSet<GroupId> = tx.group_ids_of(group.0)?.into_iter().collect();
        next.extend(&outer);
        parents.insert(group, outer);
    }
    Ok(parents)
}
