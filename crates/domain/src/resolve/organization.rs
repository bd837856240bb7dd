//! Point 2: the organization role.

use super::contest::{Entry, decide, rule_counts};
use super::reason::{Candidate, Loss, Reason, Scope, Source};
use crate::facts::{Gives, Grant, MatchedRule, OrgFacts, RoleClaim, UserFacts};
use crate::ids::RoleKey;
use crate::role::Role;

/// Whether a user has a candidate from an organization rule. The facts `left_mapped` turn on
/// this (see [`crate::Standing`]).
pub fn has_organization_rule(org: &OrgFacts, rules: &[MatchedRule]) -> bool {
    rules
        .iter()
        .filter_map(|matched| rule_entry(org, matched))
        .any(|entry| entry.lost.is_none())
}

pub(super) fn resolve<'a>(
    org: &'a OrgFacts,
    user: &UserFacts,
    because: &mut Vec<Reason>,
) -> Option<&'a Role> {
    let mut entries: Vec<Entry> = user
        .grants
        .iter()
        .filter_map(|g| grant_entry(org, g))
        .collect();
    entries.extend(
        user.rules
            .iter()
            .filter_map(|matched| rule_entry(org, matched)),
    );
    let any_primary = user.role_claims.iter().any(|claim| claim.primary);
    entries.extend(
        user.role_claims
            .iter()
            .map(|claim| claim_entry(org, claim, any_primary)),
    );
    entries.extend(user.holds.iter().map(|key| hold_entry(org, key)));
    let winner = match decide(Scope::Organization, entries, because) {
        Some(winner) => {
            because.extend(default_reason(org, Err(Loss::DefaultNotNeeded)));
            Some(winner)
        }
        None => add_default(org, because),
    };
    match winner.map(|place| &because[place].candidate) {
        Some(Candidate::Role(key)) => org.catalog.get(key),
        _ => None,
    }
}

fn grant_entry(org: &OrgFacts, grant: &Grant) -> Option<Entry> {
    let Gives::Organization(key) = &grant.target else {
        return None;
    };
    let from = Source::Manual {
        kind: grant.kind,
        by: grant.by.clone(),
    };
    let standing = org.catalog.rank(key).ok_or(Loss::UnknownRole);
    Some(Entry::new(Candidate::Role(key.clone()), from, standing))
}

fn rule_entry(org: &OrgFacts, matched: &MatchedRule) -> Option<Entry> {
    let Gives::Organization(key) = &matched.gives else {
        return None;
    };
    let standing = rule_counts(org, matched).and_then(|()| mapped_rank(org, key));
    Some(Entry::new(
        Candidate::Role(key.clone()),
        matched.into(),
        standing,
    ))
}

fn claim_entry(org: &OrgFacts, claim: &RoleClaim, any_primary: bool) -> Entry {
    let from = Source::Attribute {
        value: claim.value.clone(),
    };
    let Some(role) = org.catalog.by_claim(&claim.value, claim.display.as_deref()) else {
        return Entry::new(Candidate::Unrecognized, from, Err(Loss::UnknownRole));
    };
    let standing = if !org.policies.roles_attribute {
        Err(Loss::AttributeOff)
    } else if any_primary && !claim.primary {
        Err(Loss::NotPrimary)
    } else {
        mapped_rank(org, &role.key)
    };
    Entry::new(Candidate::Role(role.key.clone()), from, standing)
}

fn hold_entry(org: &OrgFacts, key: &RoleKey) -> Entry {
    Entry::new(
        Candidate::Role(key.clone()),
        Source::Hold,
        mapped_rank(org, key),
    )
}

/// The rank of a role that does not come from a manual grant.
fn mapped_rank(org: &OrgFacts, key: &RoleKey) -> Result<usize, Loss> {
    let role = org.catalog.get(key).ok_or(Loss::UnknownRole)?;
    if !role.mappable {
        return Err(Loss::NotMappable);
    }
    org.catalog.rank(key).ok_or(Loss::UnknownRole)
}

/// There is no other candidate: the default wins if it can. Returns its place.
fn add_default(org: &OrgFacts, because: &mut Vec<Reason>) -> Option<usize> {
    let key = org.policies.default_role.as_ref()?;
    let reason = default_reason(org, mapped_rank(org, key).map(|_| ()))?;
    let won = reason.won;
    // The winner stands first in its scope, which is the first of all.
    let place = if won { 0 } else { because.len() };
    because.insert(place, reason);
    won.then_some(place)
}

fn default_reason(org: &OrgFacts, outcome: Result<(), Loss>) -> Option<Reason> {
    let key = org.policies.default_role.clone()?;
    Some(Reason {
        scope: Scope::Organization,
        candidate: Candidate::Role(key),
        won: outcome.is_ok(),
        from: Source::Default,
        lost_because: outcome.err(),
    })
}
