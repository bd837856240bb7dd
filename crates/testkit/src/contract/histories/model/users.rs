//! Users and groups, grants and sign-ins.

use std::collections::BTreeSet;

use app::Code;
use app::port::grants::GrantScope;
use domain::{
    Admission, Gives, GrantKind, GroupId, Standing, UserFacts, UserId, admit, check_grant, resolve,
};
use uuid::Uuid;

use super::{Answer, Group, Model, User};

impl Model {
    pub(in super::super) fn create_user(&mut self, id: UserId, mut user: User) -> Answer {
        if self.users.values().any(|other| other.name == user.name) {
            return Err(Code::Taken);
        }
        let facts = UserFacts {
            active: user.active,
            role_claims: user.claims.clone(),
            ..UserFacts::default()
        };
        let waits = self.org.policies.require_activation;
        let seat = self.seat(!waits && resolve(&self.org, &facts).access.seat)?;
        user.standing = Standing::created(&self.org.policies, seat);
        self.users.insert(id, user);
        Ok(())
    }

    /// PUT or PATCH. Whoever comes back takes a seat.
    pub(in super::super) fn change_user(
        &mut self,
        id: UserId,
        change: impl FnOnce(&mut User),
    ) -> Answer {
        let user = self.user(id)?;
        let was = user.active;
        change(user);
        if was || !user.active {
            return Ok(());
        }
        let back = user.standing.restored_by_admin();
        user.standing.left_mapped = false;
        let seat = self.seat(resolve(&self.org, &self.facts(id)).access.seat)?;
        self.user(id)?.standing = back.reactivated(seat);
        Ok(())
    }

    pub(in super::super) fn delete_user(&mut self, id: UserId) -> Answer {
        self.users.remove(&id).ok_or(Code::NotFound)?;
        self.forget(id.0);
        Ok(())
    }

    /// The app reports a sign-in.
    pub(in super::super) fn sign_in(&mut self, id: UserId) -> Answer {
        let before = self.user(id)?.standing;
        if !before.awaiting_activation {
            return Ok(());
        }
        self.user(id)?.standing.awaiting_activation = false;
        let seat = self.seat(resolve(&self.org, &self.facts(id)).access.seat)?;
        self.user(id)?.standing = before.signed_in(seat);
        Ok(())
    }

    /// Whether there is one for a user who would need it.
    fn seat(&self, needed: bool) -> Result<Admission, Code> {
        if !needed {
            return Ok(Admission::Seated);
        }
        let used = self.access.values().filter(|access| access.seat).count();
        let limit = self.seat_limit.map(u64::from);
        match admit(&self.org.policies, limit, used as u64) {
            Admission::Refused => Err(Code::SeatsFull),
            seat => Ok(seat),
        }
    }

    /// A grant of nothing is one in a place that is not there.
    pub(in super::super) fn grant(
        &mut self,
        id: UserId,
        gives: Option<Gives>,
        kind: GrantKind,
    ) -> Answer {
        self.user(id)?;
        let gives = gives.ok_or(Code::InvalidField)?;
        check_grant(&self.org, &gives).map_err(|_| Code::InvalidField)?;
        let user = self.user(id)?;
        if let Gives::Organization(_) = gives {
            user.standing = user.standing.restored_by_admin();
        }
        user.grants.insert(GrantScope::of(&gives), (gives, kind));
        Ok(())
    }

    pub(in super::super) fn ungrant(&mut self, id: UserId, scope: Option<GrantScope>) -> Answer {
        let user = self.user(id)?;
        let scope = scope.ok_or(Code::InvalidField)?;
        user.grants.remove(&scope).map(drop).ok_or(Code::NotFound)
    }

    pub(in super::super) fn create_group(
        &mut self,
        id: GroupId,
        name: &str,
        members: &[Uuid],
    ) -> Answer {
        self.name_is_free(id, name)?;
        let group = Group {
            name: name.to_owned(),
            members: BTreeSet::new(),
        };
        self.groups.insert(id, group);
        self.bind();
        self.change_members(id, |now| now.extend(members))
    }

    pub(in super::super) fn rename_group(&mut self, id: GroupId, name: &str) -> Answer {
        if !self.groups.contains_key(&id) {
            return Err(Code::NotFound);
        }
        self.name_is_free(id, name)?;
        if let Some(group) = self.groups.get_mut(&id) {
            name.clone_into(&mut group.name);
        }
        self.bind();
        Ok(())
    }

    pub(in super::super) fn delete_group(&mut self, id: GroupId) -> Answer {
        self.groups.remove(&id).ok_or(Code::NotFound)?;
        self.forget(id.0);
        for rule in self.rules.iter_mut().filter(|rule| rule.bound == Some(id)) {
            rule.bound = None;
        }
        self.bind();
        Ok(())
    }

    /// Whoever does not exist, and the group itself, is dropped afterwards (D7).
    pub(in super::super) fn change_members(
        &mut self,
        id: GroupId,
        change: impl FnOnce(&mut BTreeSet<Uuid>),
    ) -> Answer {
        let mut members = self.groups.get(&id).ok_or(Code::NotFound)?.members.clone();
        change(&mut members);
        members.retain(|member| {
            let user = self.users.contains_key(&UserId(*member));
            user || (*member != id.0 && self.groups.contains_key(&GroupId(*member)))
        });
        if let Some(group) = self.groups.get_mut(&id) {
            group.members = members;
        }
        Ok(())
    }

    fn name_is_free(&self, id: GroupId, name: &str) -> Answer {
        let same = |other: &Group| other.name.to_lowercase() == name.to_lowercase();
        let taken = self
            .groups
            .iter()
            .any(|(other, group)| *other != id && same(group));
        if taken { Err(Code::Taken) } else { Ok(()) }
    }
}
