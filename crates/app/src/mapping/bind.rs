//! Binding rules to groups.

use domain::{Detail, EventKind, GroupId, Subject, names_group};
use scim::fold;

use crate::{
    Result,
    change::Change,
    events,
    port::{Tx, groups::GroupRow, rules::RuleRow},
};

/// Binds the rules that wait for a group of this name. The caller resolves the members where it
/// says true.
pub(crate) fn bind_waiting(tx: &mut dyn Tx, group: &GroupRow, change: &Change) -> Result<bool> {
    let waiting = tx.waiting_rules(&fold::key(&group.display_name))?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let org = tx.settings()?;
    let mut bound = false;
    for rule in waiting {
        if names_group(&org.facts.policies, &rule.group_name, &group.display_name) {
            tx.bind_rule(rule.id, Some(group.id))?;
            events::rule_bound(tx, &rule, group, change)?;
            bound = true;
        }
    }
    Ok(bound)
}

/// Tells that rules stay bound to a group that has another name now.
pub(crate) fn group_renamed(
    tx: &mut dyn Tx,
    before: &GroupRow,
    after: &GroupRow,
    change: &Change,
) -> Result<()> {
    let detail = |row: &GroupRow| {
        Some(Detail::Group {
            group: row.id,
            name: row.display_name.clone(),
        })
    };
    for rule in tx.rules_of_groups(&[after.id])? {
        let subject = Subject::Rule { rule: rule.id };
        let (kind, was, is) = (EventKind::RuleGroupRenamed, detail(before), detail(after));
        events::about(tx, kind, subject, was, is, change)?;
    }
    Ok(())
}

/// Sets the rules of a group that is about to be deleted back to waiting; returns them.
pub(crate) fn unbind(tx: &mut dyn Tx, group: &GroupRow, change: &Change) -> Result<Vec<RuleRow>> {
    let rules = tx.rules_of_groups(&[group.id])?;
    for rule in &rules {
        tx.bind_rule(rule.id, None)?;
        events::rule_unbound(tx, rule, group, change)?;
    }
    Ok(rules)
}

/// Binds rules that were just set back, where another group has their name by now; returns the
/// groups whose members gain by it.
pub(crate) fn rebind(tx: &mut dyn Tx, rules: &[RuleRow], change: &Change) -> Result<Vec<GroupId>> {
    let mut groups = Vec::new();
    for rule in rules {
        if let Some(group) = tx.group_by_name(&rule.group_key)?
            && bind_waiting(tx, &group, change)?
        {
            groups.push(group.id);
        }
    }
    Ok(groups)
}
