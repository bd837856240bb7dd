//! Showing grants and holds.

use domain::{Gives, Grant, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Error, Result,
    port::{Tx, places::Atlas},
    representation::time,
    version,
};

/// A manual grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    /// Null for the organization, `workspace`, or `workspace/project`.
    #[schema(required = true)]
    pub scope: Option<String>,
    /// The role's key, `inherit`, or null for membership in a workspace.
    #[schema(required = true)]
    pub role: Option<String>,
    /// `floor` or `fixed`.
    pub kind: &'static str,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: String,
}

/// A user's grants.
///
/// # Errors
/// Not found.
pub fn list(tx: &mut dyn Tx, user: UserId) -> Result<Vec<GrantView>> {
    tx.user(user)?.ok_or_else(|| Error::not_found("user"))?;
    let atlas = tx.places()?;
    Ok(tx
        .grants(user)?
        .iter()
        .map(|grant| view(&atlas, grant))
        .collect())
}

/// The entity tag of a user's grants.
pub fn tag(grants: &[GrantView]) -> String {
    let mut parts = Vec::new();
    for grant in grants {
        let optional = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        parts.extend([optional(&grant.scope), optional(&grant.role)]);
        parts.extend([grant.kind.to_owned(), grant.by.clone(), grant.at.clone()]);
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    version::of_content(&parts)
}

/// Refuses a change of a user's grants that are not as its caller saw them.
///
/// # Errors
/// Not found, 412.
pub fn must_be(tx: &mut dyn Tx, user: UserId, seen: Option<&str>) -> Result<()> {
    if seen.is_none() {
        return Ok(());
    }
    // Locked before they are read: whoever else changes them has to wait for the answer, or this
    // one sees what came of it.
    tx.user_for_update(user)?;
    version::same_content(seen, &tag(&list(tx, user)?))
}

fn view(atlas: &Atlas, grant: &Grant) -> GrantView {
    let (scope, role) = match &grant.target {
        Gives::Organization(role) => (None, Some(role.to_string())),
        Gives::Workspace(id) => {
            let slug = atlas.workspace_by_id(*id).map(|row| row.slug.to_string());
            (slug, None)
        }
        Gives::Project(id, role) => {
            let path = atlas.project_by_id(*id).and_then(|row| atlas.path(row));
            (path.map(|path| path.to_string()), Some(role.to_string()))
        }
    };
    GrantView {
        scope,
        role,
        kind: grant.kind.as_str(),
        by: grant.by.clone(),
        at: time(grant.at_ms),
    }
}

/// A protected role kept for a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Hold)]
pub struct HoldView {
    /// The user's id.
    pub user: String,
    /// The role's key.
    pub role: String,
    /// Since when.
    pub since: String,
    /// Why.
    pub reason: &'static str,
}

/// Everything that is held.
///
/// # Errors
/// The store is away.
pub fn holds(tx: &mut dyn Tx) -> Result<Vec<HoldView>> {
    let view = |hold: crate::port::grants::HoldRow| HoldView {
        user: hold.user.to_string(),
        role: hold.role.to_string(),
        since: time(hold.since),
        reason: "Nobody else active would have this protected role.",
    };
    Ok(tx.holds()?.into_iter().map(view).collect())
}
