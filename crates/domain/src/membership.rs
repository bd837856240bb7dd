//! The two stored facts about a user that only change by what happens: `left_mapped` and
//! `awaiting_activation`. One function per cause.

use serde::{Deserialize, Serialize};

use crate::policy::{Policies, WhenFull};

/// What the history of a user has left behind. Both count only where a policy says so; they
/// are kept whatever the policies are, so that changing a policy is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// The last group that gave an organization role was taken from the user.
    pub left_mapped: bool,
    /// The first sign-in has not been reported yet.
    pub awaiting_activation: bool,
}

impl Standing {
    /// A user is created. Under `require_activation`, or where no seat is free, the user
    /// waits for a sign-in.
    pub fn created(policies: &Policies, seat: Admission) -> Self {
        Self {
            left_mapped: false,
            awaiting_activation: policies.require_activation || seat == Admission::NotActivated,
        }
    }

    /// The app reports a sign-in. Where no seat is free the user goes on waiting.
    #[must_use]
    pub fn signed_in(self, seat: Admission) -> Self {
        Self {
            awaiting_activation: self.awaiting_activation && seat != Admission::Seated,
            ..self
        }
    }

    /// The user's groups changed: by a membership change, at any level of nesting, or by a
    /// group's deletion. `had` and `has` say whether there was and is a candidate from an
    /// organization rule ([`crate::has_organization_rule`]).
    #[must_use]
    pub fn groups_changed(self, had: bool, has: bool) -> Self {
        Self {
            left_mapped: !has && (had || self.left_mapped),
            ..self
        }
    }

    /// Rules, their bindings, the catalog or the policies changed. A new candidate counts;
    /// a candidate that is gone does not: an administrator took it, the user left nothing.
    #[must_use]
    pub fn rules_changed(self, has: bool) -> Self {
        Self {
            left_mapped: self.left_mapped && !has,
            ..self
        }
    }

    /// `active` went from false to true (LS-34). Where no seat is free the user waits for a
    /// sign-in.
    #[must_use]
    pub fn reactivated(self, seat: Admission) -> Self {
        Self {
            left_mapped: false,
            awaiting_activation: self.awaiting_activation || seat == Admission::NotActivated,
        }
    }

    /// An administrator takes the user back in.
    #[must_use]
    pub fn restored_by_admin(self) -> Self {
        Self {
            left_mapped: false,
            ..self
        }
    }
}

/// What the seat limit says when a user is created, reactivated or signs in. Nothing else
/// is ever refused for seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// A seat is free, or none is needed.
    Seated,
    /// The user is admitted but not activated.
    NotActivated,
    /// The request is refused (403).
    Refused,
}

/// Decides about a user who would need one more seat. `used` counts the seats in use without
/// this user; no `limit` means that there always is one.
pub fn admit(policies: &Policies, limit: Option<u64>, used: u64) -> Admission {
    match (limit, policies.when_full) {
        (Some(limit), WhenFull::AdmitNotActivated) if used >= limit => Admission::NotActivated,
        (Some(limit), WhenFull::Refuse) if used >= limit => Admission::Refused,
        _ => Admission::Seated,
    }
}

#[cfg(test)]
mod tests;
