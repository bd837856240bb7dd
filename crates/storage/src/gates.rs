//! The gates of an organization: who may work in it beside whom.
//!
//! A unit of work that shares the organization with others holds one gate, which nobody else holds;
//! one that is alone there holds all of them. So nobody who shares has a word with another, and
//! whoever wants to be alone closes gate after gate: those that he has closed let nobody in any
//! more, so that he waits for the units that are there and never for all that come.
//!
//! The revision of the settings stands in each gate: it comes with the lock, as it was committed
//! last. Whoever moves it holds them all.
//!
//! SQLite has one writer, which is alone anyway. There an organization has the door only.

use std::sync::atomic::{AtomicI64, Ordering};

use app::port::{Lock, Stored};
use diesel::sql_types::BigInt;
use domain::OrgId;

use crate::session::Session;
use crate::sql::{Bind, statements};

#[cfg(test)]
mod tests;

/// How many there are on PostgreSQL: the door, which only those who are alone close, and one for each
/// of so many units that run beside each other. Where more of them come they wait for each other.
const GATES: i64 = 32;

statements! {
    /// What the settings are known by; waits for nobody.
    Revision: "SELECT revision FROM org_gates WHERE org = ? AND gate = 0" => (BigInt,) as (i64,);
    /// The first from this one on that is free.
    FreeFrom: "SELECT revision FROM org_gates WHERE org = ? AND gate >= ? ORDER BY gate LIMIT 1 \
         {for update skip locked}" => (BigInt,) as (i64,);
    /// This one, as soon as it is free.
    One: "SELECT revision FROM org_gates WHERE org = ? AND gate = ? {for update}" =>
        (BigInt,) as (i64,);
    /// The door as soon as it is free, and then every other one that is.
    DoorAndFree: "SELECT d.revision FROM (SELECT gate, revision FROM org_gates \
             WHERE org = ? AND gate = 0 {for update}) d, \
         LATERAL (SELECT g.gate FROM org_gates g WHERE g.org = ? AND g.gate > d.gate \
             {for update skip locked}) f" => (BigInt,) as (i64,);
    /// All. From the last one on, because whoever shares looks from somewhere on to the last: of those
    /// that are still open fewer and fewer are then seen.
    All: "SELECT revision FROM org_gates WHERE org = ? ORDER BY gate DESC {for update}" =>
        (BigInt,) as (i64,);
    Move: "UPDATE org_gates SET revision = revision + 1 WHERE org = ?";
    MakeDoor: "INSERT INTO org_gates (org, gate, revision) VALUES (?, 0, 1)";
    /// PostgreSQL: those beside the door.
    MakeOthers: "INSERT INTO org_gates (org, gate, revision) SELECT d.org, n.gate, d.revision \
         FROM org_gates d, generate_series(1, ?) AS n (gate) WHERE d.org = ? AND d.gate = 0";
    /// The same of all organizations, of which none has one.
    MakeAllOthers: "INSERT INTO org_gates (org, gate, revision) SELECT d.org, n.gate, d.revision \
         FROM org_gates d, generate_series(1, ?) AS n (gate) WHERE d.gate = 0";
}

/// Takes the lock and tells the settings' revision; none where the organization is not there.
///
/// On PostgreSQL the statements that follow see all that was committed before it was obtained.
pub(crate) fn lock(session: &mut Session, org: OrgId, lock: Lock) -> Stored<Option<i64>> {
    match lock {
        Lock::Shared if !session.is_sqlite() => share(session, org),
        Lock::Exclusive if !session.is_sqlite() => close(session, org),
        _ => Ok(Revision::row(session, &[Bind::Int(org.0)])?.map(|(revision,)| revision)),
    }
}

fn share(session: &mut Session, org: OrgId) -> Stored<Option<i64>> {
    let binds = [Bind::Int(org.0), Bind::Int(somewhere())];
    let row = match FreeFrom::row(session, &binds)? {
        Some(row) => Some(row),
        None => One::row(session, &binds)?,
    };
    Ok(row.map(|(revision,)| revision))
}

/// Two who do this never hold what the other waits for: only one of them is behind the door, and
/// whoever shares waits for nothing while he holds a gate.
fn close(session: &mut Session, org: OrgId) -> Stored<Option<i64>> {
    let org = Bind::Int(org.0);
    let mut closed = DoorAndFree::rows(session, &[org, org])?;
    if i64::try_from(closed.len()) != Ok(GATES - 1) {
        closed = All::rows(session, &[org])?;
    }
    Ok(closed.first().map(|(revision,)| *revision))
}

/// Any gate but the door, so that not all begin at the same one.
fn somewhere() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    // With this stride every one of them comes once before any comes again.
    let next = NEXT.fetch_add(12, Ordering::Relaxed);
    1 + next.rem_euclid(GATES - 1)
}

/// Moves the revision, by whoever is alone in the organization.
pub(crate) fn move_revision(session: &mut Session, org: OrgId) -> Stored<()> {
    Move::run(session, &[Bind::Int(org.0)])?;
    Ok(())
}

/// Those of a new organization.
pub(crate) fn make(session: &mut Session, org: OrgId) -> Stored<()> {
    MakeDoor::run(session, &[Bind::Int(org.0)])?;
    if !session.is_sqlite() {
        MakeOthers::run(session, &[Bind::Int(GATES - 1), Bind::Int(org.0)])?;
    }
    Ok(())
}

/// Those of organizations that were copied with their doors alone.
pub(crate) fn make_all(session: &mut Session) -> Stored<()> {
    if !session.is_sqlite() {
        MakeAllOthers::run(session, &[Bind::Int(GATES - 1)])?;
    }
    Ok(())
}
