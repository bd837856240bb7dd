//! One unit of work's resolution: what happened to whom, and what comes of it.

use domain::{
    Access, Admission, OrgFacts, Origin, Standing, UserFacts, UserId, has_organization_rule,
};

use crate::{change::Change, port::org::OrgSettings};

/// What a resolution belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Unit<'a> {
    /// The organization's settings after the change.
    pub org: &'a OrgSettings,
    /// When, and through whom.
    pub change: &'a Change,
    /// Whether it can be told no.
    pub origin: Origin,
    /// What began it, as jobs name it.
    pub kind: &'static str,
}

impl<'a> Unit<'a> {
    /// A change that the identity provider sent, or a worker goes on with.
    pub(crate) fn provisioned(org: &'a OrgSettings, change: &'a Change) -> Unit<'a> {
        Unit {
            org,
            change,
            origin: Origin::Provisioning,
            kind: "provisioning",
        }
    }

    /// A change over the admin API.
    pub(crate) fn administered(
        org: &'a OrgSettings,
        change: &'a Change,
        kind: &'static str,
    ) -> Unit<'a> {
        Unit {
            org,
            change,
            origin: Origin::Admin,
            kind,
        }
    }
}

/// What happened to users, as far as their standing turns on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    /// Attributes or manual grants changed.
    Attributes,
    /// They joined groups, or left groups that gave no organization role.
    Groups,
    /// They left a group that gave an organization role.
    LeftMapped,
    /// Rules, catalog or policies changed.
    Rules,
    /// `active` went from false to true.
    Reactivated(Admission),
    /// The app reported a sign-in.
    SignedIn(Admission),
    /// An administrator took them back in.
    Restored,
}

impl Happened {
    /// The standing after it.
    pub(crate) fn turn(self, org: &OrgFacts, facts: &UserFacts, left_group: bool) -> Standing {
        let standing = Standing {
            left_mapped: facts.left_mapped,
            awaiting_activation: facts.awaiting_activation,
        };
        let has = has_organization_rule(org, &facts.rules);
        let standing = if left_group {
            standing.groups_changed(true, has)
        } else {
            standing
        };
        match self {
            Happened::Attributes => standing,
            Happened::Groups => standing.groups_changed(false, has),
            Happened::LeftMapped => standing.groups_changed(true, has),
            Happened::Rules => standing.rules_changed(has),
            Happened::Reactivated(seat) => standing.reactivated(seat),
            Happened::SignedIn(seat) => standing.signed_in(seat),
            Happened::Restored => standing.restored_by_admin(),
        }
    }
}

/// A user on the way from what is stored to what will be.
#[derive(Clone, Debug)]
pub(super) struct Settling {
    pub user: UserId,
    pub facts: UserFacts,
    /// None for a user who is just being created.
    pub before: Option<Access>,
    pub after: Access,
    /// Whether the standing has to be written.
    pub standing_moved: bool,
}

impl Settling {
    pub(super) fn standing(&self) -> Standing {
        Standing {
            left_mapped: self.facts.left_mapped,
            awaiting_activation: self.facts.awaiting_activation,
        }
    }
}
