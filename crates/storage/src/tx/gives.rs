//! What a rule or a grant gives, as the three columns `kind`, `place` and `role`.
//!
//! | gives | kind | place | role |
//! | --- | --- | --- | --- |
//! | a role in the organization | `organization` | no bytes | the key |
//! | a workspace | `workspace` | its id | NULL |
//! | a role in a project | `project` | its id | the key, or `inherit` |

use app::port::grants::GrantScope;
use domain::{Gives, ProjectId, RoleKey, WorkspaceId};
use uuid::Uuid;

use super::row;

const ORGANIZATION: &str = "organization";
const WORKSPACE: &str = "workspace";
const PROJECT: &str = "project";

/// The columns of what is given.
pub(super) struct Columns<'a> {
    pub(super) kind: &'static str,
    place: Option<Uuid>,
    pub(super) role: Option<&'a str>,
}

impl Columns<'_> {
    /// The place's bytes.
    pub(super) fn place(&self) -> &[u8] {
        bytes(self.place.as_ref())
    }

    /// The place in hexadecimal.
    pub(super) fn place_text(&self) -> String {
        self.place.map(crate::sql::json::id).unwrap_or_default()
    }
}

/// No bytes for the organization itself.
fn bytes(place: Option<&Uuid>) -> &[u8] {
    place.map_or(&[], |place| place.as_bytes())
}

/// To columns.
pub(super) fn columns(gives: &Gives) -> Columns<'_> {
    let (kind, place, role) = match gives {
        Gives::Organization(role) => (ORGANIZATION, None, Some(role.as_str())),
        Gives::Workspace(id) => (WORKSPACE, Some(id.0), None),
        Gives::Project(id, role) => (PROJECT, Some(id.0), Some(role.as_str())),
    };
    Columns { kind, place, role }
}

/// From columns.
pub(super) fn read(kind: &str, place: &[u8], role: Option<String>) -> Option<Gives> {
    match (kind, role) {
        (ORGANIZATION, Some(role)) => Some(Gives::Organization(RoleKey::new(role).ok()?)),
        (WORKSPACE, None) => Some(Gives::Workspace(WorkspaceId(row::uuid(place)?))),
        (PROJECT, Some(role)) => {
            let role = role.parse().ok()?;
            Some(Gives::Project(ProjectId(row::uuid(place)?), role))
        }
        _ => None,
    }
}

/// The place's bytes of a scope.
pub(super) fn place_of(scope: &GrantScope) -> &[u8] {
    match scope {
        GrantScope::Organization => bytes(None),
        GrantScope::Workspace(id) => bytes(Some(&id.0)),
        GrantScope::Project(id) => bytes(Some(&id.0)),
    }
}
