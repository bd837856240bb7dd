//! Point 6: the last active holders of a protected role keep it when provisioning would
//! take it (D17).

use crate::access::{Access, State};
use crate::ids::{RoleKey, UserId};
use crate::policy::{LastHolder, Policies};
use crate::role::{Catalog, Role};

/// Who changes things in this unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Groups, attributes or rules, moved by the identity provider.
    Provisioning,
    /// The admin API: it can be told no.
    Admin,
}

/// What one unit of work does to the holders of one protected role. The holders are those
/// for whom [`holds_role`] is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holders<'a> {
    /// Active holders after the unit whose role does not rest on a hold.
    pub remaining: u64,
    /// Users who were active holders before it, whose `active` is still true, and who would
    /// not be holders after it.
    pub losing: &'a [UserId],
    /// Users with a hold of this role before it whose `active` is still true and whose role
    /// would still rest on the hold.
    pub held: &'a [UserId],
    /// Users with a hold of this role before it who need it no longer: deactivated, removed,
    /// or holders by themselves again.
    pub hold_ended: &'a [UserId],
    /// Whether an active holder was deactivated or removed in it.
    pub deactivated: bool,
}

/// What has to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holds {
    /// Users for whom a hold is stored; resolve them again.
    pub place: Vec<UserId>,
    /// Users whose hold is removed; resolve them again.
    pub release: Vec<UserId>,
    /// Nobody holds the role any more: raise `protected_role.vacant`.
    pub vacant: bool,
}

/// The admin API must refuse the unit (409).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "nobody active would have the protected role '{role}' any more; give it to another active user first"
)]
pub struct LastHolderError {
    /// The role.
    pub role: RoleKey,
}

/// Whether this user is an active holder of a role: it, or a higher one, is the user's
/// organization role, in effect.
pub fn holds_role(catalog: &Catalog, role: &RoleKey, access: &Access) -> bool {
    let Some(own) = &access.role else {
        return false;
    };
    let (Some(own), Some(needed)) = (catalog.rank(own), catalog.rank(role)) else {
        return false;
    };
    access.state == State::Active && own <= needed
}

/// Decides about one role. A role that is not protected, and the policy `last_holder=off`,
/// keep nobody and end the holds there are.
pub fn keep_last_holder(
    policies: &Policies,
    role: &Role,
    holders: Holders<'_>,
    origin: Origin,
) -> Result<Holds, LastHolderError> {
    let mut release = holders.hold_ended.to_vec();
    let guarded = role.protected && policies.last_holder == LastHolder::Hold;
    if !guarded || holders.remaining > 0 {
        release.extend(holders.held);
        let lost = !holders.losing.is_empty() || !holders.held.is_empty() || holders.deactivated;
        let vacant = role.protected && holders.remaining == 0 && lost;
        return Ok(Holds {
            place: Vec::new(),
            release,
            vacant,
        });
    }
    if !holders.held.is_empty() {
        // Somebody is kept already, so nobody else has to be.
        return Ok(Holds {
            place: Vec::new(),
            release,
            vacant: false,
        });
    }
    if holders.losing.is_empty() {
        return Ok(Holds {
            place: Vec::new(),
            release,
            vacant: holders.deactivated,
        });
    }
    match origin {
        Origin::Provisioning => Ok(Holds {
            place: holders.losing.to_vec(),
            release,
            vacant: false,
        }),
        Origin::Admin => Err(LastHolderError {
            role: role.key.clone(),
        }),
    }
}

#[cfg(test)]
mod tests;
