//! Conditions on versions (RFC 7644 section 3.14, D34).

use scim::etag::{Preconditions, Version};

use crate::Result;

/// Refuses a write where the client knows another version, or wants one only if there is none.
///
/// # Errors
/// 412.
pub(crate) fn check(conditions: &Preconditions, version: i64) -> Result<()> {
    conditions.check_match(etag(version))?;
    if conditions.none_match(etag(version)) {
        return Ok(());
    }
    let detail = "The resource is there at a version that If-None-Match names.";
    Err(scim::Error::precondition_failed(detail).into())
}

/// A stored version as clients see it.
pub fn etag(version: i64) -> Version {
    Version(version.unsigned_abs())
}
