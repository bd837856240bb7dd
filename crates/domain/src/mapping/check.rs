//! From the document to rules.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{MappingError, MappingFault, Problem};
use super::{MAX_GROUP_NAME, MAX_RULES, Mapping, ProjectPath};
use crate::facts::{OrgFacts, ProjectRole};
use crate::ids::{GroupId, RoleKey, Slug};
use crate::role::Role;
use crate::text::nearest;

/// The places that exist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Workspaces.
    pub workspaces: BTreeSet<Slug>,
    /// Projects.
    pub projects: BTreeSet<ProjectPath>,
}

/// A mapping that was found good.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The rules, in the order of the document: organization, workspaces, projects.
    pub rules: Vec<RuleSpec>,
    /// Workspaces to create first (policy `create_workspaces`, D20).
    pub create_workspaces: BTreeSet<Slug>,
}

/// What one rule says, before it has an id and a binding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleSpec {
    /// The name of the group.
    pub group: String,
    /// The group, where the document says which.
    pub group_id: Option<GroupId>,
    /// What its members get.
    pub target: RuleTarget,
}

/// What a rule gives, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleTarget {
    /// An organization role.
    Organization(RoleKey),
    /// Membership in a workspace.
    Workspace(Slug),
    /// A role in a project.
    Project(ProjectPath, ProjectRole),
}

/// Checks a mapping against the catalog, the policies and the places that exist. Lists all
/// faults at once, each with its field and what would be right.
pub fn check_mapping(
    org: &OrgFacts,
    known: &Known,
    mapping: &Mapping,
) -> Result<Rules, MappingError> {
    let mut check = Check {
        org,
        known,
        faults: Vec::new(),
        seen: BTreeMap::new(),
        rules: Rules::default(),
    };
    check.run(mapping);
    if check.faults.is_empty() {
        Ok(check.rules)
    } else {
        Err(MappingError(check.faults))
    }
}

struct Check<'a> {
    org: &'a OrgFacts,
    known: &'a Known,
    faults: Vec<MappingFault>,
    seen: BTreeMap<RuleSpec, String>,
    rules: Rules,
}

impl Check<'_> {
    fn run(&mut self, mapping: &Mapping) {
        let Mapping {
            organization,
            workspaces,
            projects,
        } = mapping;
        if organization.len() + workspaces.len() + projects.len() > MAX_RULES {
            self.fault("mapping", Problem::TooManyRules);
            return;
        }
        for (index, entry) in organization.iter().enumerate() {
            let at = format!("organization[{index}]");
            let role = self.organization_role(&at, &entry.role);
            self.add(
                at,
                &entry.group,
                entry.group_id,
                role.map(RuleTarget::Organization),
            );
        }
        for (index, entry) in workspaces.iter().enumerate() {
            let at = format!("workspaces[{index}]");
            let workspace = self.workspace(&at, &entry.workspace);
            self.add(
                at,
                &entry.group,
                entry.group_id,
                workspace.map(RuleTarget::Workspace),
            );
        }
        for (index, entry) in projects.iter().enumerate() {
            let at = format!("projects[{index}]");
            let (path, role) = (
                self.project(&at, &entry.project),
                self.project_role(&at, &entry.role),
            );
            let target = path
                .zip(role)
                .map(|(path, role)| RuleTarget::Project(path, role));
            self.add(at, &entry.group, entry.group_id, target);
        }
    }

    fn fault(&mut self, at: impl Into<String>, problem: Problem) {
        self.faults.push(MappingFault {
            at: at.into(),
            problem,
        });
    }

    fn add(
        &mut self,
        at: String,
        group: &str,
        group_id: Option<GroupId>,
        target: Option<RuleTarget>,
    ) {
        if group.is_empty() || group.chars().count() > MAX_GROUP_NAME {
            self.fault(format!("{at}.group"), Problem::BadGroup);
            return;
        }
        let Some(target) = target else { return };
        let rule = RuleSpec {
            group: group.to_owned(),
            group_id,
            target,
        };
        if let Some(earlier) = self.seen.get(&rule).cloned() {
            self.fault(at, Problem::Duplicate { earlier });
            return;
        }
        self.seen.insert(rule.clone(), at);
        self.rules.rules.push(rule);
    }

    fn organization_role(&mut self, at: &str, word: &str) -> Option<RoleKey> {
        self.role(at, word, |role| role.mappable, &[])
    }

    fn project_role(&mut self, at: &str, word: &str) -> Option<ProjectRole> {
        if word == "inherit" {
            return Some(ProjectRole::Inherit);
        }
        let fits = |role: &Role| role.mappable && role.project_assignable;
        self.role(at, word, fits, &["inherit"])
            .map(ProjectRole::Role)
    }

    /// A role that fits here, by key or name; `others` are words that would be right too.
    fn role(
        &mut self,
        at: &str,
        word: &str,
        fits: fn(&Role) -> bool,
        others: &[&str],
    ) -> Option<RoleKey> {
        let roles = self.org.catalog.roles();
        let fitting = roles
            .iter()
            .filter(|role| fits(role))
            .map(|role| role.key.as_str());
        let known: Vec<&str> = fitting.chain(others.iter().copied()).collect();
        let list = known.join(", ");
        let problem = match self.org.catalog.by_claim(word, None) {
            Some(role) if fits(role) => return Some(role.key.clone()),
            Some(role) if !role.mappable => Problem::NotMappable {
                role: role.key.clone(),
                known: list,
            },
            Some(role) => Problem::NotAssignableInProjects {
                role: role.key.clone(),
                known: list,
            },
            None => {
                let nearest = nearest(word, known.iter().copied()).map(str::to_owned);
                Problem::UnknownRole {
                    nearest,
                    known: list,
                }
            }
        };
        self.fault(format!("{at}.role"), problem);
        None
    }

    fn workspace(&mut self, at: &str, text: &str) -> Option<Slug> {
        let at = format!("{at}.workspace");
        let Ok(slug) = Slug::new(text) else {
            self.fault(at, Problem::BadWorkspace);
            return None;
        };
        if self.known.workspaces.contains(&slug) {
            return Some(slug);
        }
        if self.org.policies.create_workspaces {
            self.rules.create_workspaces.insert(slug.clone());
            return Some(slug);
        }
        let nearest = nearest(text, self.known.workspaces.iter().map(Slug::as_str));
        let nearest = nearest.map(str::to_owned);
        self.fault(at, Problem::UnknownWorkspace { nearest });
        None
    }

    fn project(&mut self, at: &str, text: &str) -> Option<ProjectPath> {
        let at = format!("{at}.project");
        let Ok(path) = text.parse::<ProjectPath>() else {
            self.fault(at, Problem::BadProject);
            return None;
        };
        if self.known.projects.contains(&path) {
            return Some(path);
        }
        let known: Vec<String> = self
            .known
            .projects
            .iter()
            .map(ToString::to_string)
            .collect();
        let nearest = nearest(text, known.iter().map(String::as_str)).map(str::to_owned);
        self.fault(at, Problem::UnknownProject { nearest });
        None
    }
}
