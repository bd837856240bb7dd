//! Binding rules to groups.

use scim::fold;

use crate::{
    Result, events,
    port::{Millis, Tx, groups::GroupRow, rules::RuleRow},
};

/// Binds the rules that wait for a group of this name, and marks its members.
pub(crate) fn bind_waiting(tx: &mut dyn Tx, group: &GroupRow, at: Millis) -> Result<()> {
    let mut bound = false;
    for rule in tx.waiting_rules(&fold::key(&group.display_name))? {
        if rule.group_name == group.display_name {
            tx.bind_rule(rule.id, Some(group.id))?;
            events::rule_bound(tx, &rule, group.id, at)?;
            bound = true;
        }
    }
    if bound {
        tx.mark_members_stale(group.id)?;
    }
    Ok(())
}

/// Sets the rules of a group that is about to be deleted back to waiting; returns them.
pub(crate) fn unbind(tx: &mut dyn Tx, group: &GroupRow, at: Millis) -> Result<Vec<RuleRow>> {
    let rules = tx.rules_of_group(group.id)?;
    for rule in &rules {
        tx.bind_rule(rule.id, None)?;
        events::rule_unbound(tx, rule, group.id, at)?;
    }
    Ok(rules)
}

/// Binds rules that were just set back, where another group has their name by now.
pub(crate) fn rebind(tx: &mut dyn Tx, rules: &[RuleRow], at: Millis) -> Result<()> {
    for rule in rules {
        if let Some(group) = tx.group_by_name(&rule.group_key)? {
            bind_waiting(tx, &group, at)?;
        }
    }
    Ok(())
}
