//! The mapping document: which group gives which role, workspace and project role.
//!
//! The same document is what the admin API takes and gives, and what is kept in files. It
//! names roles, workspaces and projects as people write them; [`check_mapping`] turns it
//! into rules, or lists everything that is wrong with it at once.

mod check;
mod fault;

use serde::{Deserialize, Serialize};

pub use check::{Known, RuleSpec, RuleTarget, Rules, check_mapping};
pub use fault::{MappingError, MappingFault, Problem};

use crate::facts::ProjectRole;
use crate::ids::{GroupId, IdError, Slug};

/// Most rules in one document.
pub const MAX_RULES: usize = 10_000;
/// Longest group name, in characters.
pub const MAX_GROUP_NAME: usize = 1024;

/// The whole mapping of an organization. A section that is missing is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Groups that give an organization role.
    #[serde(default)]
    pub organization: Vec<OrganizationEntry>,
    /// Groups that give membership in a workspace.
    #[serde(default)]
    pub workspaces: Vec<WorkspaceEntry>,
    /// Groups that give a role in a project.
    #[serde(default)]
    pub projects: Vec<ProjectEntry>,
}

/// A group that gives an organization role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEntry {
    /// The group's display name.
    pub group: String,
    /// The role's key, or its name in any case.
    pub role: String,
    /// The group, where its name is not the one above any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
}

/// A group that gives membership in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceEntry {
    /// The group's display name.
    pub group: String,
    /// The workspace's slug.
    pub workspace: String,
    /// The group, where its name is not the one above any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
}

/// A group that gives a role in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectEntry {
    /// The group's display name.
    pub group: String,
    /// The project, as `workspace/project`.
    pub project: String,
    /// The role's key, or its name in any case, or `inherit`.
    pub role: String,
    /// The group, where its name is not the one above any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
}

/// A project's place: `workspace/project`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectPath {
    /// The workspace's slug.
    pub workspace: Slug,
    /// The project's slug, unique in the workspace.
    pub project: Slug,
}

impl std::fmt::Display for ProjectPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.workspace, self.project)
    }
}

impl std::str::FromStr for ProjectPath {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (workspace, project) = text.split_once('/').ok_or(IdError::NotSlug)?;
        Ok(Self {
            workspace: workspace.parse()?,
            project: project.parse()?,
        })
    }
}

impl Mapping {
    /// The document that says what these rules say: an export. Rules keep their order in
    /// each section.
    pub fn of_rules(rules: &[RuleSpec]) -> Self {
        let mut mapping = Self::default();
        for RuleSpec {
            group,
            group_id,
            target,
        } in rules
        {
            let (group, group_id) = (group.clone(), *group_id);
            match target {
                RuleTarget::Organization(role) => {
                    let role = role.to_string();
                    mapping.organization.push(OrganizationEntry {
                        group,
                        role,
                        group_id,
                    });
                }
                RuleTarget::Workspace(slug) => {
                    let workspace = slug.to_string();
                    mapping.workspaces.push(WorkspaceEntry {
                        group,
                        workspace,
                        group_id,
                    });
                }
                RuleTarget::Project(path, role) => {
                    let (project, role) = (path.to_string(), ProjectRole::to_string(role));
                    mapping.projects.push(ProjectEntry {
                        group,
                        project,
                        role,
                        group_id,
                    });
                }
            }
        }
        mapping
    }
}

#[cfg(test)]
mod tests;
