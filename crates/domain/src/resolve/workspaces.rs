//! Point 3: workspace memberships. Only explicit ones; a role that sees all workspaces is
//! expanded when access is read.

use std::collections::BTreeMap;

use super::contest::{Entry, decide, rule_counts};
use super::reason::{Candidate, Reason, Scope, Source};
use crate::access::WorkspaceVia;
use crate::facts::{Gives, OrgFacts, UserFacts};
use crate::ids::WorkspaceId;

/// The rank of every membership: there is no higher one.
const EQUAL: usize = 0;

pub(super) fn resolve(
    org: &OrgFacts,
    user: &UserFacts,
    because: &mut Vec<Reason>,
) -> BTreeMap<WorkspaceId, WorkspaceVia> {
    let mut scopes: BTreeMap<WorkspaceId, Vec<Entry>> = BTreeMap::new();
    for matched in &user.rules {
        if let Gives::Workspace(workspace) = matched.gives {
            let standing = rule_counts(org, matched).map(|()| EQUAL);
            let entry = Entry::new(Candidate::Member, matched.into(), standing);
            scopes.entry(workspace).or_default().push(entry);
        }
    }
    for grant in &user.grants {
        if let Gives::Workspace(workspace) = grant.target {
            let from = Source::Manual {
                kind: crate::GrantKind::Floor,
                by: grant.by.clone(),
            };
            let entry = Entry::new(Candidate::Member, from, Ok(EQUAL));
            scopes.entry(workspace).or_default().push(entry);
        }
    }
    let mut rows = BTreeMap::new();
    for (workspace, entries) in scopes {
        if let Some(winner) = decide(Scope::Workspace(workspace), entries, because) {
            rows.insert(workspace, via(&because[winner].from));
        }
    }
    rows
}

const fn via(source: &Source) -> WorkspaceVia {
    match source {
        Source::Rule { .. } => WorkspaceVia::Rule,
        _ => WorkspaceVia::Manual,
    }
}
