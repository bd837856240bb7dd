//! Workspaces and projects of the organization.

use std::sync::Arc;

use domain::{ProjectId, ProjectPath, Slug, WorkspaceId};

use super::{Millis, Stored};

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceRow {
    /// Ours.
    pub id: WorkspaceId,
    /// Name in URLs and rules; unique in the organization.
    pub slug: Slug,
    /// Name for people.
    pub name: String,
    /// When it was made.
    pub created: Millis,
}

/// A project of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRow {
    /// Ours.
    pub id: ProjectId,
    /// Where it lies.
    pub workspace: WorkspaceId,
    /// Name in URLs and rules; unique in the workspace.
    pub slug: Slug,
    /// Name for people.
    pub name: String,
    /// When it was made.
    pub created: Millis,
}

/// Every workspace and project of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Atlas {
    /// By slug.
    pub workspaces: Vec<WorkspaceRow>,
    /// By workspace, then slug.
    pub projects: Vec<ProjectRow>,
}

impl Atlas {
    /// The workspace with this slug.
    pub fn workspace(&self, slug: &str) -> Option<&WorkspaceRow> {
        self.workspaces
            .iter()
            .find(|workspace| workspace.slug.as_str() == slug)
    }

    /// The workspace with this id.
    pub fn workspace_by_id(&self, id: WorkspaceId) -> Option<&WorkspaceRow> {
        self.workspaces.iter().find(|workspace| workspace.id == id)
    }

    /// The project at this place.
    pub fn project(&self, workspace: &str, slug: &str) -> Option<&ProjectRow> {
        let workspace = self.workspace(workspace)?.id;
        let mut projects = self.projects.iter();
        projects.find(|project| project.workspace == workspace && project.slug.as_str() == slug)
    }

    /// The project with this id.
    pub fn project_by_id(&self, id: ProjectId) -> Option<&ProjectRow> {
        self.projects.iter().find(|project| project.id == id)
    }

    /// Where a project lies, as `workspace/project`.
    pub fn path(&self, project: &ProjectRow) -> Option<ProjectPath> {
        let workspace = self.workspace_by_id(project.workspace)?;
        Some(ProjectPath {
            workspace: workspace.slug.clone(),
            project: project.slug.clone(),
        })
    }
}

/// Reading and writing places. Writing needs the exclusive lock, and the caller moves the
/// settings' version, by which the list is remembered.
pub trait Places {
    /// All of them, read under the unit's lock.
    fn places(&mut self) -> Stored<Arc<Atlas>>;

    /// Stores a new workspace, or changes the name of one that is there.
    ///
    /// # Errors
    /// `Conflict(Place)` where another one has the slug.
    fn save_workspace(&mut self, workspace: &WorkspaceRow) -> Stored<()>;

    /// Removes a workspace with its projects, and the grants in any of them.
    fn delete_workspace(&mut self, id: WorkspaceId) -> Stored<()>;

    /// Stores a new project, or changes the name of one that is there.
    ///
    /// # Errors
    /// `Conflict(Place)` where another one of the workspace has the slug.
    fn save_project(&mut self, project: &ProjectRow) -> Stored<()>;

    /// Removes a project and the grants in it.
    fn delete_project(&mut self, id: ProjectId) -> Stored<()>;

    /// Marks every user with a stored explicit row in this workspace or project.
    fn mark_members_of_place_stale(&mut self, place: uuid::Uuid) -> Stored<()>;

    /// Users with a stored explicit row in this place, or whose role sees all workspaces, with an
    /// id greater than `after`, in id order, at most `limit` (1,000 at the most).
    fn users_at_place(
        &mut self,
        place: uuid::Uuid,
        after: Option<domain::UserId>,
        limit: u64,
    ) -> Stored<Vec<domain::UserId>>;
}
