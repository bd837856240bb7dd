//! The heart: access from facts, with a reason for everything.
//!
//! [`resolve`] is a pure function of the facts. The same facts give the same access and the
//! same reasons, in whatever order they came and are listed. Explaining and previewing are
//! this function on other inputs.

mod contest;
mod organization;
mod projects;
mod reason;
mod workspaces;

pub use reason::{Candidate, Loss, Reason, Resolution, Scope, Source, StateCause};

use crate::access::{Access, State};
use crate::facts::{OrgFacts, UserFacts};
use crate::policy::WhenUnmapped;
use crate::role::Role;

pub use organization::has_organization_rule;

/// The access that follows from the facts, and why.
///
/// Reasons are sorted: the organization first, then workspaces and projects by id; in each
/// scope the winner first. Never fails: a fact that means nothing in this organization (a
/// role that is not in the catalog, for one) loses with that reason.
pub fn resolve(org: &OrgFacts, user: &UserFacts) -> Resolution {
    let state_cause = state_cause(org, user);
    let mut because = Vec::new();
    let role = organization::resolve(org, user, &mut because);
    let workspaces = workspaces::resolve(org, user, &mut because);
    let projects = projects::resolve(org, user, role, &mut because);
    let state = state_cause.state();
    if state == State::Deactivated {
        because.iter_mut().for_each(Reason::lose_all);
        return Resolution {
            access: Access::nothing(),
            state_cause,
            because,
        };
    }
    let has = |flag: fn(&Role) -> bool| role.is_some_and(flag);
    let access = Access {
        state,
        role: role.map(|role| role.key.clone()),
        seat: state == State::Active && has(|role| role.takes_seat),
        sees_all: has(|role| role.sees_all_workspaces),
        workspaces,
        projects,
    };
    Resolution {
        access,
        state_cause,
        because,
    }
}

/// Point 1 of the rules. A hold keeps a user who left the last mapped group: it is there so
/// that somebody keeps the role, which deactivation by the same change would undo.
fn state_cause(org: &OrgFacts, user: &UserFacts) -> StateCause {
    let unmapped = user.left_mapped
        && org.policies.when_unmapped == WhenUnmapped::Deactivated
        && !user.holds.iter().any(|key| org.catalog.get(key).is_some());
    match user {
        UserFacts { active: false, .. } => StateCause::Inactive,
        _ if unmapped => StateCause::LeftMapped,
        UserFacts {
            awaiting_activation: true,
            ..
        } => StateCause::AwaitingActivation,
        _ => StateCause::Active,
    }
}

#[cfg(test)]
mod tests;
