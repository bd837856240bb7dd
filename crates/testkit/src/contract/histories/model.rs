//! The organization as plain sets, and everybody's facts from scratch. Knows no store, no stale
//! mark and no increment.

use std::collections::{BTreeMap, BTreeSet};

use app::Code;
use domain::{
    Access, Catalog, Gives, GroupId, MatchedRule, OrgFacts, RoleClaim, RoleKey, RuleId, UserFacts,
    UserId, resolve,
};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) active: bool,
    pub(super) claims: Vec<RoleClaim>,
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) members: BTreeSet<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) bound: Option<GroupId>,
}

/// What an entry of a mapping document says.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) group: Option<GroupId>,
}

#[derive(Clone)]
pub(super) struct Model {
    pub(super) org: OrgFacts,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) rules: Vec<Rule>,
}

type Answer = Result<(), Code>;

impl Model {
    pub(super) fn new(org: OrgFacts) -> Model {
        Model {
            org,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            rules: Vec::new(),
        }
    }

    pub(super) fn create_user(&mut self, id: UserId, user: User) -> Answer {
        if self.users.values().any(|other| other.name == user.name) {
            return Err(Code::Taken);
        }
        self.users.insert(id, user);
        Ok(())
    }

    pub(super) fn change_user(&mut self, id: UserId, change: impl FnOnce(&mut User)) -> Answer {
        self.users.get_mut(&id).map(change).ok_or(Code::NotFound)
    }

    pub(super) fn delete_user(&mut self, id: UserId) -> Answer {
        self.users.remove(&id).ok_or(Code::NotFound)?;
        self.forget(id.0);
        Ok(())
    }

    pub(super) fn create_group(&mut self, id: GroupId, name: &str, members: &[Uuid]) -> Answer {
        self.name_is_free(id, name)?;
        let group = Group {
            name: name.to_owned(),
            members: BTreeSet::new(),
        };
        self.groups.insert(id, group);
        self.bind();
        self.change_members(id, |now| now.extend(members))
    }

    pub(super) fn rename_group(&mut self, id: GroupId, name: &str) -> Answer {
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

    pub(super) fn delete_group(&mut self, id: GroupId) -> Answer {
        self.groups.remove(&id).ok_or(Code::NotFound)?;
        self.forget(id.0);
        for rule in self.rules.iter_mut().filter(|rule| rule.bound == Some(id)) {
            rule.bound = None;
        }
        self.bind();
        Ok(())
    }

    /// Whoever does not exist, and the group itself, is dropped afterwards (D7).
    pub(super) fn change_members(
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

    /// An entry that says which group it means takes the rule that is bound to it; the others take
    /// what is left of the same name and role, in document order.
    pub(super) fn map(&mut self, wanted: &[Wanted]) -> Answer {
        for (place, entry) in wanted.iter().enumerate() {
            let mappable = self.mappable(&entry.role);
            let known = entry.group.is_none_or(|id| self.groups.contains_key(&id));
            let same = |other: &Wanted| {
                (&other.name, &other.role, other.group) == (&entry.name, &entry.role, entry.group)
            };
            if !mappable || !known || wanted[..place].iter().any(same) {
                return Err(Code::InvalidField);
            }
        }
        let mut old = std::mem::take(&mut self.rules);
        let mut take = |entry: &Wanted, bound: &dyn Fn(Option<GroupId>) -> bool| {
            let same = |rule: &Rule| rule.name == entry.name && rule.role == entry.role;
            let place = old.iter().position(|rule| same(rule) && bound(rule.bound));
            place.map(|place| old.remove(place))
        };
        let exact: Vec<Option<Rule>> = wanted
            .iter()
            .map(|entry| {
                entry
                    .group
                    .and_then(|id| take(entry, &|bound| bound == Some(id)))
            })
            .collect();
        for (entry, exact) in wanted.iter().zip(exact) {
            let kept = exact.or_else(|| match entry.group {
                None => take(entry, &|_| true),
                Some(_) => None,
            });
            self.rules.push(kept.unwrap_or_else(|| Rule {
                name: entry.name.clone(),
                role: entry.role.clone(),
                bound: entry.group,
            }));
        }
        self.bind();
        Ok(())
    }

    pub(super) fn set_default(&mut self, role: &str) -> Answer {
        if role != "none" && !self.mappable(role) {
            return Err(Code::InvalidField);
        }
        self.org.policies.default_role = (role != "none").then(|| key(role));
        Ok(())
    }

    pub(super) fn set_catalog(&mut self, catalog: Catalog) -> Answer {
        let mut after = self.clone();
        after.org.catalog = catalog;
        let default = self.org.policies.default_role.iter();
        let default = default.map(RoleKey::as_str);
        let mut used = self
            .rules
            .iter()
            .map(|rule| rule.role.as_str())
            .chain(default);
        if used.any(|role| !after.mappable(role)) {
            return Err(Code::InUse);
        }
        self.org = after.org;
        Ok(())
    }

    /// What a user's groups and rules give, by group and role.
    pub(super) fn gives(&self, id: UserId) -> BTreeSet<(GroupId, String)> {
        let bound = self.rules.iter().filter_map(|rule| {
            let group = rule.bound?;
            let member = self.groups.get(&group)?.members.contains(&id.0);
            member.then(|| (group, rule.role.clone()))
        });
        bound.collect()
    }

    /// Everybody's access, from nothing but what is above.
    pub(super) fn access(&self) -> BTreeMap<UserId, Access> {
        let one = |(id, user): (&UserId, &User)| {
            let rules = self
                .gives(*id)
                .into_iter()
                .map(|(group, role)| MatchedRule {
                    rule: RuleId(Uuid::nil()),
                    group,
                    via: Vec::new(),
                    gives: Gives::Organization(key(&role)),
                });
            let facts = UserFacts {
                active: user.active,
                role_claims: user.claims.clone(),
                rules: rules.collect(),
                ..UserFacts::default()
            };
            (*id, resolve(&self.org, &facts).access)
        };
        self.users.iter().map(one).collect()
    }

    fn name_is_free(&self, id: GroupId, name: &str) -> Answer {
        let same = |other: &Group| other.name.to_lowercase() == name.to_lowercase();
        let taken = self
            .groups
            .iter()
            .any(|(other, group)| *other != id && same(group));
        if taken { Err(Code::Taken) } else { Ok(()) }
    }

    /// Rules that wait find the group of their name.
    fn bind(&mut self) {
        for rule in self.rules.iter_mut().filter(|rule| rule.bound.is_none()) {
            let named = self
                .groups
                .iter()
                .find(|(_, group)| group.name == rule.name);
            rule.bound = named.map(|(id, _)| *id);
        }
    }

    fn forget(&mut self, id: Uuid) {
        for group in self.groups.values_mut() {
            group.members.remove(&id);
        }
    }

    fn mappable(&self, role: &str) -> bool {
        let found = self.org.catalog.get(&key(role));
        found.is_some_and(|role| role.mappable)
    }
}

pub(super) fn key(role: &str) -> RoleKey {
    RoleKey::new(role).expect("roles of histories are well formed")
}
