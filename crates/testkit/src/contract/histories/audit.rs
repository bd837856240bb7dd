//! Stored access against the rows it follows from, read one by one and joined here.

use std::collections::BTreeSet;

use app::port::Tx;
use app::port::rules::RuleRow;
use app::{Result, representation};
use domain::{Access, RoleClaim, UserFacts, UserId, resolve};
use scim::{Kind, fold};

/// What is wrong: rules that are bound to nobody, or wait although their group is there; users
/// whose stored access is stale or does not follow from document, memberships and rules. Users who
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
    let groups = tx.group_ids_of(user.0)?;
    let Some(row) = tx.user(user)? else {
        let left = stored.is_some() || !groups.is_empty();
        return Ok(left.then(|| format!("{user} is gone and left {stored:?} in {groups:?}")));
    };
    let groups: BTreeSet<_> = groups.into_iter().collect();
    let resource = representation::resource(Kind::User, &row.document)?;
    let facts = UserFacts {
        active: resource.active(),
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
            .filter(|rule| groups.contains(&rule.group))
            .collect(),
        ..UserFacts::default()
    };
    let expected: Access = resolve(&tx.settings()?.facts, &facts).access;
    let right = stored
        .as_ref()
        .is_some_and(|row| !row.stale && row.access == expected);
    Ok((!right).then(|| format!("{user} has {stored:?}, and from scratch {expected:?}")))
}
