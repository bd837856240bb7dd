//! Mapping, catalog, policies.

use std::collections::BTreeSet;

use app::Code;
use domain::{Catalog, Gives, GroupId, ProjectRole, Role, RoleKey, WorkspaceId};
use uuid::Uuid;

use super::{Answer, Model, Rule, Workspace, key};

/// What an entry of a mapping document gives, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Target {
    Organization(String),
    Workspace(String),
    /// Workspace, project, and role or `inherit`.
    Project(String, String, String),
}

/// An entry of a mapping document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Wanted {
    pub(in super::super) name: String,
    pub(in super::super) target: Target,
    pub(in super::super) group: Option<GroupId>,
}

impl Model {
    /// Entries in the order of a document: organization, workspaces, projects. The first ids are
    /// those of workspaces that have to be made, by slug.
    ///
    /// An entry that says which group it means takes the rule that is bound to it; the others take
    /// what is left of the same name and target, in document order.
    pub(in super::super) fn map(&mut self, wanted: &[Wanted], ids: &[Uuid]) -> Answer {
        for (place, entry) in wanted.iter().enumerate() {
            let known = entry.group.is_none_or(|id| self.groups.contains_key(&id));
            if !self.fits(&entry.target) || !known || wanted[..place].contains(entry) {
                return Err(Code::InvalidField);
            }
        }
        self.make_missing(wanted, ids);
        let rules: Vec<Rule> = wanted
            .iter()
            .filter_map(|entry| {
                Some(Rule {
                    name: entry.name.clone(),
                    gives: self.gives_of(&entry.target)?,
                    bound: entry.group,
                })
            })
            .collect();
        let mut old = std::mem::take(&mut self.rules);
        let mut take = |rule: &Rule| {
            let same = |other: &Rule| {
                let bound = rule.bound.is_none() || rule.bound == other.bound;
                other.name == rule.name && other.gives == rule.gives && bound
            };
            old.iter().position(same).map(|place| old.remove(place))
        };
        let exact: Vec<Option<Rule>> = rules
            .iter()
            .map(|rule| rule.bound.and_then(|_| take(rule)))
            .collect();
        for (rule, exact) in rules.into_iter().zip(exact) {
            let kept = exact.or_else(|| rule.bound.is_none().then(|| take(&rule)).flatten());
            self.rules.push(kept.unwrap_or(rule));
        }
        self.bind();
        Ok(())
    }

    fn fits(&self, target: &Target) -> bool {
        match target {
            Target::Organization(role) => self.mappable(&key(role)),
            Target::Workspace(slug) => {
                self.org.policies.create_workspaces || self.places.contains_key(slug)
            }
            Target::Project(workspace, project, role) => {
                let there = self
                    .places
                    .get(workspace)
                    .is_some_and(|place| place.projects.contains_key(project));
                let assignable = |role: &Role| role.mappable && role.project_assignable;
                let own = |role| self.org.catalog.get(&key(role)).is_some_and(assignable);
                there && (role == "inherit" || own(role))
            }
        }
    }

    fn make_missing(&mut self, wanted: &[Wanted], ids: &[Uuid]) {
        let named: BTreeSet<String> = wanted
            .iter()
            .filter_map(|entry| match &entry.target {
                Target::Workspace(slug) => Some(slug.clone()),
                _ => None,
            })
            .collect();
        let missing = named
            .into_iter()
            .filter(|slug| !self.places.contains_key(slug));
        let missing: Vec<String> = missing.collect();
        for (slug, id) in missing.into_iter().zip(ids) {
            let made = Workspace {
                id: WorkspaceId(*id),
                projects: std::collections::BTreeMap::new(),
            };
            self.places.insert(slug, made);
        }
    }

    /// Nothing where there is no such place.
    pub(in super::super) fn gives_of(&self, target: &Target) -> Option<Gives> {
        Some(match target {
            Target::Organization(role) => Gives::Organization(key(role)),
            Target::Workspace(slug) => Gives::Workspace(self.places.get(slug)?.id),
            Target::Project(workspace, project, role) => {
                let project = *self.places.get(workspace)?.projects.get(project)?;
                let role = match role.as_str() {
                    "inherit" => ProjectRole::Inherit,
                    role => ProjectRole::Role(key(role)),
                };
                Gives::Project(project, role)
            }
        })
    }

    pub(in super::super) fn set_policy(&mut self, name: &str, word: &str) -> Answer {
        let policies = self.org.policies.with([(name, word)]);
        let policies = policies.map_err(|_| Code::InvalidField)?;
        policies
            .check_against(&self.org.catalog)
            .map_err(|_| Code::InvalidField)?;
        self.org.policies = policies;
        Ok(())
    }

    /// What a rule or the default names has to stay and to be mappable; what a grant names has to
    /// stay. Holds of roles that go end.
    pub(in super::super) fn set_catalog(&mut self, catalog: Catalog) -> Answer {
        let ruled = self.rules.iter().filter_map(|rule| role_of(&rule.gives));
        let mut ruled = ruled.chain(self.org.policies.default_role.as_ref());
        let granted = self.users.values().flat_map(|user| user.grants.values());
        let mut granted = granted.filter_map(|(gives, _)| role_of(gives));
        let mappable = |role: &RoleKey| catalog.get(role).is_some_and(|role| role.mappable);
        if ruled.any(|role| !mappable(role)) || granted.any(|role| catalog.get(role).is_none()) {
            return Err(Code::InUse);
        }
        for user in self.users.values_mut() {
            user.holds.retain(|held| catalog.get(held).is_some());
        }
        self.org.catalog = catalog;
        Ok(())
    }

    /// Rules that wait find the group of their name.
    pub(super) fn bind(&mut self) {
        for rule in self.rules.iter_mut().filter(|rule| rule.bound.is_none()) {
            let named = self
                .groups
                .iter()
                .find(|(_, group)| group.name == rule.name);
            rule.bound = named.map(|(id, _)| *id);
        }
    }

    fn mappable(&self, role: &RoleKey) -> bool {
        self.org.catalog.get(role).is_some_and(|role| role.mappable)
    }
}

fn role_of(gives: &Gives) -> Option<&RoleKey> {
    match gives {
        Gives::Organization(role) | Gives::Project(_, ProjectRole::Role(role)) => Some(role),
        Gives::Workspace(_) | Gives::Project(_, ProjectRole::Inherit) => None,
    }
}
