//! Reading one user.

use domain::UserId;

use super::UserReply;
use crate::{Error, Result, port::Tx};

/// One user with its groups.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: UserId) -> Result<UserReply> {
    let row = tx.user(id)?.ok_or_else(|| Error::not_found("user"))?;
    let groups = tx
        .groups_of(&[id])?
        .into_iter()
        .map(|(_, group)| group)
        .collect();
    Ok(UserReply {
        row,
        groups,
        changed: false,
        leniencies: Vec::new(),
    })
}
