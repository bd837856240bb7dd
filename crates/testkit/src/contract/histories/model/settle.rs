//! What follows a request: who left the last mapped group, who keeps a protected role, and
//! everybody's access.

use std::collections::{BTreeMap, BTreeSet};

use app::Code;
use domain::policy::LastHolder;
use domain::{Access, Holders, Role, RoleKey, UserId, holds_role, keep_last_holder, resolve};

use super::{Answer, By, Model};

impl Model {
    pub(super) fn follow(&mut self, by: By, had: &BTreeSet<UserId>) -> Answer {
        self.turn_standing(by, had);
        let mut fresh = self.resolve_all();
        for role in self.org.catalog.roles().to_vec() {
            if self.decide(by, &role, &fresh)? {
                fresh = self.resolve_all();
            }
        }
        self.access = fresh;
        Ok(())
    }

    fn turn_standing(&mut self, by: By, had: &BTreeSet<UserId>) {
        let has = self.mapped();
        for (id, user) in &mut self.users {
            let (had, has) = (had.contains(id), has.contains(id));
            user.standing = match by {
                By::Groups => user.standing.groups_changed(had, has),
                By::Names | By::Rules => user.standing.rules_changed(has),
                By::Attributes | By::Hand => user.standing,
            };
        }
    }

    fn resolve_all(&self) -> BTreeMap<UserId, Access> {
        let one = |id: &UserId| (*id, resolve(&self.org, &self.facts(*id)).access);
        self.users.keys().map(one).collect()
    }

    /// Places and releases holds of one role; whether there were any.
    fn decide(
        &mut self,
        by: By,
        role: &Role,
        fresh: &BTreeMap<UserId, Access>,
    ) -> Result<bool, Code> {
        let has = |access: &Access| holds_role(&self.org.catalog, &role.key, access);
        let (mut held, mut hold_ended, mut losing) = (Vec::new(), Vec::new(), Vec::new());
        let (mut remaining, mut deactivated) = (0, false);
        for (id, access) in fresh {
            let user = &self.users[id];
            let had = self.access.get(id).is_some_and(has);
            if !user.holds.contains(&role.key) {
                remaining += u64::from(has(access));
                if had && !has(access) && user.active {
                    losing.push(*id);
                }
            } else if user.active && has(access) && !self.has_without_hold(*id, role) {
                held.push(*id);
            } else {
                hold_ended.push(*id);
                remaining += u64::from(has(access));
            }
            deactivated |= had && !has(access) && !user.active;
        }
        for (id, access) in &self.access {
            deactivated |= has(access) && !fresh.contains_key(id);
        }
        let holders = Holders {
            remaining,
            losing: &losing,
            held: &held,
            hold_ended: &hold_ended,
            deactivated,
        };
        let decided = keep_last_holder(&self.org.policies, role, holders, by.origin())
            .map_err(|_| Code::LastHolder)?;
        for id in &decided.place {
            self.user(*id)?.holds.insert(role.key.clone());
        }
        for id in &decided.release {
            self.user(*id)?.holds.remove(&role.key);
        }
        Ok(decided.place.len() + decided.release.len() > 0)
    }

    fn has_without_hold(&self, id: UserId, role: &Role) -> bool {
        let mut facts = self.facts(id);
        facts.holds.retain(|held| *held != role.key);
        holds_role(
            &self.org.catalog,
            &role.key,
            &resolve(&self.org, &facts).access,
        )
    }

    /// Roles that the policy keeps, and that somebody active has by this access, as the catalog
    /// ranks roles now.
    pub(in super::super) fn kept(&self, access: &BTreeMap<UserId, Access>) -> BTreeSet<RoleKey> {
        let hold = self.org.policies.last_holder == LastHolder::Hold;
        let roles = self.org.catalog.roles().iter();
        let had = |role: &&Role| {
            let has = |access: &Access| holds_role(&self.org.catalog, &role.key, access);
            access.values().any(has)
        };
        let kept = roles.filter(|role| hold && role.protected).filter(had);
        kept.map(|role| role.key.clone()).collect()
    }
}
