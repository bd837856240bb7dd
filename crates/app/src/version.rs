//! Conditions on versions (RFC 7644 section 3.14, D34).

use scim::etag::{Preconditions, Version};

use crate::Result;

/// Refuses a write where the client knows another version.
///
/// # Errors
/// 412.
pub(crate) fn check(conditions: &Preconditions, version: i64) -> Result<()> {
    conditions.check_match(etag(version))?;
    Ok(())
}

/// A stored version as clients see it.
pub fn etag(version: i64) -> Version {
    Version(version.unsigned_abs())
}
