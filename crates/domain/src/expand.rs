//! The reach that access has without a row: every workspace for a role that sees all, and
//! the projects of one's workspaces. Computed when access is read, never stored.

use std::collections::BTreeMap;

use crate::access::{Access, State, WorkspaceVia};
use crate::facts::ProjectRole;
use crate::ids::{ProjectId, RoleKey, WorkspaceId};
use crate::policy::Policies;
use crate::words::words;

/// What there is to reach in an organization. Rows of an access that name anything else are
/// left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Its workspaces.
    pub workspaces: Vec<WorkspaceId>,
    /// Its projects, each with its workspace.
    pub projects: Vec<(ProjectId, WorkspaceId)>,
}

/// What a reader sees of an access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Whether none of it is in effect before the first sign-in.
    pub pending: bool,
    /// Workspaces, and where the membership comes from.
    pub workspaces: BTreeMap<WorkspaceId, Via>,
    /// Projects, and the role there.
    pub projects: BTreeMap<ProjectId, ProjectReach>,
}

words! {
    /// Where a workspace comes from.
    pub enum Via {
        /// A workspace rule.
        Rule = "rule",
        /// A manual membership.
        Manual = "manual",
        /// A role that sees all workspaces.
        Role = "role",
    }
}

impl From<WorkspaceVia> for Via {
    fn from(via: WorkspaceVia) -> Self {
        match via {
            WorkspaceVia::Rule => Self::Rule,
            WorkspaceVia::Manual => Self::Manual,
        }
    }
}

/// The role that a user has in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectReach {
    /// The role.
    pub role: RoleKey,
    /// Whether it is the organization role: by `inherit`, or through the workspace.
    pub inherited: bool,
    /// Whether there is a row for this project.
    pub explicit: bool,
}

/// Expands what is stored to what a reader sees. A deactivated user sees nothing.
///
/// A project without a row is reached with the organization role by members of its
/// workspace, and by those who see all workspaces, where the policy `projects_by_workspace`
/// says so (LS-24). Rows already take a role that sees all into account.
pub fn expand(access: &Access, policies: &Policies, places: &Places) -> Reach {
    let mut reach = Reach {
        pending: access.is_pending(),
        workspaces: BTreeMap::new(),
        projects: BTreeMap::new(),
    };
    if access.state == State::Deactivated {
        return reach;
    }
    for workspace in &places.workspaces {
        reach
            .workspaces
            .extend(via(access, workspace).map(|via| (*workspace, via)));
    }
    for (project, workspace) in &places.projects {
        let through = policies.projects_by_workspace && reach.workspaces.contains_key(workspace);
        reach
            .projects
            .extend(role_in(access, project, through).map(|role| (*project, role)));
    }
    reach
}

fn via(access: &Access, workspace: &WorkspaceId) -> Option<Via> {
    let row = access.workspaces.get(workspace).copied().map(Via::from);
    row.or(access.sees_all.then_some(Via::Role))
}

fn role_in(access: &Access, project: &ProjectId, through: bool) -> Option<ProjectReach> {
    let inherited = |explicit| {
        let role = access.role.clone()?;
        Some(ProjectReach {
            role,
            inherited: true,
            explicit,
        })
    };
    match access.projects.get(project) {
        Some(ProjectRole::Role(key)) => Some(ProjectReach {
            role: key.clone(),
            inherited: false,
            explicit: true,
        }),
        Some(ProjectRole::Inherit) => inherited(true),
        None if through => inherited(false),
        None => None,
    }
}

#[cfg(test)]
mod tests;
