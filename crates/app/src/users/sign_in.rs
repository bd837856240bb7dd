//! The app reports a sign-in, which activates a user who waited for it.

use domain::{Admission, UserId, resolve};

use crate::{
    Error, Result,
    access::{AccessReply, Happened, Unit, load_facts, read, settle},
    change::Change,
    error::Code,
    port::Tx,
    seats,
};

/// A reported sign-in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Who.
    pub id: UserId,
    /// When, and through whom.
    pub change: Change,
}

/// Activates the user where nothing else speaks against it, and answers the access from now on. A
/// further sign-in changes nothing.
///
/// # Errors
/// Not found; all seats are taken and the policy refuses.
pub fn sign_in(tx: &mut dyn Tx, command: &SignIn) -> Result<AccessReply> {
    let row = tx
        .user_for_update(command.id)?
        .ok_or_else(|| Error::not_found("user"))?;
    let org = tx.settings()?;
    let facts = load_facts(tx, &org, &[row.id])?.pop();
    if let Some((_, mut facts)) = facts.filter(|(_, facts)| facts.awaiting_activation) {
        facts.awaiting_activation = false;
        let takes_seat = resolve(&org.facts, &facts).access.seat;
        let seat = seats::admission(tx, &org, takes_seat)?;
        if seat == Admission::Refused {
            return Err(Error::new(Code::SeatsFull, seats::full(&org)));
        }
        let unit = Unit::administered(&org, &command.change, "sign_in");
        settle(tx, unit, &[row.id], Happened::SignedIn(seat))?;
    }
    read(tx, row.id)
}
