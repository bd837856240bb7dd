//! Seats: counted when a user is created, reactivated or signs in; nothing else is ever refused
//! for them (D19).

use domain::{Admission, admit};

use crate::{
    Result,
    port::{Tx, org::OrgSettings},
};

/// What the limit says about a user who would take one more seat.
pub(crate) fn admission(tx: &mut dyn Tx, org: &OrgSettings, takes_seat: bool) -> Result<Admission> {
    let Some(limit) = org.seat_limit.filter(|_| takes_seat) else {
        return Ok(Admission::Seated);
    };
    // Two who arrive at once must not both get the last seat.
    tx.need_exclusive()?;
    let used = tx.seats_used()?;
    Ok(admit(&org.facts.policies, Some(limit.into()), used))
}

/// The refusal's sentence.
pub(crate) fn full(org: &OrgSettings) -> String {
    format!(
        "All {} seats of this organization are taken; free one, raise seat_limit, or set the \
         policy when_full to admit_not_activated.",
        org.seat_limit.unwrap_or_default()
    )
}
