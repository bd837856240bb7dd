//! Conditions on versions (RFC 7644 section 3.14, D34).

use scim::etag::{Preconditions, Version};

use crate::{Error, Result, error::Code};

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

/// Refuses a change over the admin API of what is not as its caller saw it; none is content with
/// whatever is there.
///
/// # Errors
/// 412 with this sentence.
pub(crate) fn unchanged(seen: Option<i64>, now: i64, detail: &str) -> Result<()> {
    if seen.is_none_or(|seen| seen == now) {
        return Ok(());
    }
    Err(Error::new(Code::PreconditionFailed, detail))
}

/// A stored version as clients see it.
pub fn etag(version: i64) -> Version {
    Version(version.unsigned_abs())
}
