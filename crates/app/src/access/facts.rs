//! Facts as resolution wants them: the store's, and those that come through nested groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{GroupId, MatchedRule, UserFacts, UserId, all_groups};

use crate::{
    Result,
    port::{Tx, org::OrgSettings, rules::RuleRow},
};

/// The facts of these users; users that are gone are left out.
pub(crate) fn load(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    users: &[UserId],
) -> Result<Vec<(UserId, UserFacts)>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut facts = tx.user_facts(users)?;
    if org.facts.policies.nested_groups {
        add_nested(tx, users, &mut facts)?;
    }
    Ok(facts)
}

/// Adds the rules of outer groups, each with the way there.
fn add_nested(tx: &mut dyn Tx, users: &[UserId], facts: &mut [(UserId, UserFacts)]) -> Result<()> {
    let ways = nested_ways(tx, users)?;
    let outer: BTreeSet<GroupId> = ways
        .values()
        .flatten()
        .filter(|(_, via)| !via.is_empty())
        .map(|(group, _)| *group)
        .collect();
    let outer: Vec<GroupId> = outer.into_iter().collect();
    let mut rules: BTreeMap<GroupId, Vec<MatchedRule>> = BTreeMap::new();
    for rule in tx
        .rules_of_groups(&outer)?
        .iter()
        .filter_map(RuleRow::matched)
    {
        rules.entry(rule.group).or_default().push(rule);
    }
    for (user, facts) in facts {
        for (group, via) in ways
            .get(user)
            .into_iter()
            .flatten()
            .filter(|way| !way.1.is_empty())
        {
            for rule in rules.get(group).into_iter().flatten() {
                facts.rules.push(MatchedRule {
                    via: via.clone(),
                    ..rule.clone()
                });
            }
        }
    }
    Ok(())
}

/// Every group that counts for each of these users, with the way there: direct ones only, or all
/// levels where the policy says so.
pub(crate) fn ways_to_groups(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    users: &[UserId],
) -> Result<HashMap<UserId, Ways>> {
    if org.facts.policies.nested_groups {
        return nested_ways(tx, users);
    }
    let mut ways: HashMap<UserId, Ways> = HashMap::new();
    for (user, group) in tx.groups_of(users)? {
        ways.entry(user).or_default().insert(group.id, Vec::new());
    }
    Ok(ways)
}

/// Groups with the way there; an empty way is a direct membership.
pub(crate) type Ways = BTreeMap<GroupId, Vec<GroupId>>;

fn nested_ways(tx: &mut dyn Tx, users: &[UserId]) -> Result<HashMap<UserId, Ways>> {
    let mut own: HashMap<UserId, BTreeSet<GroupId>> = HashMap::new();
    for (user, group) in tx.groups_of(users)? {
        own.entry(user).or_default().insert(group.id);
    }
    let start: BTreeSet<GroupId> = own.values().flatten().copied().collect();
    let parents = climb(tx, start)?;
    Ok(own
        .into_iter()
        .map(|(user, own)| (user, all_groups(&own, &parents)))
        .collect())
}

/// Which groups are in which, from these upwards. One query per level.
pub(super) fn climb(
    tx: &mut dyn Tx,
    start: BTreeSet<GroupId>,
) -> Result<BTreeMap<GroupId, BTreeSet<GroupId>>> {
    let mut parents: BTreeMap<GroupId, BTreeSet<GroupId>> = BTreeMap::new();
    let mut seen = start.clone();
    let mut level: Vec<GroupId> = start.into_iter().collect();
    while !level.is_empty() {
        let mut next = Vec::new();
        for (member, parent) in tx.parents_of(&level)? {
            parents.entry(member).or_default().insert(parent);
            if seen.insert(parent) {
                next.push(parent);
            }
        }
        level = next;
    }
    Ok(parents)
}

/// These groups and all that are in them, at any level. One query per level.
pub(super) fn descend(tx: &mut dyn Tx, start: &[GroupId]) -> Result<Vec<GroupId>> {
    let mut seen: BTreeSet<GroupId> = start.iter().copied().collect();
    let mut level: Vec<GroupId> = start.to_vec();
    while !level.is_empty() {
        let inner = tx.groups_in(&level)?;
        level = inner
            .into_iter()
            .filter(|group| seen.insert(*group))
            .collect();
    }
    Ok(seen.into_iter().collect())
}
