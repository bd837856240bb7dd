//! What follows a change in the model: resolution, last holders, events.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Access, Cause, CauseKind, Holders, Origin, UserId, access_events, holds_role, keep_last_holder,
    removal_events, resolve,
};
use rolecall_domain as domain;

use super::World;

impl World {
    /// Resolves the users concerned, decides about last holders, and writes events.
    pub(super) fn settle(&mut self, touched: &BTreeSet<UserId>) {
        let mut fresh = self.stored.clone();
        self.resolve_into(&mut fresh, touched.iter().copied());
        for role in self.org.catalog.roles().to_vec() {
            let changed = self.holds_for(&role, &fresh);
            self.resolve_into(&mut fresh, changed.into_iter());
        }
        let changed = self.end_pointless_holds();
        self.resolve_into(&mut fresh, changed.into_iter());
        self.tell(&fresh);
        self.stored = fresh;
    }

    fn resolve_into(
        &self,
        fresh: &mut BTreeMap<UserId, Access>,
        users: impl Iterator<Item = UserId>,
    ) {
        for id in users {
            if self.users.contains_key(&id) {
                fresh.insert(id, resolve(&self.org, &self.facts(id)).access);
            } else {
                fresh.remove(&id);
            }
        }
    }

    /// Places and releases holds of one role; returns whom to resolve again.
    fn holds_for(&mut self, role: &domain::Role, fresh: &BTreeMap<UserId, Access>) -> Vec<UserId> {
        let holds = |access: &Access| holds_role(&self.org.catalog, &role.key, access);
        let without_hold = |id: UserId| {
            let mut facts = self.facts(id);
            facts.holds.retain(|held| *held != role.key);
            holds(&resolve(&self.org, &facts).access)
        };
        let has_hold = |id: &UserId| {
            self.users
                .get(id)
                .is_some_and(|user| user.holds.contains(&role.key))
        };
        let active = |id: &UserId| self.users.get(id).is_some_and(|user| user.active);
        let (mut held, mut ended, mut losing) = (Vec::new(), Vec::new(), Vec::new());
        let mut remaining = 0;
        let mut deactivated = false;
        for (id, access) in fresh {
            if has_hold(id) {
                let needed = active(id) && holds(access) && !without_hold(*id);
                if needed {
                    held.push(*id);
                } else {
                    ended.push(*id);
                }
                remaining += u64::from(!needed && holds(access));
            } else {
                remaining += u64::from(holds(access));
            }
        }
        for (id, before) in &self.stored {
            let lost = holds(before) && !fresh.get(id).is_some_and(holds);
            if lost && active(id) && !has_hold(id) {
                losing.push(*id);
            }
            deactivated |= lost && !active(id);
        }
        let holders = Holders {
            remaining,
            losing: &losing,
            held: &held,
            hold_ended: &ended,
            deactivated,
        };
        let decided =
            keep_last_holder(&self.org.policies, role, holders, Origin::Provisioning).unwrap();
        for id in &decided.place {
            self.users
                .get_mut(id)
                .unwrap()
                .holds
                .insert(role.key.clone());
        }
        for id in &decided.release {
            self.users.get_mut(id).unwrap().holds.remove(&role.key);
        }
        [decided.place, decided.release].concat()
    }

    /// Holds of roles that the catalog no longer has.
    fn end_pointless_holds(&mut self) -> Vec<UserId> {
        let catalog = &self.org.catalog;
        let mut changed = Vec::new();
        for (id, user) in &mut self.users {
            let before = user.holds.len();
            user.holds.retain(|held| catalog.get(held).is_some());
            changed.extend((user.holds.len() != before).then_some(*id));
        }
        changed
    }

    fn tell(&mut self, fresh: &BTreeMap<UserId, Access>) {
        let cause = Cause {
            kind: CauseKind::Provisioning,
            by: None,
            request: None,
        };
        for (id, before) in &self.stored {
            if !fresh.contains_key(id) {
                self.feed.extend(removal_events(*id, before, &cause));
            }
        }
        for (id, after) in fresh {
            let before = self.stored.get(id);
            if before != Some(after) {
                self.feed.extend(access_events(*id, before, after, &cause));
            }
        }
    }
}
