//! The access answer: a contract that other programs rely on (DESIGN section 5).

use domain::{Catalog, Places, Reach, RoleKey, State, expand};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccessReply, Subject, explain::BecauseView, person};
use crate::{
    App,
    port::{org::OrgSettings, places::Atlas},
};

/// Effective access as JSON.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Access)]
pub struct AccessView {
    /// Whose.
    pub user: UserView,
    /// What the user is, apart from roles.
    pub state: &'static str,
    /// The organization role in effect.
    #[schema(required = true)]
    pub role: Option<RoleView>,
    /// The role that a first sign-in will bring into effect.
    #[schema(required = true)]
    pub pending_role: Option<RoleView>,
    /// Whether the user takes a seat.
    pub seat: bool,
    /// Explicit and inherited workspaces.
    pub workspaces: Vec<WorkspaceView>,
    /// Explicit and inherited project roles.
    pub projects: Vec<ProjectView>,
    /// Every candidate with its reason; where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Vec<BecauseView>>,
}

/// A user in an access answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UserOfAccess)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The user's id.
    pub id: String,
    /// As sent.
    pub user_name: String,
    /// The primary e-mail as sent.
    #[schema(required = true)]
    pub email: Option<String>,
    /// The SCIM attribute.
    pub active: bool,
    /// Who it is across organizations.
    #[schema(required = true)]
    pub person: Option<String>,
}

/// A role by key and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub name: String,
}

/// A workspace that a user reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReachedWorkspace)]
pub struct WorkspaceView {
    /// Its slug.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Whether it waits for the first sign-in.
    pub pending: bool,
    /// `rule`, `manual` or `role`.
    pub via: &'static str,
}

/// A project that a user reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReachedProject)]
pub struct ProjectView {
    /// Its place, `workspace/project`.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The role there.
    pub role: RoleView,
    /// Whether the role is the organization role.
    pub inherited: bool,
    /// Whether it waits for the first sign-in.
    pub pending: bool,
}

impl UserView {
    /// The user as answers name them.
    pub fn new(app: &App, subject: &Subject) -> UserView {
        UserView {
            id: subject.id.to_string(),
            user_name: subject.user_name.clone(),
            email: subject.email.clone(),
            active: subject.active,
            person: person(app, subject.email.as_deref()),
        }
    }
}

impl AccessView {
    /// The answer for one user.
    pub fn new(app: &App, org: &OrgSettings, reply: &AccessReply) -> AccessView {
        let catalog = &org.facts.catalog;
        let key = reply.access.role.as_ref().map(|key| role(catalog, key));
        let pending = reply.access.state == State::NotActivated;
        let reach = expand(&reply.access, &org.facts.policies, &places(&reply.places));
        AccessView {
            user: UserView::new(app, &reply.subject),
            state: reply.access.state.as_str(),
            role: key.clone().filter(|_| !pending),
            pending_role: key.filter(|_| pending),
            seat: reply.access.seat,
            workspaces: workspaces(&reply.places, &reach),
            projects: projects(&reply.places, catalog, &reach),
            because: None,
        }
    }
}

fn places(atlas: &Atlas) -> Places {
    Places {
        workspaces: atlas
            .workspaces
            .iter()
            .map(|workspace| workspace.id)
            .collect(),
        projects: atlas
            .projects
            .iter()
            .map(|project| (project.id, project.workspace))
            .collect(),
    }
}

fn workspaces(atlas: &Atlas, reach: &Reach) -> Vec<WorkspaceView> {
    let reached = |workspace: &crate::port::places::WorkspaceRow| {
        let via = reach.workspaces.get(&workspace.id)?;
        Some(WorkspaceView {
            slug: workspace.slug.to_string(),
            name: workspace.name.clone(),
            pending: reach.pending,
            via: via.as_str(),
        })
    };
    atlas.workspaces.iter().filter_map(reached).collect()
}

fn projects(atlas: &Atlas, catalog: &Catalog, reach: &Reach) -> Vec<ProjectView> {
    let reached = |project: &crate::port::places::ProjectRow| {
        let found = reach.projects.get(&project.id)?;
        Some(ProjectView {
            slug: atlas.path(project)?.to_string(),
            name: project.name.clone(),
            role: role(catalog, &found.role),
            inherited: found.inherited,
            pending: reach.pending,
        })
    };
    atlas.projects.iter().filter_map(reached).collect()
}

/// A role by key and name.
pub fn role(catalog: &Catalog, key: &RoleKey) -> RoleView {
    let name = catalog.get(key).map_or(key.as_str(), |role| &role.name);
    RoleView {
        key: key.to_string(),
        name: name.to_owned(),
    }
}
