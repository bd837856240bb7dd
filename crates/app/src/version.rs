//! Conditions on versions (RFC 7644 section 3.14, D34).

use std::fmt::Write;

use scim::etag::{Preconditions, Version};

use sha2::{Digest, Sha256};

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

/// The entity tag of something that has no version of its own: a hash of what it is made of.
pub fn of_content(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()[..8])
}

/// Refuses a change of what is not as its caller saw it, where it is known by its content.
///
/// # Errors
/// 412.
pub fn same_content(seen: Option<&str>, now: &str) -> Result<()> {
    if seen.is_none_or(|seen| seen == now) {
        return Ok(());
    }
    let detail = "If-Match does not name the present version; read it again.";
    Err(Error::new(Code::PreconditionFailed, detail))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
