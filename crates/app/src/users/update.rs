//! PUT and PATCH of a user.

use domain::UserId;
use scim::{Incoming, Kind, Patch, etag::Preconditions};

use super::{UserReply, store::store};
use crate::{Error, Result, change::Change, port::Tx, representation, version};

/// A validated PUT.
#[derive(Clone, Debug)]
pub struct PutUser {
    /// Which user.
    pub id: UserId,
    /// When, and through whom.
    pub change: Change,
    /// What the client knows of the version.
    pub conditions: Preconditions,
    /// The new document.
    pub body: Incoming,
}

/// Replaces a user's document (RFC 7644 section 3.5.1, D29).
///
/// # Errors
/// Not found, 412, an immutable attribute, `userName` taken.
pub fn put(tx: &mut dyn Tx, command: &PutUser) -> Result<UserReply> {
    let row = tx
        .user_for_update(command.id)?
        .ok_or_else(|| Error::not_found("user"))?;
    version::check(&command.conditions, row.version)?;
    let before = representation::resource(Kind::User, &row.document)?;
    let (after, _) = scim::resource::replace(&before, command.body.clone())?;
    store(tx, row, (&before, &after), Vec::new(), &command.change)
}

/// A parsed PATCH.
#[derive(Clone, Debug)]
pub struct PatchUser {
    /// Which user.
    pub id: UserId,
    /// When, and through whom.
    pub change: Change,
    /// What the client knows of the version.
    pub conditions: Preconditions,
    /// The operations.
    pub patch: Patch,
}

/// Changes a user's document (RFC 7644 section 3.5.2), all operations or none.
///
/// # Errors
/// Not found, 412, what the operations get wrong, `userName` taken.
pub fn patch(tx: &mut dyn Tx, command: &PatchUser) -> Result<UserReply> {
    let row = tx
        .user_for_update(command.id)?
        .ok_or_else(|| Error::not_found("user"))?;
    version::check(&command.conditions, row.version)?;
    let before = representation::resource(Kind::User, &row.document)?;
    let (after, mended) = command.patch.apply_noted(&before, &row.id.to_string())?;
    store(tx, row, (&before, &after), mended, &command.change)
}
