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
//! Where an organization has a limit of seats, each gate also tells how many were taken less those
//! given back behind it, which is written by whoever holds it and by nobody else at that time. Together
//! they are the seats in use, so that nobody counts users.
//!
//! SQLite has one writer, which is alone anyway. There an organization has the door only.

use std::sync::atomic::{AtomicI64, Ordering};

use app::port::{Lock, Stored};
use diesel::sql_types::{BigInt, Bool, Nullable};
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
    FreeFrom: "SELECT gate, revision, seats IS NOT NULL FROM org_gates \
         WHERE org = ? AND gate >= ? ORDER BY gate LIMIT 1 {for update skip locked}" =>
        (BigInt, BigInt, Bool) as (i64, i64, bool);
    /// This one, as soon as it is free.
    One: "SELECT gate, revision, seats IS NOT NULL FROM org_gates \
         WHERE org = ? AND gate = ? {for update}" => (BigInt, BigInt, Bool) as (i64, i64, bool);
    /// The door as soon as it is free, and then every other one that is.
    DoorAndFree: "SELECT d.gate, d.revision, d.seats IS NOT NULL \
         FROM (SELECT gate, revision, seats FROM org_gates \
             WHERE org = ? AND gate = 0 {for update}) d, \
         LATERAL (SELECT g.gate FROM org_gates g WHERE g.org = ? AND g.gate > d.gate \
             {for update skip locked}) f" => (BigInt, BigInt, Bool) as (i64, i64, bool);
    /// All. From the last one on, because whoever shares looks from somewhere on to the last: of those
    /// that are still open fewer and fewer are then seen.
    All: "SELECT gate, revision, seats IS NOT NULL FROM org_gates \
         WHERE org = ? ORDER BY gate DESC {for update}" => (BigInt, BigInt, Bool) as (i64, i64, bool);
    Move: "UPDATE org_gates SET revision = revision + 1 WHERE org = ?";
    MakeDoor: "INSERT INTO org_gates (org, gate, revision) VALUES (?, 0, 1)";
    /// PostgreSQL: those beside the door.
    MakeOthers: "INSERT INTO org_gates (org, gate, revision, seats) \
         SELECT d.org, n.gate, d.revision, d.seats * 0 FROM org_gates d, generate_series(1, ?) AS n (gate) WHERE d.org = ? AND d.gate = 0";
    /// The same of all organizations, of which none has one.
    MakeAllOthers: "INSERT INTO org_gates (org, gate, revision, seats) \
         SELECT d.org, n.gate, d.revision, d.seats * 0 FROM org_gates d, generate_series(1, ?) AS n (gate) WHERE d.gate = 0";
    Seats: "SELECT CAST(sum(seats) AS BIGINT) FROM org_gates WHERE org = ?" =>
        (Nullable<BigInt>,) as (Option<i64>,);
    MoveSeats: "UPDATE org_gates SET seats = seats + ? WHERE org = ? AND gate = ?";
    /// All behind the door.
    CountSeats: "UPDATE org_gates SET seats = CASE WHEN gate = 0 \
         THEN (SELECT count(*) FROM access {sqlite INDEXED BY access_active} \
             WHERE org = ? AND state = 'active' AND seat) ELSE 0 END WHERE org = ?";
    ForgetSeats: "UPDATE org_gates SET seats = NULL WHERE org = ?";
}

/// What a unit of work that writes holds of an organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    /// One of its gates; all where the unit is alone.
    gate: i64,
    /// What settings and places are known by.
    pub(crate) revision: i64,
    /// Whether the seats in use are kept.
    keeps_seats: bool,
}

type Gate = (i64, i64, bool);

impl From<Gate> for Held {
    fn from((gate, revision, keeps_seats): Gate) -> Held {
        Held {
            gate,
            revision,
            keeps_seats,
        }
    }
}

impl Held {
    /// Of what belongs to no organization.
    pub(crate) fn of_instance(revision: i64) -> Held {
        Held::from((0, revision, false))
    }
}

/// The revision of the settings without a lock; none where the organization is not there.
pub(crate) fn revision(session: &mut Session, org: OrgId) -> Stored<Option<i64>> {
    let row = Revision::row(session, &[Bind::Int(org.0)])?;
    Ok(row.map(|(revision,)| revision))
}

/// Takes the lock of a unit that writes; none where the organization is not there.
///
/// On PostgreSQL the statements that follow see all that was committed before it was obtained.
pub(crate) fn lock(session: &mut Session, org: OrgId, lock: Lock) -> Stored<Option<Held>> {
    let gate = match lock {
        _ if session.is_sqlite() => One::row(session, &[Bind::Int(org.0), Bind::Int(0)])?,
        Lock::Exclusive => close(session, org)?,
        _ => share(session, org)?,
    };
    Ok(gate.map(Held::from))
}

fn share(session: &mut Session, org: OrgId) -> Stored<Option<Gate>> {
    let binds = [Bind::Int(org.0), Bind::Int(somewhere())];
    match FreeFrom::row(session, &binds)? {
        Some(gate) => Ok(Some(gate)),
        None => One::row(session, &binds),
    }
}

/// Two who do this never hold what the other waits for: only one of them is behind the door, and
/// whoever shares waits for nothing while he holds a gate.
fn close(session: &mut Session, org: OrgId) -> Stored<Option<Gate>> {
    let org = Bind::Int(org.0);
    let mut closed = DoorAndFree::rows(session, &[org, org])?;
    if i64::try_from(closed.len()) != Ok(GATES - 1) {
        closed = All::rows(session, &[org])?;
    }
    Ok(closed.into_iter().next())
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

/// Seats that were taken by this unit, less those given back; does nothing where they are not kept.
pub(crate) fn move_seats(session: &mut Session, org: OrgId, held: Held, more: i64) -> Stored<()> {
    if held.keeps_seats && more != 0 {
        let binds = [Bind::Int(more), Bind::Int(org.0), Bind::Int(held.gate)];
        MoveSeats::run(session, &binds)?;
    }
    Ok(())
}

/// Seats in use; none where they are not kept.
pub(crate) fn seats(session: &mut Session, org: OrgId) -> Stored<Option<i64>> {
    let row = Seats::row(session, &[Bind::Int(org.0)])?;
    Ok(row.and_then(|(seats,)| seats))
}

/// Counts the seats and keeps them from now on, or does so no more; by whoever is alone.
pub(crate) fn keep_seats(
    session: &mut Session,
    org: OrgId,
    held: &mut Held,
    keep: bool,
) -> Stored<()> {
    let org = Bind::Int(org.0);
    if keep {
        session.without_deadline()?;
        CountSeats::run(session, &[org, org])?;
    } else {
        ForgetSeats::run(session, &[org])?;
    }
    held.keeps_seats = keep;
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
