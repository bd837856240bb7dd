//! Events: what the feed says about committed changes.
//!
//! Access events tell about explicit rows only; who sees all workspaces, and who reaches a
//! project through its workspace, follows from them (see [`crate::expand()`]).

mod access;
mod kind;

use serde::{Deserialize, Serialize};

pub use access::{access_events, removal_events};
pub use kind::EventKind;

use crate::access::{State, WorkspaceVia};
use crate::facts::ProjectRole;
use crate::ids::{GroupId, ProjectId, RoleKey, RuleId, UserId, WorkspaceId};
use crate::words::words;

/// One change, before it has a number and a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: Subject,
    /// How it was; nothing where it did not exist.
    pub before: Option<Detail>,
    /// How it is; nothing where it no longer exists.
    pub after: Option<Detail>,
    /// By what.
    pub cause: Cause,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Subject {
    /// A user.
    User {
        /// Whose id.
        user: UserId,
    },
    /// A user in a workspace.
    WorkspaceMember {
        /// Whose id.
        user: UserId,
        /// The workspace.
        workspace: WorkspaceId,
    },
    /// A user in a project.
    ProjectMember {
        /// Whose id.
        user: UserId,
        /// The project.
        project: ProjectId,
    },
    /// A group.
    Group {
        /// Its id.
        group: GroupId,
    },
    /// A rule.
    Rule {
        /// Its id.
        rule: RuleId,
    },
    /// A role of the catalog.
    Role {
        /// Its key.
        role: RoleKey,
    },
    /// An API key.
    Key {
        /// Its public id.
        key: String,
    },
    /// The organization as a whole.
    Organization,
}

impl Subject {
    /// The id of the user, group, rule or API key it is about, or the key of the role; empty for
    /// the organization.
    pub fn id(&self) -> String {
        match self {
            Self::User { user }
            | Self::WorkspaceMember { user, .. }
            | Self::ProjectMember { user, .. } => user.to_string(),
            Self::Group { group } => group.to_string(),
            Self::Rule { rule } => rule.to_string(),
            Self::Role { role } => role.to_string(),
            Self::Key { key } => key.clone(),
            Self::Organization => String::new(),
        }
    }
}

/// One side of a change; which variant belongs to which kind is in the table of kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Detail {
    /// The organization role.
    Role {
        /// Its key.
        role: RoleKey,
        /// Whether a seat is used.
        seat: bool,
        /// Whether it reaches every workspace.
        sees_all: bool,
    },
    /// The state of a user.
    State {
        /// The state.
        state: State,
        /// Whether a seat is used.
        seat: bool,
    },
    /// Membership in a workspace.
    Membership {
        /// Where it comes from.
        via: WorkspaceVia,
    },
    /// A role in a project, or a role that is held.
    Given {
        /// The role's key, or `inherit`.
        role: ProjectRole,
    },
    /// Names of the attributes that changed, never their values.
    Attributes {
        /// The names.
        attributes: Vec<String>,
    },
    /// A group and its name.
    Group {
        /// Its id.
        group: GroupId,
        /// Its name.
        name: String,
    },
    /// An API key and its end.
    Key {
        /// What people call it.
        name: String,
        /// When it ends, as a time of RFC 3339.
        expires_at: String,
        /// Within how many days that is.
        days: u32,
    },
    /// How many seats are in use.
    Seats {
        /// In use.
        used: u64,
        /// There are.
        limit: u64,
    },
    /// How many users have access.
    Users {
        /// Active ones.
        active: u64,
    },
}

/// What caused a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Of which kind it is.
    pub kind: CauseKind,
    /// The id of the key, or the operator's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

words! {
    /// The kind of a cause.
    pub enum CauseKind {
        /// The identity provider, over SCIM.
        Provisioning = "provisioning",
        /// The admin API.
        Admin = "admin",
        /// A sign-in that the app reported.
        SignIn = "sign_in",
        /// Someone at the command line.
        Operator = "operator",
        /// A worker of ours, finishing what another change began.
        Worker = "worker",
    }
}

#[cfg(test)]
mod tests;
