//! Granting and taking back.

use domain::{
    Action, Gives, Grant, GrantError, GrantKind, ProjectRole, RoleKey, UserId, check_grant,
};

use serde_json::Value;

use super::read::list;
use crate::{
    Error, Result,
    access::{Happened, Unit, settle},
    audit,
    change::Change,
    port::{Tx, grants::GrantScope, places::Atlas},
};

/// A grant to be there in place of the one in its scope.
#[derive(Clone, Debug)]
pub struct PutGrant {
    /// Whose.
    pub user: UserId,
    /// Where: none for the organization, `workspace`, or `workspace/project`.
    pub scope: Option<String>,
    /// The role's key, or `inherit` in a project; none for membership in a workspace.
    pub role: Option<String>,
    /// How strong.
    pub kind: GrantKind,
    /// When, and through whom.
    pub change: Change,
}

/// Grants by hand.
///
/// # Errors
/// Not found; the policy denies it; the role or place is not one; nobody else would have a
/// protected role.
pub fn put(tx: &mut dyn Tx, command: &PutGrant) -> Result<()> {
    let row = tx
        .user_for_update(command.user)?
        .ok_or_else(|| Error::not_found("user"))?;
    let org = tx.settings()?;
    let atlas = tx.places()?;
    let target = target(&atlas, command.scope.as_deref(), command.role.as_deref())?;
    check_grant(&org.facts, &target).map_err(|error| refused(&error))?;
    let by = command
        .change
        .cause
        .by
        .clone()
        .unwrap_or_else(|| "operator".to_owned());
    let grant = Grant {
        target,
        kind: command.kind,
        by,
        at_ms: command.change.at,
    };
    let before = told(tx, row.id, command.scope.as_deref())?;
    tx.put_grant(row.id, &grant)?;
    let unit = Unit::administered(&org, &command.change, "grant");
    // Whoever gives a role to somebody who left the last mapped group takes them back in.
    let happened = match grant.target {
        Gives::Organization(_) => Happened::Restored,
        _ => Happened::Attributes,
    };
    settle(tx, unit, &[row.id], happened)?;
    let entry = audit::Entry {
        action: Action::GrantPut,
        subject: row.id.to_string(),
        before,
        after: told(tx, row.id, command.scope.as_deref())?,
    };
    audit::record(tx, &command.change, entry)
}

/// A grant as the audit tells it; null where there is none in that scope.
fn told(tx: &mut dyn Tx, user: UserId, scope: Option<&str>) -> Result<Value> {
    let grants = list(tx, user)?;
    let found = grants.iter().find(|grant| grant.scope.as_deref() == scope);
    Ok(found.map_or(Value::Null, audit::value))
}

/// The domain's faults begin with their field, but for a policy's denial.
fn refused(error: &GrantError) -> Error {
    let text = error.to_string();
    match (error, text.split_once(": ")) {
        (GrantError::Denied { policy }, _) => Error::field(format!("policies.{policy}"), text),
        (_, Some((field, detail))) => Error::field(field, detail),
        (_, None) => Error::field("role", text),
    }
}

/// A grant to be taken back.
#[derive(Clone, Debug)]
pub struct DeleteGrant {
    /// Whose.
    pub user: UserId,
    /// Where, as in [`PutGrant::scope`].
    pub scope: Option<String>,
    /// When, and through whom.
    pub change: Change,
}

/// Takes back what was granted by hand.
///
/// # Errors
/// Not found; nobody else would have a protected role.
pub fn delete(tx: &mut dyn Tx, command: &DeleteGrant) -> Result<()> {
    let row = tx
        .user_for_update(command.user)?
        .ok_or_else(|| Error::not_found("user"))?;
    let org = tx.settings()?;
    let scope = scope(&*tx.places()?, command.scope.as_deref())?;
    let before = told(tx, row.id, command.scope.as_deref())?;
    if !tx.delete_grant(row.id, scope)? {
        return Err(Error::not_found("grant"));
    }
    let unit = Unit::administered(&org, &command.change, "grant");
    settle(tx, unit, &[row.id], Happened::Attributes)?;
    let entry = audit::Entry {
        action: Action::GrantRemoved,
        subject: row.id.to_string(),
        before,
        after: Value::Null,
    };
    audit::record(tx, &command.change, entry)
}

fn scope(atlas: &Atlas, text: Option<&str>) -> Result<GrantScope> {
    let Some(text) = text else {
        return Ok(GrantScope::Organization);
    };
    match text.split_once('/') {
        None => {
            let workspace = atlas.workspace(text).ok_or_else(|| no_place("workspace"))?;
            Ok(GrantScope::Workspace(workspace.id))
        }
        Some((workspace, project)) => {
            let project = atlas
                .project(workspace, project)
                .ok_or_else(|| no_place("project"))?;
            Ok(GrantScope::Project(project.id))
        }
    }
}

fn no_place(kind: &str) -> Error {
    Error::field(
        "scope",
        format!("There is no {kind} with this slug; use a workspace's slug or workspace/project."),
    )
}

fn target(atlas: &Atlas, place: Option<&str>, role: Option<&str>) -> Result<Gives> {
    match (scope(atlas, place)?, role) {
        (GrantScope::Organization, Some(role)) => Ok(Gives::Organization(role_key(role)?)),
        (GrantScope::Project(id), Some(role)) => {
            let role: ProjectRole = role.parse().map_err(|_| bad_role())?;
            Ok(Gives::Project(id, role))
        }
        (GrantScope::Workspace(id), None) => Ok(Gives::Workspace(id)),
        (GrantScope::Workspace(_), Some(_)) => Err(Error::field(
            "role",
            "A workspace has members without roles; leave role out.",
        )),
        (_, None) => Err(Error::field("role", "Must be the key of a role.")),
    }
}

fn role_key(text: &str) -> Result<RoleKey> {
    RoleKey::new(text).map_err(|_| bad_role())
}

fn bad_role() -> Error {
    Error::field(
        "role",
        "Must be the key of a role, or inherit in a project.",
    )
}
