//! Which manual grants may be made.

use crate::facts::{Gives, OrgFacts, ProjectRole};
use crate::ids::RoleKey;
use crate::policy::Manual;
use crate::text::nearest;
use crate::words::Suggestion;

/// A manual grant that may not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The policy does not allow it.
    #[error("the policy {policy} is 'deny': no new grant of this kind is taken")]
    Denied {
        /// The key of the policy.
        policy: &'static str,
    },
    /// The catalog has no such role.
    #[error("role: not a role of this organization{}; use one of: {known}", Suggestion(.nearest.as_deref()))]
    UnknownRole {
        /// The key that was probably meant.
        nearest: Option<String>,
        /// The keys that would be right.
        known: String,
    },
    /// The role cannot be a role in a project.
    #[error("role: '{role}' cannot be a role in a project; use inherit or one of: {known}")]
    NotAssignableInProjects {
        /// The role.
        role: RoleKey,
        /// The keys that would be right.
        known: String,
    },
}

/// Whether a new manual grant may be made: under the policies `manual_*`, and with a role
/// that is one. A role that cannot be mapped may always be granted, since nothing else gives
/// it. Grants that exist count until they are deleted.
pub fn check_grant(org: &OrgFacts, target: &Gives) -> Result<(), GrantError> {
    let policies = &org.policies;
    match target {
        Gives::Organization(key) => {
            let role = org.catalog.get(key).ok_or_else(|| unknown_role(org, key))?;
            if role.mappable {
                allowed(policies.manual_roles, "manual_roles")
            } else {
                Ok(())
            }
        }
        Gives::Workspace(_) => allowed(policies.manual_workspaces, "manual_workspaces"),
        Gives::Project(_, role) => {
            if let ProjectRole::Role(key) = role {
                check_project_role(org, key)?;
            }
            allowed(policies.manual_projects, "manual_projects")
        }
    }
}

fn check_project_role(org: &OrgFacts, key: &RoleKey) -> Result<(), GrantError> {
    let role = org.catalog.get(key).ok_or_else(|| unknown_role(org, key))?;
    if role.project_assignable {
        return Ok(());
    }
    let assignable = org
        .catalog
        .roles()
        .iter()
        .filter(|role| role.project_assignable);
    let known = assignable
        .map(|role| role.key.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    Err(GrantError::NotAssignableInProjects {
        role: key.clone(),
        known,
    })
}

fn allowed(manual: Manual, policy: &'static str) -> Result<(), GrantError> {
    match manual {
        Manual::Allow => Ok(()),
        Manual::Deny => Err(GrantError::Denied { policy }),
    }
}

fn unknown_role(org: &OrgFacts, key: &RoleKey) -> GrantError {
    GrantError::UnknownRole {
        nearest: nearest(key.as_str(), org.catalog.keys()).map(str::to_owned),
        known: org.catalog.keys().collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests;
