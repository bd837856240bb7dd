//! The access answer: a contract that other programs rely on (DESIGN section 5).

use domain::{Catalog, RoleKey, State};
use serde::Serialize;

use super::{AccessReply, person};
use crate::{App, port::org::OrgSettings};

/// Effective access as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct AccessView {
    /// Whose.
    pub user: UserView,
    /// What the user is, apart from roles.
    pub state: &'static str,
    /// The organization role in effect.
    pub role: Option<RoleView>,
    /// The role that a first sign-in will bring into effect.
    pub pending_role: Option<RoleView>,
    /// Whether the user takes a seat.
    pub seat: bool,
    /// Explicit and inherited workspaces.
    pub workspaces: Vec<()>,
    /// Explicit and inherited project roles.
    pub projects: Vec<()>,
}

/// A user in an access answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The user's id.
    pub id: String,
    /// As sent.
    pub user_name: String,
    /// The primary e-mail as sent.
    pub email: Option<String>,
    /// The SCIM attribute.
    pub active: bool,
    /// Who it is across organizations.
    pub person: Option<String>,
}

/// A role by key and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleView {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub name: String,
}

impl AccessView {
    /// The answer for one user.
    pub fn new(app: &App, org: &OrgSettings, reply: &AccessReply) -> AccessView {
        let role = reply
            .access
            .role
            .as_ref()
            .map(|key| role(&org.facts.catalog, key));
        let pending = reply.access.state == State::NotActivated;
        AccessView {
            user: UserView {
                id: reply.subject.id.to_string(),
                user_name: reply.subject.user_name.clone(),
                email: reply.subject.email.clone(),
                active: reply.subject.active,
                person: person(app, reply.subject.email.as_deref()),
            },
            state: reply.access.state.as_str(),
            role: role.clone().filter(|_| !pending),
            pending_role: role.filter(|_| pending),
            seat: reply.access.seat,
            workspaces: Vec::new(),
            projects: Vec::new(),
        }
    }
}

/// A role by key and name.
pub fn role(catalog: &Catalog, key: &RoleKey) -> RoleView {
    let name = catalog.get(key).map_or(key.as_str(), |role| &role.name);
    RoleView {
        key: key.to_string(),
        name: name.to_owned(),
    }
}
