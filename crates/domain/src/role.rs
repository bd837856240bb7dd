//! The role catalog: an organization's ordered list of roles, highest first.

use serde::{Deserialize, Serialize};

use crate::ids::RoleKey;
use crate::text::{caseless_key, same_ignoring_case};

/// Most roles in one catalog.
pub const MAX_ROLES: usize = 100;
/// Longest role name, in characters.
pub const MAX_ROLE_NAME: usize = 100;

/// One role of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five independent properties of a role"
)]
pub struct Role {
    /// Stable key, unique in the catalog.
    pub key: RoleKey,
    /// Name shown to people, unique in the catalog ignoring case.
    pub name: String,
    /// Whether an active user with this role uses a seat. True unless said otherwise.
    #[serde(default = "yes")]
    pub takes_seat: bool,
    /// Whether the role reaches every workspace without membership.
    #[serde(default)]
    pub sees_all_workspaces: bool,
    /// Whether rules and the `roles` attribute may give it; if not, only manual grants do.
    /// True unless said otherwise.
    #[serde(default = "yes")]
    pub mappable: bool,
    /// Whether the last active holder keeps it (see `last_holder`).
    #[serde(default)]
    pub protected: bool,
    /// Whether it may be a user's own role in a project.
    #[serde(default)]
    pub project_assignable: bool,
}

fn yes() -> bool {
    true
}

/// What is wrong with a catalog. `index` counts the roles from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// No role at all.
    #[error("roles: at least one role is needed")]
    Empty,
    /// More than [`MAX_ROLES`].
    #[error("roles: at most {MAX_ROLES} roles are possible")]
    TooMany,
    /// A key appears twice.
    #[error("roles[{index}].key: '{key}' is the key of an earlier role; keys must be unique")]
    DuplicateKey {
        /// The later of the two.
        index: usize,
        /// The key.
        key: RoleKey,
    },
    /// A name appears twice.
    #[error(
        "roles[{index}].name: an earlier role has this name; names must be unique, ignoring case"
    )]
    DuplicateName {
        /// The later of the two.
        index: usize,
    },
    /// A name that is empty, too long, padded, or has control characters.
    #[error(
        "roles[{index}].name: must be 1 to {MAX_ROLE_NAME} characters without control characters and without spaces at the ends"
    )]
    BadName {
        /// Whose name it is.
        index: usize,
    },
}

/// The validated catalog: at least one role, keys and names unique, highest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Role>", into = "Vec<Role>")]
pub struct Catalog(Vec<Role>);

impl Catalog {
    /// Checks the roles, given highest first. The error names the first wrong field.
    pub fn new(roles: Vec<Role>) -> Result<Self, CatalogError> {
        match roles.len() {
            0 => return Err(CatalogError::Empty),
            n if n > MAX_ROLES => return Err(CatalogError::TooMany),
            _ => {}
        }
        for (index, role) in roles.iter().enumerate() {
            check_role(index, role, &roles[..index])?;
        }
        Ok(Self(roles))
    }

    /// A catalog from a table of this crate; a test proves that `new` would take it.
    pub(crate) fn from_table(roles: Vec<Role>) -> Self {
        Self(roles)
    }

    /// The roles, highest first.
    pub fn roles(&self) -> &[Role] {
        &self.0
    }

    /// The place of a role in the order: 0 is the highest. None if it is not in the catalog.
    pub fn rank(&self, key: &RoleKey) -> Option<usize> {
        self.0.iter().position(|role| role.key == *key)
    }

    /// The role with this key.
    pub fn get(&self, key: &RoleKey) -> Option<&Role> {
        self.0.iter().find(|role| role.key == *key)
    }

    /// The higher of two roles; one that is not in the catalog is below all that are.
    pub fn higher_of<'a>(&self, a: &'a RoleKey, b: &'a RoleKey) -> &'a RoleKey {
        let place = |key| self.rank(key).unwrap_or(usize::MAX);
        if place(b) < place(a) { b } else { a }
    }

    /// The role that an entry of the `roles` attribute means: `value` is matched to a key,
    /// then to a name, ignoring case; `display` counts only when `value` matches nothing.
    pub fn by_claim(&self, value: &str, display: Option<&str>) -> Option<&Role> {
        self.by_word(value).or_else(|| self.by_word(display?))
    }

    fn by_word(&self, word: &str) -> Option<&Role> {
        let by_key = self
            .0
            .iter()
            .find(|role| same_ignoring_case(role.key.as_str(), word));
        by_key.or_else(|| {
            self.0
                .iter()
                .find(|role| same_ignoring_case(&role.name, word))
        })
    }

    /// The keys, highest first; for messages and suggestions.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|role| role.key.as_str())
    }
}

fn check_role(index: usize, role: &Role, earlier: &[Role]) -> Result<(), CatalogError> {
    if earlier.iter().any(|other| other.key == role.key) {
        return Err(CatalogError::DuplicateKey {
            index,
            key: role.key.clone(),
        });
    }
    let name = role.name.as_str();
    let length = name.chars().count();
    if !(1..=MAX_ROLE_NAME).contains(&length)
        || name.trim() != name
        || name.chars().any(char::is_control)
    {
        return Err(CatalogError::BadName { index });
    }
    let key = caseless_key(name);
    if earlier.iter().any(|other| caseless_key(&other.name) == key) {
        return Err(CatalogError::DuplicateName { index });
    }
    Ok(())
}

impl TryFrom<Vec<Role>> for Catalog {
    type Error = CatalogError;

    fn try_from(roles: Vec<Role>) -> Result<Self, CatalogError> {
        Self::new(roles)
    }
}

impl From<Catalog> for Vec<Role> {
    fn from(catalog: Catalog) -> Self {
        catalog.0
    }
}

#[cfg(test)]
mod tests;
