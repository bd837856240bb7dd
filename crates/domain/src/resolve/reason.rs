//! What a resolution says about itself.

use crate::access::{Access, State};
use crate::facts::{GrantKind, MatchedRule, ProjectRole};
use crate::ids::{GroupId, ProjectId, RoleKey, RuleId, WorkspaceId};
use crate::words::words;

/// The access of a user with the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// What is stored.
    pub access: Access,
    /// Why the state is what it is.
    pub state_cause: StateCause,
    /// Every candidate of every scope.
    pub because: Vec<Reason>,
}

words! {
    /// Why a user is in a state.
    pub enum StateCause {
        /// Nothing speaks against it.
        Active = "active",
        /// The attribute `active` is false or unassigned.
        Inactive = "inactive",
        /// The user left the last mapped group, and the policy deactivates then.
        LeftMapped = "left_mapped",
        /// The first sign-in is awaited.
        AwaitingActivation = "awaiting_activation",
    }
}

impl StateCause {
    /// The state that it causes.
    pub const fn state(self) -> State {
        match self {
            Self::Active => State::Active,
            Self::Inactive | Self::LeftMapped => State::Deactivated,
            Self::AwaitingActivation => State::NotActivated,
        }
    }
}

/// One candidate in one scope: where it came from and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// Where it would count.
    pub scope: Scope,
    /// What it would give.
    pub candidate: Candidate,
    /// Whether it is what the user has. At most one per scope.
    pub won: bool,
    /// Where it came from.
    pub from: Source,
    /// Why it is not what the user has; present exactly when `won` is false.
    pub lost_because: Option<Loss>,
}

impl Reason {
    /// A deactivated user has nothing: whatever would have won loses by that.
    pub(super) fn lose_all(&mut self) {
        if self.won {
            self.won = false;
            self.lost_because = Some(Loss::Deactivated);
        }
    }
}

/// Where a role or membership counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The organization.
    Organization,
    /// A workspace.
    Workspace(WorkspaceId),
    /// A project.
    Project(ProjectId),
}

/// What would be given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Candidate {
    /// A role.
    Role(RoleKey),
    /// The organization role, in a project.
    Inherit,
    /// Membership, in a workspace.
    Member,
    /// An entry of the `roles` attribute that names no role of the catalog; the source
    /// carries its text.
    Unrecognized,
}

impl From<&ProjectRole> for Candidate {
    fn from(role: &ProjectRole) -> Self {
        match role {
            ProjectRole::Role(key) => Self::Role(key.clone()),
            ProjectRole::Inherit => Self::Inherit,
        }
    }
}

/// Where a candidate came from. The order decides between equal candidates: what
/// provisioning gives, and can take, is named before what was given by hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A rule, through a group.
    Rule {
        /// The rule.
        rule: RuleId,
        /// The group it is bound to.
        group: GroupId,
        /// The groups between the user and that group; empty for a direct member.
        via: Vec<GroupId>,
    },
    /// An entry of the `roles` attribute.
    Attribute {
        /// Its `value`, as sent.
        value: String,
    },
    /// A manual grant.
    Manual {
        /// How strong it is.
        kind: GrantKind,
        /// Who gave it.
        by: String,
    },
    /// The organization role, where a role that sees all workspaces stands above the
    /// project's own.
    OrganizationRole,
    /// A hold.
    Hold,
    /// The policy `default_role`.
    Default,
}

impl Source {
    /// The word for the kind of source.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Manual { .. } => "manual",
            Self::Rule { .. } => "rule",
            Self::Attribute { .. } => "attribute",
            Self::OrganizationRole => "role",
            Self::Hold => "hold",
            Self::Default => "default",
        }
    }
}

impl From<&MatchedRule> for Source {
    fn from(matched: &MatchedRule) -> Self {
        Self::Rule {
            rule: matched.rule,
            group: matched.group,
            via: matched.via.clone(),
        }
    }
}

words! {
    /// Why a candidate is not what the user has.
    pub enum Loss {
        /// A higher role won.
        LowerRole = "lower_role",
        /// Another source gives the same and stands first.
        AlreadyGiven = "already_given",
        /// A manual grant says exactly what the role is.
        FixedByHand = "fixed_by_hand",
        /// The default counts only when there is no other candidate.
        DefaultNotNeeded = "default_not_needed",
        /// The catalog has no such role.
        UnknownRole = "unknown_role",
        /// The role comes from manual grants only.
        NotMappable = "not_mappable",
        /// The role cannot be a role in a project.
        NotAssignableInProjects = "not_assignable_in_projects",
        /// The policy `roles_attribute` is off.
        AttributeOff = "attribute_off",
        /// Other entries of the attribute are marked primary.
        NotPrimary = "not_primary",
        /// The membership is through a nested group, and the policy `nested_groups` is off.
        NestedGroupsOff = "nested_groups_off",
        /// `inherit`, but there is no organization role.
        NothingToInherit = "nothing_to_inherit",
        /// The organization role sees all workspaces and is higher.
        BelowOrganizationRole = "below_organization_role",
        /// The user is deactivated and has nothing.
        Deactivated = "deactivated",
    }
}
