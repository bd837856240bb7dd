//! Point 4: explicit project roles. Reach through a workspace is expanded when access is
//! read.

use std::collections::BTreeMap;

use super::contest::{Entry, decide, rule_counts};
use super::reason::{Candidate, Loss, Reason, Scope, Source};
use crate::facts::{Gives, OrgFacts, ProjectRole, UserFacts};
use crate::ids::{ProjectId, RoleKey};
use crate::role::Role;

pub(super) fn resolve(
    org: &OrgFacts,
    user: &UserFacts,
    role: Option<&Role>,
    because: &mut Vec<Reason>,
) -> BTreeMap<ProjectId, ProjectRole> {
    let mut rows = BTreeMap::new();
    for (project, entries) in candidates(org, user, role) {
        let scope = Scope::Project(project);
        if let Some(winner) = decide(scope, entries, because) {
            let winner = lift_to_organization_role(org, role, winner, because);
            rows.extend(row(&because[winner].candidate).map(|row| (project, row)));
        }
    }
    rows
}

fn candidates(
    org: &OrgFacts,
    user: &UserFacts,
    role: Option<&Role>,
) -> BTreeMap<ProjectId, Vec<Entry>> {
    let mut scopes: BTreeMap<ProjectId, Vec<Entry>> = BTreeMap::new();
    for matched in &user.rules {
        if let Gives::Project(project, given) = &matched.gives {
            let standing = rule_counts(org, matched).and_then(|()| rank(org, role, given, false));
            let entry = Entry::new(given.into(), matched.into(), standing);
            scopes.entry(*project).or_default().push(entry);
        }
    }
    for grant in &user.grants {
        if let Gives::Project(project, given) = &grant.target {
            let from = Source::Manual {
                kind: grant.kind,
                by: grant.by.clone(),
            };
            let entry = Entry::new(given.into(), from, rank(org, role, given, true));
            scopes.entry(*project).or_default().push(entry);
        }
    }
    scopes
}

/// Ranks a project role among the others: an own role stands just before an `inherit` that
/// comes to the same.
fn rank(
    org: &OrgFacts,
    role: Option<&Role>,
    given: &ProjectRole,
    by_hand: bool,
) -> Result<usize, Loss> {
    match given {
        ProjectRole::Role(key) => own_rank(org, key, by_hand).map(|rank| 2 * rank),
        ProjectRole::Inherit => {
            let inherited = role.ok_or(Loss::NothingToInherit)?;
            let rank = org
                .catalog
                .rank(&inherited.key)
                .ok_or(Loss::NothingToInherit)?;
            Ok(2 * rank + 1)
        }
    }
}

fn own_rank(org: &OrgFacts, key: &RoleKey, by_hand: bool) -> Result<usize, Loss> {
    let role = org.catalog.get(key).ok_or(Loss::UnknownRole)?;
    if !role.mappable && !by_hand {
        return Err(Loss::NotMappable);
    }
    if !role.project_assignable {
        return Err(Loss::NotAssignableInProjects);
    }
    org.catalog.rank(key).ok_or(Loss::UnknownRole)
}

/// A role that sees all workspaces is never put below itself: where the project's own role
/// is lower, the row stands for the organization role instead. Returns the winner's place.
fn lift_to_organization_role(
    org: &OrgFacts,
    role: Option<&Role>,
    winner: usize,
    because: &mut Vec<Reason>,
) -> usize {
    let Some(role) = role.filter(|role| role.sees_all_workspaces) else {
        return winner;
    };
    let reason = &mut because[winner];
    let Candidate::Role(own) = &reason.candidate else {
        return winner;
    };
    if org.catalog.rank(own) <= org.catalog.rank(&role.key) {
        return winner;
    }
    reason.won = false;
    reason.lost_because = Some(Loss::BelowOrganizationRole);
    let lifted = Reason {
        scope: reason.scope,
        candidate: Candidate::Inherit,
        won: true,
        from: Source::OrganizationRole,
        lost_because: None,
    };
    because.insert(winner, lifted);
    winner
}

fn row(candidate: &Candidate) -> Option<ProjectRole> {
    match candidate {
        Candidate::Role(key) => Some(ProjectRole::Role(key.clone())),
        Candidate::Inherit => Some(ProjectRole::Inherit),
        Candidate::Member | Candidate::Unrecognized => None,
    }
}
