//! A new user arrives.

use domain::{Admission, Standing, UserFacts, UserId, check_claims, resolve};
use scim::Resource;

use super::{UserReply, identity};
use crate::{
    Error, Result,
    access::{Unit, settle_arrival},
    change::Change,
    error::Code,
    port::{Tx, org::OrgSettings},
    representation, seats,
};

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
/// `userName` is taken, or the e-mail where it identifies users (D6); an e-mail outside the
/// verified domains (D25); an unknown role (D12); no seat is free (D19).
pub fn create(tx: &mut dyn Tx, new: &NewUser) -> Result<UserReply> {
    let org = tx.settings()?;
    let at = new.change.at;
    let user = representation::user_write(new.id, 1, at, at, &new.resource);
    identity::check_new(tx, &org, &user.keys)?;
    if user.keys.active {
        identity::check_domains(&org, None, &new.resource)?;
    }
    check_claims(&org.facts, &[], &user.keys.role_claims, user.keys.active)
        .map_err(|error| scim::Error::invalid_value(error.to_string()))?;
    let mut facts = UserFacts {
        active: user.keys.active,
        role_claims: user.keys.role_claims.clone(),
        ..UserFacts::default()
    };
    let standing = admit(tx, &org, &facts)?;
    facts.awaiting_activation = standing.awaiting_activation;
    tx.insert_user(&user, standing)?;
    settle_arrival(tx, Unit::provisioned(&org, &new.change), new.id, facts)?;
    Ok(UserReply {
        row: user.row,
        groups: Vec::new(),
        changed: true,
    })
}

/// Whether the user waits for a sign-in: by policy, or because no seat is free.
fn admit(tx: &mut dyn Tx, org: &OrgSettings, facts: &UserFacts) -> Result<Standing> {
    let policies = &org.facts.policies;
    let takes_seat = !policies.require_activation && resolve(&org.facts, facts).access.seat;
    match seats::admission(tx, org, takes_seat)? {
        Admission::Refused => Err(Error::new(Code::SeatsFull, seats::full(org))),
        seat => Ok(Standing::created(policies, seat)),
    }
}
