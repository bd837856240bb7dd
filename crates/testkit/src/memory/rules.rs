//! Mapping rules.

use std::sync::Arc;

use app::port::rules::RuleRow;
use app::port::store::Unique;
use app::port::{Rules, StoreError, Stored};
use domain::{GroupId, RuleId};

use super::unit::MemoryTx;

impl MemoryTx {
    /// Those rules in document order.
    fn rules_where(&self, wanted: impl Fn(&RuleRow) -> bool) -> Vec<RuleRow> {
        let mut rules: Vec<RuleRow> = self
            .org
            .rules
            .values()
            .filter(|rule| wanted(rule))
            .cloned()
            .collect();
        rules.sort_by_key(|rule| (rule.position, rule.id));
        rules
    }

    fn change_rule(&mut self, id: RuleId, change: impl FnOnce(&mut RuleRow)) -> Stored<()> {
        self.may_write_alone()?;
        if let Some(rule) = Arc::make_mut(&mut self.org.rules).get_mut(&id) {
            change(rule);
        }
        Ok(())
    }
}

impl Rules for MemoryTx {
    fn rules(&mut self) -> Stored<Vec<RuleRow>> {
        Ok(self.rules_where(|_| true))
    }

    fn renamed_rules(&mut self) -> Stored<Vec<(RuleId, GroupId)>> {
        let renamed = |rule: &RuleRow| {
            let group = rule.group.and_then(|id| self.org.groups.get(&id));
            group.is_some_and(|group| group.row.display_name != rule.group_name)
        };
        let renamed = self.rules_where(renamed);
        Ok(renamed
            .iter()
            .filter_map(|rule| Some((rule.id, rule.group?)))
            .collect())
    }

    fn rules_of_groups(&mut self, groups: &[GroupId]) -> Stored<Vec<RuleRow>> {
        Ok(self.rules_where(|rule| rule.group.is_some_and(|group| groups.contains(&group))))
    }

    fn waiting_rules(&mut self, group_key: &str) -> Stored<Vec<RuleRow>> {
        Ok(self.rules_where(|rule| rule.group.is_none() && rule.group_key == group_key))
    }

    fn insert_rules(&mut self, rules: &[RuleRow]) -> Stored<()> {
        self.may_write_alone()?;
        let stored = Arc::make_mut(&mut self.org.rules);
        for rule in rules {
            if stored.insert(rule.id, rule.clone()).is_some() {
                return Err(StoreError::Conflict(Unique::Id));
            }
        }
        Ok(())
    }

    fn delete_rules(&mut self, ids: &[RuleId]) -> Stored<()> {
        self.may_write_alone()?;
        Arc::make_mut(&mut self.org.rules).retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn move_rules(&mut self, places: &[(RuleId, i64)]) -> Stored<()> {
        places
            .iter()
            .try_for_each(|(id, place)| self.change_rule(*id, |r| r.position = *place))
    }

    fn bind_rule(&mut self, id: RuleId, group: Option<GroupId>) -> Stored<()> {
        self.change_rule(id, |rule| rule.group = group)
    }
}
