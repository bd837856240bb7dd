//! The facts from which access is resolved. Nothing else enters [`crate::resolve()`].

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, ProjectId, RoleKey, RuleId, WorkspaceId};
use crate::policy::Policies;
use crate::role::Catalog;
use crate::words::words;

/// The facts of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgFacts {
    /// Its roles, highest first.
    pub catalog: Catalog,
    /// Its policies.
    pub policies: Policies,
}

/// The facts of one user, as they are stored. The order inside the lists never matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFacts {
    /// The SCIM attribute `active`.
    pub active: bool,
    /// Whether the user has left the last group that gave an organization role
    /// (see [`crate::Standing`]).
    pub left_mapped: bool,
    /// Whether the first sign-in is still awaited (see [`crate::Standing`]).
    pub awaiting_activation: bool,
    /// The entries of the SCIM attribute `roles`.
    pub role_claims: Vec<RoleClaim>,
    /// The user's groups, already joined with the rules that are bound to them. Nested ones
    /// may be in it whatever the policy says.
    pub rules: Vec<MatchedRule>,
    /// What was granted by hand.
    pub grants: Vec<Grant>,
    /// Protected roles kept for this user.
    pub holds: Vec<RoleKey>,
}

/// One entry of the SCIM attribute `roles`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct RoleClaim {
    /// Its `value`.
    pub value: String,
    /// Its `display`.
    pub display: Option<String>,
    /// Its `primary`.
    pub primary: bool,
}

/// A rule that applies to the user through one of the user's groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MatchedRule {
    /// The rule.
    pub rule: RuleId,
    /// The group that the rule is bound to.
    pub group: GroupId,
    /// How the user comes to be in that group: the groups from the user's own up to, and
    /// without, `group`. Empty for a direct member.
    pub via: Vec<GroupId>,
    /// What the rule gives.
    pub gives: Gives,
}

/// What a rule or a manual grant gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// A role in the organization.
    Organization(RoleKey),
    /// Membership in a workspace.
    Workspace(WorkspaceId),
    /// A role in a project.
    Project(ProjectId, ProjectRole),
}

/// A role in a project; written as the role's key, or `inherit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ProjectRole {
    /// A role of its own.
    Role(RoleKey),
    /// Whatever role the user has in the organization (LS-22).
    Inherit,
}

impl ProjectRole {
    /// The role's key, or `inherit`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Role(key) => key.as_str(),
            Self::Inherit => "inherit",
        }
    }
}

impl std::fmt::Display for ProjectRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ProjectRole {
    type Err = crate::ids::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "inherit" {
            Ok(Self::Inherit)
        } else {
            RoleKey::new(text).map(Self::Role)
        }
    }
}

impl TryFrom<String> for ProjectRole {
    type Error = crate::ids::IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProjectRole> for String {
    fn from(role: ProjectRole) -> Self {
        role.as_str().to_owned()
    }
}

words! {
    /// How strong a manual grant is.
    pub enum GrantKind {
        /// At least this.
        Floor = "floor",
        /// Exactly this, whatever rules and claims say.
        Fixed = "fixed",
    }
}

/// Something granted by hand. It survives every sync (D15).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// What it gives.
    pub target: Gives,
    /// How strong it is; without meaning for a workspace, where there is only membership.
    pub kind: GrantKind,
    /// Who gave it: the id of a key, or an operator's name.
    pub by: String,
    /// When, in milliseconds since 1970. Never decides anything.
    pub at_ms: i64,
}
