//! What a request may put into the `roles` attribute (D12).

use std::collections::BTreeSet;

use crate::facts::{OrgFacts, RoleClaim};
use crate::policy::UnknownRole;

/// A new entry of the `roles` attribute names no role. Does not repeat the entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("roles: an entry names no role of this organization; its value must be one of: {known}")]
pub struct UnknownRoleError {
    /// The keys of the catalog.
    pub known: String,
}

/// Refuses entries that name no role under `unknown_role=refuse`.
///
/// Looks only at entries that the request changes to something new, and at nothing in a
/// request that leaves the user inactive: a deactivation is never refused. Says nothing
/// where the attribute does not count.
pub fn check_claims(
    org: &OrgFacts,
    before: &[RoleClaim],
    after: &[RoleClaim],
    active_after: bool,
) -> Result<(), UnknownRoleError> {
    let policies = &org.policies;
    let refuses = policies.roles_attribute && policies.unknown_role == UnknownRole::Refuse;
    if !refuses || !active_after {
        return Ok(());
    }
    let named = |claim: &RoleClaim| (claim.value.clone(), claim.display.clone());
    let known: BTreeSet<_> = before.iter().map(named).collect();
    let unknown = |claim: &&RoleClaim| {
        !known.contains(&named(claim))
            && org
                .catalog
                .by_claim(&claim.value, claim.display.as_deref())
                .is_none()
    };
    match after.iter().find(unknown) {
        None => Ok(()),
        Some(_) => Err(UnknownRoleError {
            known: org.catalog.keys().collect::<Vec<_>>().join(", "),
        }),
    }
}

#[cfg(test)]
mod tests;
