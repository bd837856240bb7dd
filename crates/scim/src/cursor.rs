//! Cursor pages (RFC 9865): what a cursor holds, and its text.
//!
//! A cursor is a place in an order, not a stored result: it costs the server nothing, and the
//! next page is read with the rights that the client has then. Its text is base64url without `=`
//! of a version, the payload and a MAC. The MAC is the caller's, made over the payload *and* the
//! query, so that a cursor only fits the query, endpoint and organization it was made for.

mod base64;
mod payload;
#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::sort::SortKey;
use crate::window::MAX_COUNT;

/// Length of the MAC, in bytes.
pub const MAC_BYTES: usize = 16;
/// Longest cursor that is looked at, in characters. The longest that is made has about 1,600.
pub const MAX_LENGTH: usize = 4096;

/// Where a page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// After which resource.
    pub after: Position,
    /// Page size of the first request; at most [`MAX_COUNT`].
    pub count: u64,
    /// When the cursor was made, in seconds since 1970.
    pub issued: i64,
}

/// A place in the order of a list: by `id` alone, or by a sort key and then `id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Of the last resource that was answered; `None` without `sortBy`.
    pub key: Option<SortKey>,
    /// Of the last resource that was answered.
    pub id: String,
}

/// How long cursors are good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// The present, in seconds since 1970.
    pub now: i64,
    /// Seconds after which a cursor has expired; `None` for never. A keyset cursor holds no
    /// resources on the server, so that nothing forces a limit.
    pub seconds: Option<u64>,
}

impl Cursor {
    /// The text of the cursor.
    ///
    /// `binding` is everything that must be the same in the next request: organization, endpoint
    /// and [`fingerprint`](crate::query::fingerprint). `mac` authenticates bytes
    /// with a secret of the server.
    pub fn write(&self, binding: &[u8], mac: impl Fn(&[u8]) -> [u8; MAC_BYTES]) -> String {
        let mut bytes = payload::write(self);
        let tag = mac(&authenticated(&bytes, binding));
        bytes.extend_from_slice(&tag);
        base64::write(&bytes)
    }

    /// Reads a cursor of the same query.
    ///
    /// # Errors
    ///
    /// 400 `invalidCursor` for everything that [`Cursor::write`] did not make with this secret
    /// and binding, always in the same words, so that nothing is told about foreign cursors;
    /// 400 `expiredCursor`.
    pub fn read(
        text: &str,
        binding: &[u8],
        mac: impl Fn(&[u8]) -> [u8; MAC_BYTES],
        lifetime: Lifetime,
    ) -> Result<Cursor, Error> {
        let cursor = verified(text, binding, mac).ok_or_else(invalid)?;
        if cursor.is_expired(lifetime) {
            return Err(Error::expired_cursor(
                "the cursor has expired; start again with an empty cursor",
            ));
        }
        Ok(cursor)
    }

    /// The page size of a further request. What was asked for must be the size of the first
    /// request, or nothing.
    ///
    /// # Errors
    ///
    /// 400 `invalidCount` for another size (RFC 9865 section 2.1).
    pub fn count(&self, asked: Option<u64>) -> Result<u64, Error> {
        match asked {
            Some(count) if count.min(MAX_COUNT) != self.count => Err(Error::invalid_count(
                "count must be the one of the first request of the query",
            )),
            _ => Ok(self.count),
        }
    }

    fn is_expired(&self, lifetime: Lifetime) -> bool {
        lifetime.seconds.is_some_and(|seconds| {
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            lifetime.now > self.issued.saturating_add(seconds)
        })
    }
}

fn verified(text: &str, binding: &[u8], mac: impl Fn(&[u8]) -> [u8; MAC_BYTES]) -> Option<Cursor> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let bytes = base64::read(text)?;
    let (payload, tag) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
    same(&mac(&authenticated(payload, binding)), tag)
        .then(|| payload::read(payload))
        .flatten()
}

/// What the MAC covers. The length keeps payload and binding apart, the first bytes keep this
/// use of the secret apart from others.
fn authenticated(payload: &[u8], binding: &[u8]) -> Vec<u8> {
    let length = u64::try_from(payload.len()).unwrap_or(u64::MAX);
    let mut bytes = b"scim-cursor\0".to_vec();
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(binding);
    bytes
}

/// Looks at every byte, wherever the first difference is, so that time tells nothing.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differences = one
        .iter()
        .zip(other)
        .fold(0, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differences) == 0
}

fn invalid() -> Error {
    Error::invalid_cursor(
        "cursor must be empty, or the nextCursor of the same query with the same parameters",
    )
}
