//! Everybody's facts, from scratch.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Grant, GroupId, MatchedRule, RuleId, UserFacts, UserId, all_groups, has_organization_rule,
};
use uuid::Uuid;

use super::Model;

impl Model {
    pub(in super::super) fn facts(&self, id: UserId) -> UserFacts {
        let user = &self.users[&id];
        let grants = user.grants.values().map(|(target, kind)| Grant {
            target: target.clone(),
            kind: *kind,
            by: "operator".to_owned(),
            at_ms: 0,
        });
        UserFacts {
            active: user.active,
            left_mapped: user.standing.left_mapped,
            awaiting_activation: user.standing.awaiting_activation,
            role_claims: user.claims.clone(),
            rules: self.matched(id),
            grants: grants.collect(),
            holds: user.holds.iter().cloned().collect(),
        }
    }

    /// Rules through every group of the user: direct ones, or all levels by policy.
    fn matched(&self, id: UserId) -> Vec<MatchedRule> {
        let own = self.around(id.0);
        let groups: BTreeMap<GroupId, Vec<GroupId>> = if self.org.policies.nested_groups {
            let outer = self
                .groups
                .keys()
                .map(|group| (*group, self.around(group.0)));
            all_groups(&own, &outer.collect())
        } else {
            own.into_iter().map(|group| (group, Vec::new())).collect()
        };
        let matched = self.rules.iter().filter_map(|rule| {
            let group = rule.bound?;
            Some(MatchedRule {
                rule: RuleId(Uuid::nil()),
                group,
                via: groups.get(&group)?.clone(),
                gives: rule.gives.clone(),
            })
        });
        matched.collect()
    }

    /// The groups that somebody is a direct member of.
    fn around(&self, id: Uuid) -> BTreeSet<GroupId> {
        let around = self
            .groups
            .iter()
            .filter(|(_, group)| group.members.contains(&id));
        around.map(|(id, _)| *id).collect()
    }

    /// Who has a candidate from an organization rule.
    pub(super) fn mapped(&self) -> BTreeSet<UserId> {
        let users = self.users.keys().copied();
        users
            .filter(|id| has_organization_rule(&self.org, &self.matched(*id)))
            .collect()
    }
}
