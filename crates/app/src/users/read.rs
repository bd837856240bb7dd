//! Reading one user.

use domain::UserId;

use super::UserReply;
use crate::{Error, Result, port::Tx};

/// One user with its groups.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: UserId) -> Result<UserReply> {
    let found = tx
        .user_with_groups(id)?
        .ok_or_else(|| Error::not_found("user"))?;
    Ok(UserReply::unchanged(found))
}
