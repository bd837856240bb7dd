//! Facts, results and stale marks.

use std::ops::Bound;
use std::sync::Arc;

use app::port::access::AccessRow;
use app::port::{AccessRows, Members, Rules, Stored};
use domain::{Access, Gives, GroupId, MatchedRule, UserFacts, UserId};

use super::unit::MemoryTx;

impl MemoryTx {
    /// The rules bound to the groups that the user is directly in, in document order.
    fn matched_rules(&mut self, user: UserId) -> Stored<Vec<MatchedRule>> {
        let groups = self.group_ids_of(user.0)?;
        let bound = self.rules()?.into_iter().filter_map(|rule| {
            let group = rule.group.filter(|group| groups.contains(group))?;
            let gives = Gives::Organization(rule.role);
            Some(MatchedRule {
                rule: rule.id,
                group,
                via: Vec::new(),
                gives,
            })
        });
        Ok(bound.collect())
    }

    fn access_row(&self, user: UserId, access: &Access) -> AccessRow {
        AccessRow {
            user,
            access: access.clone(),
            stale: self.org.stale.contains(&user),
        }
    }

    fn mark(&mut self, users: Vec<UserId>) -> Stored<()> {
        self.may_write()?;
        let known = users
            .into_iter()
            .filter(|user| self.org.users.contains_key(user));
        let known: Vec<UserId> = known.collect();
        Arc::make_mut(&mut self.org.stale).extend(known);
        Ok(())
    }
}

impl AccessRows for MemoryTx {
    fn user_facts(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, UserFacts)>> {
        let mut facts = Vec::new();
        for id in users {
            let Some(user) = self.org.users.get(id).map(Arc::clone) else {
                continue;
            };
            let rules = self.matched_rules(*id)?;
            facts.push((
                *id,
                UserFacts {
                    active: user.keys.active,
                    left_mapped: false,
                    awaiting_activation: false,
                    role_claims: user.keys.role_claims.clone(),
                    rules,
                    grants: Vec::new(),
                    holds: Vec::new(),
                },
            ));
        }
        Ok(facts)
    }

    fn access(&mut self, users: &[UserId]) -> Stored<Vec<AccessRow>> {
        let stored = users.iter().filter_map(|user| {
            let access = self.org.access.get(user)?;
            Some(self.access_row(*user, access))
        });
        Ok(stored.collect())
    }

    fn access_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<AccessRow>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.org.access.range((from, Bound::Unbounded));
        let rows = rows.map(|(user, access)| self.access_row(*user, access));
        Ok(rows
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect())
    }

    fn save_access(&mut self, results: &[(UserId, Access)]) -> Stored<()> {
        self.may_write()?;
        Arc::make_mut(&mut self.org.access).extend(results.iter().cloned());
        Ok(())
    }

    fn mark_stale(&mut self, users: &[UserId]) -> Stored<()> {
        self.mark(users.to_vec())
    }

    fn mark_members_stale(&mut self, group: GroupId) -> Stored<()> {
        self.mark(self.member_users(group))
    }

    fn mark_everyone_stale(&mut self) -> Stored<()> {
        self.mark(self.org.users.keys().copied().collect())
    }

    fn stale_users(&mut self, limit: u64) -> Stored<Vec<UserId>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.org.stale.iter().copied().take(limit).collect())
    }

    fn clear_stale(&mut self, users: &[UserId]) -> Stored<()> {
        self.may_write()?;
        Arc::make_mut(&mut self.org.stale).retain(|user| !users.contains(user));
        Ok(())
    }

    fn anyone_stale(&mut self) -> Stored<bool> {
        Ok(!self.org.stale.is_empty())
    }
}
