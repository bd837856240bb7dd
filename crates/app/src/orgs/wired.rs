//! Which policies have an effect in this release.

use domain::POLICIES;

use crate::{Error, Result};

/// Policies that may be changed. The others keep their preset's value, which has no effect yet but
/// where it is listed here, and a change of them is refused rather than accepted without effect.
const WIRED: &[&str] = &["default_role", "roles_attribute"];

/// Refuses a policy that cannot be changed yet. What no release knows is left to the table of
/// policies, which suggests the nearest name.
///
/// # Errors
/// The field, and which policies there are.
pub fn check_policy(key: &str) -> Result<()> {
    let known = POLICIES.iter().any(|row| row.key == key);
    if !known || WIRED.contains(&key) {
        return Ok(());
    }
    Err(Error::field(
        format!("policies.{key}"),
        format!(
            "This policy cannot be changed in this release; those that can: {}.",
            WIRED.join(", ")
        ),
    ))
}
