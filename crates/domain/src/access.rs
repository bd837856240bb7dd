//! Effective access: what a user may do now, as it is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts::ProjectRole;
use crate::ids::{ProjectId, RoleKey, WorkspaceId};
use crate::words::words;

words! {
    /// What a user is, apart from roles.
    pub enum State {
        /// May sign in and uses what is granted.
        Active = "active",
        /// Has not signed in yet; role and rows are there and pending.
        NotActivated = "not_activated",
        /// Has nothing.
        Deactivated = "deactivated",
    }
}

words! {
    /// Where a stored workspace membership comes from; a rule is named before a manual one.
    pub enum WorkspaceVia {
        /// A workspace rule.
        Rule = "rule",
        /// A manual membership.
        Manual = "manual",
    }
}

/// The effective access of one user: exactly what is stored. Explicit rows only; inherited
/// reach is added at reading by [`crate::expand()`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The user's state.
    pub state: State,
    /// The organization role; pending unless the state is active.
    pub role: Option<RoleKey>,
    /// Whether a seat is used: only by active users (LS-36).
    pub seat: bool,
    /// Whether the role reaches every workspace.
    pub sees_all: bool,
    /// Explicit workspace memberships.
    pub workspaces: BTreeMap<WorkspaceId, WorkspaceVia>,
    /// Explicit project roles. `inherit` stands for the organization role, which is then
    /// present.
    pub projects: BTreeMap<ProjectId, ProjectRole>,
}

impl Access {
    /// The access of a deactivated user: none.
    pub const fn nothing() -> Self {
        Self {
            state: State::Deactivated,
            role: None,
            seat: false,
            sees_all: false,
            workspaces: BTreeMap::new(),
            projects: BTreeMap::new(),
        }
    }

    /// Whether role and rows are there but not in effect yet.
    pub fn is_pending(&self) -> bool {
        self.state == State::NotActivated
    }

    /// The role in effect now: none while it is pending.
    pub fn effective_role(&self) -> Option<&RoleKey> {
        if self.is_pending() {
            None
        } else {
            self.role.as_ref()
        }
    }
}
