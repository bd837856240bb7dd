//! What was granted by hand, and what is held.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::port::grants::{GrantScope, HoldRow};
use app::port::{Grants, Millis, Stored};
use domain::{Gives, Grant, ProjectRole, RoleKey, UserId};
use uuid::Uuid;

use super::unit::MemoryTx;

/// Where a grant applies; none for the organization itself.
pub(super) fn place_of(scope: GrantScope) -> Option<Uuid> {
    match scope {
        GrantScope::Organization => None,
        GrantScope::Workspace(id) => Some(id.0),
        GrantScope::Project(id) => Some(id.0),
    }
}

fn role(gives: &Gives) -> Option<&RoleKey> {
    match gives {
        Gives::Organization(role) | Gives::Project(_, ProjectRole::Role(role)) => Some(role),
        Gives::Workspace(_) | Gives::Project(_, ProjectRole::Inherit) => None,
    }
}

impl MemoryTx {
    pub(super) fn grants_of(&self, user: UserId) -> Vec<Grant> {
        let grants = self.org.grants.iter();
        grants
            .filter(|((of, _), _)| *of == user)
            .map(|(_, grant)| grant.clone())
            .collect()
    }

    pub(super) fn holds_of(&self, user: UserId) -> Vec<RoleKey> {
        let holds = self.org.holds.keys().filter(|(of, _)| *of == user);
        holds.map(|(_, role)| role.clone()).collect()
    }

    pub(super) fn delete_grants_of(&mut self, user: UserId) {
        Arc::make_mut(&mut self.org.grants).retain(|(of, _), _| *of != user);
        Arc::make_mut(&mut self.org.holds).retain(|(of, _), _| *of != user);
    }

    fn change_holds(
        &mut self,
    ) -> Stored<&mut std::collections::BTreeMap<(UserId, RoleKey), Millis>> {
        self.may_write()?;
        Ok(Arc::make_mut(&mut self.org.holds))
    }
}

impl Grants for MemoryTx {
    fn grants(&mut self, user: UserId) -> Stored<Vec<Grant>> {
        Ok(self.grants_of(user))
    }

    fn put_grant(&mut self, user: UserId, grant: &Grant) -> Stored<()> {
        self.may_write()?;
        let scope = GrantScope::of(&grant.target);
        Arc::make_mut(&mut self.org.grants).insert((user, scope), grant.clone());
        Ok(())
    }

    fn delete_grant(&mut self, user: UserId, scope: GrantScope) -> Stored<bool> {
        self.may_write()?;
        let gone = Arc::make_mut(&mut self.org.grants).remove(&(user, scope));
        Ok(gone.is_some())
    }

    fn granted_roles(&mut self) -> Stored<Vec<RoleKey>> {
        let grants = self.org.grants.values();
        let roles: BTreeSet<RoleKey> = grants
            .filter_map(|grant| role(&grant.target).cloned())
            .collect();
        Ok(roles.into_iter().collect())
    }

    fn users_with_grants(&mut self) -> Stored<u64> {
        let users: BTreeSet<UserId> = self.org.grants.keys().map(|(user, _)| *user).collect();
        Ok(u64::try_from(users.len()).unwrap_or(u64::MAX))
    }

    fn holds(&mut self) -> Stored<Vec<HoldRow>> {
        let holds = self.org.holds.iter();
        Ok(holds
            .map(|((user, role), since)| HoldRow {
                user: *user,
                role: role.clone(),
                since: *since,
            })
            .collect())
    }

    fn place_hold(&mut self, hold: &HoldRow) -> Stored<()> {
        let holds = self.change_holds()?;
        holds
            .entry((hold.user, hold.role.clone()))
            .or_insert(hold.since);
        Ok(())
    }

    fn release_hold(&mut self, user: UserId, role: &RoleKey) -> Stored<()> {
        self.change_holds()?.remove(&(user, role.clone()));
        Ok(())
    }
}
