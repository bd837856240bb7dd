//! What an administrator does with workspaces and projects.

mod members;
mod remove;
mod save;

pub(crate) use members::candidates;
pub use members::{MemberPage, members};
pub use remove::{RemovePlace, remove};
pub use save::{PutPlace, put};

use domain::{OrgFacts, Places, ProjectPath, Slug, expand};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Error, Result, access::AccessReply, port::places::Atlas, version};

/// A workspace or a project, by the names it has in URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A workspace.
    Workspace(Slug),
    /// A project.
    Project(ProjectPath),
}

impl Place {
    /// Its id.
    pub(crate) fn find(&self, atlas: &Atlas) -> Result<Uuid> {
        let found = match self {
            Place::Workspace(slug) => atlas.workspace(slug.as_str()).map(|row| row.id.0),
            Place::Project(path) => atlas
                .project(path.workspace.as_str(), path.project.as_str())
                .map(|row| row.id.0),
        };
        found.ok_or_else(|| Error::not_found(self.kind()))
    }

    /// Refuses a place that is not there, before anything is said about what is in it.
    ///
    /// # Errors
    /// Not found.
    pub fn is_there(&self, atlas: &Atlas) -> Result<()> {
        self.find(atlas).map(|_| ())
    }

    /// The place as the only one there is, so that nothing else is expanded; none where it is not
    /// there.
    pub fn alone(&self, atlas: &Atlas) -> Option<Places> {
        Some(match self {
            Place::Workspace(slug) => Places {
                workspaces: vec![atlas.workspace(slug.as_str())?.id],
                projects: Vec::new(),
            },
            Place::Project(path) => {
                let row = atlas.project(path.workspace.as_str(), path.project.as_str())?;
                Places {
                    workspaces: vec![row.workspace],
                    projects: vec![(row.id, row.workspace)],
                }
            }
        })
    }

    /// Whether the access reaches it, in effect or pending.
    pub fn is_reached(&self, org: &OrgFacts, reply: &AccessReply) -> bool {
        let Some(here) = self.alone(&reply.places) else {
            return false;
        };
        let reach = expand(&reply.access, &org.policies, &here);
        match self {
            Place::Workspace(_) => !reach.workspaces.is_empty(),
            Place::Project(_) => !reach.projects.is_empty(),
        }
    }

    /// Its entity tag, made of what an administrator may change.
    ///
    /// # Errors
    /// Not found.
    pub fn tag(&self, atlas: &Atlas) -> Result<String> {
        let id = self.find(atlas)?;
        let name = match self {
            Place::Workspace(slug) => atlas.workspace(slug.as_str()).map(|row| &row.name),
            Place::Project(path) => atlas
                .project(path.workspace.as_str(), path.project.as_str())
                .map(|row| &row.name),
        };
        let name = name.map_or("", String::as_str);
        Ok(version::of_content(&[&id.to_string(), name]))
    }

    /// Refuses a change of a place that is not as its caller saw it.
    ///
    /// # Errors
    /// Not found, 412.
    pub fn must_be(&self, atlas: &Atlas, seen: Option<&str>) -> Result<()> {
        version::same_content(seen, &self.tag(atlas)?)
    }

    /// How it is told in the audit: the slug, or both slugs of a project.
    pub(crate) fn path(&self) -> String {
        match self {
            Place::Workspace(slug) => slug.to_string(),
            Place::Project(path) => path.to_string(),
        }
    }

    /// A side of its row of the audit; null where it is not there.
    pub(crate) fn told(&self, atlas: &Atlas) -> Value {
        let name = match self {
            Place::Workspace(slug) => atlas.workspace(slug.as_str()).map(|row| &row.name),
            Place::Project(path) => atlas
                .project(path.workspace.as_str(), path.project.as_str())
                .map(|row| &row.name),
        };
        name.map_or(
            Value::Null,
            |name| json!({ "kind": self.kind(), "name": name }),
        )
    }

    /// What it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Place::Workspace(_) => "workspace",
            Place::Project(_) => "project",
        }
    }
}
