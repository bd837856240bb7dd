//! A new user arrives.

use domain::{
    Action, Admission, CauseKind, ManagedBy, Standing, UserFacts, UserId, check_claims, resolve,
};
use scim::Resource;
use serde_json::{Value, json};

use super::{UserReply, identity, manager};
use crate::{
    Error, Result,
    access::{Unit, settle_arrival},
    audit,
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
    let resource = &*manager::linked(tx, None, &new.resource)?;
    let mut user = representation::user_write(new.id, 1, at, at, resource);
    if new.change.cause.kind != CauseKind::Provisioning {
        user.row.managed_by = ManagedBy::Admin;
    }
    identity::check_new(tx, &org, &user.keys)?;
    if user.keys.active {
        identity::check_domains(&org, None, resource)?;
    }
    check_claims(&org.facts, &[], &user.keys.role_claims, user.keys.active)
        .map_err(|error| scim::Error::invalid_value(error.to_string()))?;
    let mut facts = UserFacts {
        active: user.keys.active,
        role_claims: user.keys.role_claims.clone(),
        ..UserFacts::default()
    };
    let seat = seat(tx, &org, &facts)?;
    let standing = Standing::created(&org.facts.policies, seat);
    facts.awaiting_activation = standing.awaiting_activation;
    tx.insert_user(&user, standing)?;
    // Only now: that a name is taken comes before that no seat is free (D40), since it tells an
    // identity provider whom to link.
    if seat == Admission::Refused {
        return Err(Error::new(Code::SeatsFull, seats::full(&org)));
    }
    settle_arrival(tx, Unit::provisioned(&org, &new.change), new.id, facts)?;
    let names: Vec<&String> = resource.attributes.keys().collect();
    let entry = audit::Entry {
        action: Action::UserCreated,
        subject: new.id.to_string(),
        before: Value::Null,
        // Names only: the audit is kept when the person is gone.
        after: json!({ "attributes": names }),
    };
    audit::record(tx, &new.change, entry)?;
    Ok(UserReply {
        row: user.row,
        groups: Vec::new(),
        changed: true,
        leniencies: Vec::new(),
    })
}

/// Whether there is a seat, where the user would take one at once.
fn seat(tx: &mut dyn Tx, org: &OrgSettings, facts: &UserFacts) -> Result<Admission> {
    let waits = org.facts.policies.require_activation;
    let takes_seat = !waits && resolve(&org.facts, facts).access.seat;
    seats::admission(tx, org, takes_seat)
}
