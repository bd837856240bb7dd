//! What can be wrong with a mapping document.

use crate::ids::RoleKey;
use crate::words::Suggestion;

use super::{MAX_GROUP_NAME, MAX_RULES};

/// A mapping that was refused: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct MappingError(pub Vec<MappingFault>);

/// One fault: where, and what would be right. Does not repeat the wrong text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {problem}")]
pub struct MappingFault {
    /// The field, such as `projects[3].role`.
    pub at: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a field of the mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Too many rules in all.
    #[error("at most {MAX_RULES} rules are possible")]
    TooManyRules,
    /// The group's name is empty or too long.
    #[error("must be the name of a group, 1 to {MAX_GROUP_NAME} characters")]
    BadGroup,
    /// The catalog has no such role.
    #[error("not a role of this organization{}; use one of: {known}", Suggestion(.nearest.as_deref()))]
    UnknownRole {
        /// What was probably meant.
        nearest: Option<String>,
        /// What would be right.
        known: String,
    },
    /// The role comes from manual grants only.
    #[error("'{role}' is given by hand only; use one of: {known}")]
    NotMappable {
        /// The role.
        role: RoleKey,
        /// What would be right.
        known: String,
    },
    /// The role cannot be a role in a project.
    #[error("'{role}' cannot be a role in a project; use one of: {known}")]
    NotAssignableInProjects {
        /// The role.
        role: RoleKey,
        /// What would be right.
        known: String,
    },
    /// Not the slug of a workspace.
    #[error("must be the slug of a workspace: lower-case letters, digits, '-' or '_'")]
    BadWorkspace,
    /// No such workspace.
    #[error("no such workspace{}; create it first, or set the policy create_workspaces", Suggestion(.nearest.as_deref()))]
    UnknownWorkspace {
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// Not a project's place.
    #[error("must be workspace/project, both slugs")]
    BadProject,
    /// No such project.
    #[error("no such project{}; create it first", Suggestion(.nearest.as_deref()))]
    UnknownProject {
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// An earlier entry says the same.
    #[error("says the same as {earlier}; remove one of them")]
    Duplicate {
        /// The earlier entry.
        earlier: String,
    },
}
