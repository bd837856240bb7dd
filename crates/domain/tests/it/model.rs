//! The model: facts kept as storage keeps them, access kept as the incremental result.

mod settle;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Access, Admission, Binding, Event, Gives, Grant, GroupId, MatchedRule, OrgFacts, Preset,
    RoleClaim, RoleKey, RuleId, Standing, UserFacts, UserId, all_groups, has_organization_rule,
};
use rolecall_domain as domain;
use uuid::Uuid;

use crate::op::{Op, group, name, user};

#[derive(Debug, Default)]
pub(crate) struct User {
    pub(crate) active: bool,
    pub(crate) standing: Standing,
    claims: Vec<RoleClaim>,
    grants: Vec<Grant>,
    pub(crate) holds: BTreeSet<RoleKey>,
}

#[derive(Debug)]
struct Group {
    name: &'static str,
    members: BTreeSet<UserId>,
    inner: BTreeSet<GroupId>,
}

#[derive(Debug)]
struct Rule {
    id: RuleId,
    name: &'static str,
    binding: Binding,
    gives: Gives,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) org: OrgFacts,
    pub(crate) users: BTreeMap<UserId, User>,
    groups: BTreeMap<GroupId, Group>,
    rules: Vec<Rule>,
    /// What was resolved when something that concerns the user changed, and then only.
    pub(crate) stored: BTreeMap<UserId, Access>,
    pub(crate) feed: Vec<Event>,
    next_rule: u128,
}

/// Why candidates may have come or gone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Groups,
    Rules,
    Neither,
}

impl World {
    pub(crate) fn new(start: u8) -> Self {
        let preset = Preset::ALL[usize::from(start) % Preset::ALL.len()];
        let pick = |bit: u8, on: &'static str, off| if start & bit == 0 { off } else { on };
        let policies = preset.policies().with([
            ("when_unmapped", pick(16, "deactivated", "default_role")),
            ("roles_attribute", pick(32, "on", "off")),
            ("nested_groups", pick(64, "on", "off")),
        ]);
        let org = OrgFacts {
            catalog: preset.catalog(),
            policies: policies.unwrap(),
        };
        let mut world = Self {
            org,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            rules: Vec::new(),
            stored: BTreeMap::new(),
            feed: Vec::new(),
            next_rule: 0,
        };
        if start & 128 != 0 {
            world.seed();
        }
        world
    }

    /// One user who has the highest role that can be mapped through a group.
    fn seed(&mut self) {
        let mut roles = self.org.catalog.roles().iter();
        let highest = roles.find(|role| role.mappable).unwrap().key.clone();
        self.apply(&Op::CreateUser(user(0)));
        self.apply(&Op::CreateGroup(group(0), name(0)));
        self.apply(&Op::AddRule(name(0), Gives::Organization(highest)));
        self.apply(&Op::AddMember(group(0), user(0)));
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        let (touched, by) = self.concerns(op);
        let had = self.mapped(&touched, by == By::Groups);
        self.change(op);
        if by != By::Neither {
            let has = self.mapped(&touched, true);
            for (id, user) in self.users.iter_mut().filter(|(id, _)| touched.contains(id)) {
                let has = has.contains(id);
                user.standing = match by {
                    By::Groups => user.standing.groups_changed(had.contains(id), has),
                    _ => user.standing.rules_changed(has),
                };
            }
        }
        self.settle(&touched);
    }

    /// The users whom a step can concern, and no others.
    fn concerns(&self, op: &Op) -> (BTreeSet<UserId>, By) {
        match op {
            Op::CreateUser(user)
            | Op::RemoveUser(user)
            | Op::SetActive(user, _)
            | Op::SignIn(user)
            | Op::Restore(user)
            | Op::SetClaims(user, _)
            | Op::Grant(user, ..)
            | Op::Ungrant(user) => ([*user].into(), By::Neither),
            Op::AddMember(_, user) | Op::RemoveMember(_, user) => ([*user].into(), By::Groups),
            Op::DeleteGroup(group) => (self.users_by_deletion(*group), By::Groups),
            Op::Nest(group, _) | Op::Unnest(group, _) => (self.users_in(*group), By::Groups),
            Op::CreateGroup(group, _) | Op::RenameGroup(group, _) => {
                (self.users_in(*group), By::Rules)
            }
            Op::AddRule(name, _) => (self.users_of(self.named(name)), By::Rules),
            Op::RemoveRule(n) => {
                let rule = n.checked_rem(self.rules.len()).map(|n| &self.rules[n]);
                (
                    self.users_of(rule.and_then(|rule| rule.binding.0)),
                    By::Rules,
                )
            }
            Op::SetPolicy(..) | Op::SetCatalog(_) => {
                (self.users.keys().copied().collect(), By::Rules)
            }
        }
    }

    fn change(&mut self, op: &Op) {
        match op {
            Op::CreateUser(id) => {
                let standing = Standing::created(&self.org.policies, Admission::Seated);
                let user = User {
                    active: true,
                    standing,
                    ..User::default()
                };
                self.users.entry(*id).or_insert(user);
            }
            Op::RemoveUser(id) => {
                self.users.remove(id);
                for group in self.groups.values_mut() {
                    group.members.remove(id);
                }
            }
            Op::CreateGroup(id, name) => self.create_group(*id, name),
            Op::RenameGroup(id, name) => self.rename_group(*id, name),
            Op::DeleteGroup(id) => self.delete_group(*id),
            Op::AddMember(group, user) if self.users.contains_key(user) => {
                self.group(*group, |group| group.members.insert(*user));
            }
            Op::RemoveMember(group, user) => {
                self.group(*group, |group| group.members.remove(user));
            }
            Op::Nest(inner, outer) if self.groups.contains_key(inner) => {
                self.group(*outer, |group| group.inner.insert(*inner));
            }
            Op::Unnest(inner, outer) => {
                self.group(*outer, |group| group.inner.remove(inner));
            }
            Op::AddRule(name, gives) => {
                let binding = Binding(self.named(name));
                let id = RuleId(Uuid::from_u128(self.next_rule));
                self.next_rule += 1;
                self.rules.push(Rule {
                    id,
                    name,
                    binding,
                    gives: gives.clone(),
                });
            }
            Op::RemoveRule(n) => {
                if let Some(n) = n.checked_rem(self.rules.len()) {
                    self.rules.remove(n);
                }
            }
            Op::SetPolicy(key, word) => {
                self.org.policies = self.org.policies.with([(*key, *word)]).unwrap();
            }
            Op::SetCatalog(catalog) => self.org.catalog.clone_from(catalog),
            op => self.change_user(op),
        }
    }

    fn change_user(&mut self, op: &Op) {
        let (Op::SetActive(id, _)
        | Op::SignIn(id)
        | Op::Restore(id)
        | Op::SetClaims(id, _)
        | Op::Grant(id, ..)
        | Op::Ungrant(id)) = op
        else {
            return;
        };
        let Some(user) = self.users.get_mut(id) else {
            return;
        };
        match op {
            Op::SetActive(_, active) => {
                if *active && !user.active {
                    user.standing = user.standing.reactivated(Admission::Seated);
                }
                user.active = *active;
            }
            Op::SignIn(_) => user.standing = user.standing.signed_in(Admission::Seated),
            Op::Restore(_) => user.standing = user.standing.restored_by_admin(),
            Op::SetClaims(_, claims) => user.claims.clone_from(claims),
            Op::Grant(_, kind, gives) => {
                let by = format!("k{}", user.grants.len());
                user.grants.push(Grant {
                    target: gives.clone(),
                    kind: *kind,
                    by,
                    at_ms: 0,
                });
            }
            _ => drop(user.grants.pop()),
        }
    }

    fn create_group(&mut self, id: GroupId, name: &'static str) {
        if self.groups.contains_key(&id) || self.named(name).is_some() {
            return;
        }
        let group = Group {
            name,
            members: BTreeSet::new(),
            inner: BTreeSet::new(),
        };
        self.groups.insert(id, group);
        self.bind(id, name);
    }

    fn rename_group(&mut self, id: GroupId, name: &'static str) {
        if self.groups.contains_key(&id) && self.named(name).is_none() {
            if let Some(group) = self.groups.get_mut(&id) {
                group.name = name;
            }
            self.bind(id, name);
        }
    }

    fn bind(&mut self, id: GroupId, name: &str) {
        for rule in &mut self.rules {
            rule.binding = rule
                .binding
                .group_named(&self.org.policies, rule.name, id, name)
                .0;
        }
    }

    fn delete_group(&mut self, id: GroupId) {
        self.groups.remove(&id);
        for group in self.groups.values_mut() {
            group.inner.remove(&id);
        }
        let names: BTreeMap<_, _> = self.groups.iter().map(|(id, g)| (g.name, *id)).collect();
        for rule in &mut self.rules {
            rule.binding = rule
                .binding
                .group_deleted(id, names.get(rule.name).copied())
                .0;
        }
    }

    fn group(&mut self, id: GroupId, change: impl FnOnce(&mut Group) -> bool) -> bool {
        self.groups.get_mut(&id).is_some_and(change)
    }

    fn named(&self, name: &str) -> Option<GroupId> {
        self.groups
            .iter()
            .find(|(_, group)| group.name == name)
            .map(|(id, _)| *id)
    }

    fn users_of(&self, group: Option<GroupId>) -> BTreeSet<UserId> {
        group.map(|group| self.users_in(group)).unwrap_or_default()
    }

    /// Those in the group, and those in groups that its rules find when it is gone.
    fn users_by_deletion(&self, group: GroupId) -> BTreeSet<UserId> {
        let rules = self
            .rules
            .iter()
            .filter(|rule| rule.binding.0 == Some(group));
        let heirs = rules.flat_map(|rule| self.users_of(self.named(rule.name)));
        self.users_in(group).into_iter().chain(heirs).collect()
    }

    /// Members at any level, so that a change of the policy on nesting finds them too.
    fn users_in(&self, group: GroupId) -> BTreeSet<UserId> {
        let users = self.users.keys().copied();
        users
            .filter(|user| self.groups_of(*user).contains_key(&group))
            .collect()
    }

    fn groups_of(&self, user: UserId) -> BTreeMap<GroupId, Vec<GroupId>> {
        let own: BTreeSet<GroupId> = self
            .groups
            .iter()
            .filter(|(_, group)| group.members.contains(&user))
            .map(|(id, _)| *id)
            .collect();
        let mut parents: BTreeMap<GroupId, BTreeSet<GroupId>> = BTreeMap::new();
        for (outer, group) in &self.groups {
            for inner in &group.inner {
                parents.entry(*inner).or_default().insert(*outer);
            }
        }
        all_groups(&own, &parents)
    }

    fn matched(&self, user: UserId) -> Vec<MatchedRule> {
        let groups = self.groups_of(user);
        let matched = self.rules.iter().filter_map(|rule| {
            let group = rule.binding.0?;
            let via = groups.get(&group)?.clone();
            Some(MatchedRule {
                rule: rule.id,
                group,
                via,
                gives: rule.gives.clone(),
            })
        });
        matched.collect()
    }

    /// Which of these users have a candidate from an organization rule.
    fn mapped(&self, users: &BTreeSet<UserId>, wanted: bool) -> BTreeSet<UserId> {
        let mapped = |user: &&UserId| has_organization_rule(&self.org, &self.matched(**user));
        users
            .iter()
            .filter(|_| wanted)
            .filter(mapped)
            .copied()
            .collect()
    }

    /// The facts of a user, gathered from scratch.
    pub(crate) fn facts(&self, id: UserId) -> UserFacts {
        let user = &self.users[&id];
        UserFacts {
            active: user.active,
            left_mapped: user.standing.left_mapped,
            awaiting_activation: user.standing.awaiting_activation,
            role_claims: user.claims.clone(),
            rules: self.matched(id),
            grants: user.grants.clone(),
            holds: user.holds.iter().cloned().collect(),
        }
    }
}
