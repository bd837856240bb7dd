//! Binding rules to groups.

use domain::names_group;
use scim::fold;

use crate::{
    Result,
    change::Change,
    events,
    port::{Tx, groups::GroupRow, rules::RuleRow},
};

/// Binds the rules that wait for a group of this name, and marks its members.
pub(crate) fn bind_waiting(tx: &mut dyn Tx, group: &GroupRow, change: &Change) -> Result<()> {
    let policies = tx.settings()?.facts.policies.clone();
    let mut bound = false;
    for rule in tx.waiting_rules(&fold::key(&group.display_name))? {
        if names_group(&policies, &rule.group_name, &group.display_name) {
            tx.bind_rule(rule.id, Some(group.id))?;
            events::rule_bound(tx, &rule, group.id, change)?;
            bound = true;
        }
    }
    if bound {
        tx.mark_members_stale(group.id)?;
    }
    Ok(())
}

/// Sets the rules of a group that is about to be deleted back to waiting; returns them.
pub(crate) fn unbind(tx: &mut dyn Tx, group: &GroupRow, change: &Change) -> Result<Vec<RuleRow>> {
    let rules = tx.rules_of_group(group.id)?;
    for rule in &rules {
        tx.bind_rule(rule.id, None)?;
        events::rule_unbound(tx, rule, group, change)?;
    }
    Ok(rules)
}

/// Binds rules that were just set back, where another group has their name by now.
pub(crate) fn rebind(tx: &mut dyn Tx, rules: &[RuleRow], change: &Change) -> Result<()> {
    for rule in rules {
        if let Some(group) = tx.group_by_name(&rule.group_key)? {
            bind_waiting(tx, &group, change)?;
        }
    }
    Ok(())
}
