//! A new user arrives.

use domain::{UserFacts, UserId};
use scim::Resource;

use super::{UserReply, identity};
use crate::{Result, access, change::Change, port::Tx, representation};

/// A validated POST.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Drawn before the transaction.
    pub id: UserId,
    /// When, and through whom.
    pub change: Change,
    /// The document; `active` is filled in.
    pub resource: Resource,
}

/// Stores a new user with the access that follows from no group at all.
///
/// # Errors
/// `userName` is taken, or the e-mail where it identifies users (D6).
pub fn create(tx: &mut dyn Tx, new: &NewUser) -> Result<UserReply> {
    let org = tx.settings()?;
    let user = representation::user_write(new.id, 1, new.change.at, new.change.at, &new.resource);
    identity::check_new(tx, &org, &user.keys)?;
    tx.insert_user(&user)?;
    let facts = UserFacts {
        active: user.keys.active,
        role_claims: user.keys.role_claims,
        ..UserFacts::default()
    };
    access::settle_new(tx, &org, new.id, &facts, &new.change)?;
    Ok(UserReply {
        row: user.row,
        groups: Vec::new(),
    })
}
