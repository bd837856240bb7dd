//! Facts, results and stale marks.

use std::ops::Bound;
use std::sync::Arc;

use app::port::access::{AccessOfUser, AccessRow, AccessWrite};
use app::port::{AccessRows, Members, Rules, Stored, Users};
use domain::{Access, GroupId, MatchedRule, Standing, UserFacts, UserId};

use super::unit::{MemoryTx, broken};

impl MemoryTx {
    /// The rules bound to the groups that the user is directly in, in document order.
    fn matched_rules(&mut self, user: UserId) -> Stored<Vec<MatchedRule>> {
        let groups = self.group_ids_of(user.0)?;
        let bound = self.rules()?.into_iter().filter_map(|rule| {
            let group = rule.group.filter(|group| groups.contains(group))?;
            Some(MatchedRule {
                rule: rule.id,
                group,
                via: Vec::new(),
                gives: rule.gives,
            })
        });
        Ok(bound.collect())
    }

    pub(super) fn access_row(&self, user: UserId, access: &Access) -> AccessRow {
        AccessRow {
            user,
            access: access.clone(),
            stale: self.org.stale.contains_key(&user),
            left_group: self.org.stale.get(&user).is_some_and(|left| *left),
        }
    }

    /// Users with a mark that is wanted, from the first.
    fn marked(&self, limit: u64, wanted: impl Fn(UserId, bool) -> bool) -> Vec<UserId> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let marks = self.org.stale.iter().map(|(user, left)| (*user, *left));
        marks
            .filter(|(user, left)| wanted(*user, *left))
            .map(|(user, _)| user)
            .take(limit)
            .collect()
    }

    pub(super) fn mark(&mut self, users: Vec<UserId>, left_group: bool) -> Stored<()> {
        self.may_write()?;
        let known = users
            .iter()
            .filter(|user| self.org.users.contains_key(user));
        let left_mapped = |user: &UserId| {
            let standing = self.org.standing.get(user);
            standing.is_some_and(|standing| standing.left_mapped)
        };
        let known = known.map(|user| (*user, left_mapped(user)));
        let known: Vec<(UserId, bool)> = known.collect();
        let stale = Arc::make_mut(&mut self.org.stale);
        for (user, left_mapped) in known {
            *stale.entry(user).or_insert(left_mapped) |= left_group;
        }
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
            let standing = self.org.standing.get(id).copied().unwrap_or_default();
            facts.push((
                *id,
                UserFacts {
                    active: user.keys.active,
                    left_mapped: standing.left_mapped,
                    awaiting_activation: standing.awaiting_activation,
                    role_claims: user.keys.role_claims.clone(),
                    rules,
                    grants: self.grants_of(*id),
                    holds: self.holds_of(*id),
                },
            ));
        }
        Ok(facts)
    }

    fn access_of_user(&mut self, user: UserId) -> Stored<Option<AccessOfUser>> {
        let Some(row) = self.user(user)? else {
            return Ok(None);
        };
        let access = self.access(&[user])?.pop();
        Ok(Some(AccessOfUser { row, access }))
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

    fn save_access(&mut self, results: &[AccessWrite]) -> Stored<()> {
        self.may_write()?;
        let access = Arc::make_mut(&mut self.org.access);
        for result in results {
            // The SQL stores write the difference to what they are told.
            if access.get(&result.user) != result.before.as_ref() {
                return Err(broken("the access given as replaced is not the stored one"));
            }
            access.insert(result.user, result.after.clone());
        }
        Ok(())
    }

    fn save_standing(&mut self, standing: &[(UserId, Standing)]) -> Stored<()> {
        self.may_write()?;
        let known = standing
            .iter()
            .filter(|(user, _)| self.org.users.contains_key(user));
        let known: Vec<_> = known.copied().collect();
        Arc::make_mut(&mut self.org.standing).extend(known);
        Ok(())
    }

    fn mark_stale(&mut self, users: &[UserId], left_group: bool) -> Stored<()> {
        self.mark(users.to_vec(), left_group)
    }

    fn mark_members_stale(&mut self, group: GroupId, left_group: bool) -> Stored<()> {
        self.mark(self.member_users(group), left_group)
    }

    fn mark_everyone_stale(&mut self) -> Stored<()> {
        self.mark(self.org.users.keys().copied().collect(), false)
    }

    fn stale_users(&mut self, limit: u64) -> Stored<Vec<UserId>> {
        self.may_write()?;
        Ok(self.marked(limit, |_, _| true))
    }

    fn users_who_left(&mut self, limit: u64) -> Stored<Vec<UserId>> {
        self.may_write()?;
        Ok(self.marked(limit, |_, left| left))
    }

    fn stale_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<UserId>> {
        Ok(self.marked(limit, |user, _| after.is_none_or(|after| user > after)))
    }

    fn clear_stale(&mut self, users: &[UserId]) -> Stored<()> {
        self.may_write()?;
        Arc::make_mut(&mut self.org.stale).retain(|user, _| !users.contains(user));
        Ok(())
    }

    fn anyone_stale(&mut self) -> Stored<bool> {
        Ok(!self.org.stale.is_empty())
    }
}
