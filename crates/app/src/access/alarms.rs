//! What people are told at once: many lose their access (D18), more seats are used than there are
//! (D19). Nothing is held back.

use domain::{
    Access, Detail, EventKind, State, Subject,
    brake::{LEAST_LOSSES, WINDOW_MINUTES, enough_active},
    is_mass_loss,
};

use super::unit::{Settling, Unit};
use crate::{
    Result, events,
    port::{Tx, counts::Losses},
};

/// Looks at what a unit of work did.
pub(super) fn raise(tx: &mut dyn Tx, unit: Unit<'_>, settled: &[Settling]) -> Result<()> {
    let nothing = Access::nothing();
    let lost: Vec<&Settling> = settled
        .iter()
        .filter(|one| lost_access(one.before.as_ref().unwrap_or(&nothing), &one.after))
        .collect();
    let still = |one: &&&Settling| one.after.state == State::Active;
    let lost = Losses {
        users: lost.len() as u64,
        still_active: lost.iter().filter(still).count() as u64,
        alarmed: false,
    };
    mass_loss(tx, unit, lost, 0)?;
    let seats = |access: &Access| i64::from(access.seat);
    let more: i64 = settled
        .iter()
        .map(|one| seats(&one.after) - one.before.as_ref().map_or(0, seats))
        .sum();
    over_limit(tx, unit, more)
}

/// Looks at the removal of a user.
pub(super) fn departed(tx: &mut dyn Tx, unit: Unit<'_>, before: &Access) -> Result<()> {
    let users = u64::from(lost_access(before, &Access::nothing()));
    let lost = Losses {
        users,
        ..Losses::default()
    };
    // The row is still there, and counted among the active ones.
    mass_loss(tx, unit, lost, users)
}

fn lost_access(before: &Access, after: &Access) -> bool {
    let has = |access: &Access| {
        access.state == State::Active
            && (access.role.is_some()
                || !access.workspaces.is_empty()
                || !access.projects.is_empty())
    };
    has(before) && !has(after)
}

/// `leaving` of those who are counted among the active are about to be removed.
fn mass_loss(tx: &mut dyn Tx, unit: Unit<'_>, lost: Losses, leaving: u64) -> Result<()> {
    if lost.users == 0 {
        return Ok(());
    }
    let losses = tx.add_losses(unit.change.at, lost, WINDOW_MINUTES)?;
    if losses.alarmed || losses.users < LEAST_LOSSES {
        return Ok(());
    }
    // An organization is not counted to its end for each of its losses.
    let most = enough_active(losses.users) + leaving;
    let active = tx.active_users(most)?.saturating_sub(leaving);
    // Who lost a role and stayed active, in this request or an earlier one, is counted already.
    let gone = losses.users.saturating_sub(losses.still_active);
    let active_before = active + gone;
    if is_mass_loss(&unit.org.facts.policies, active_before, losses.users) {
        tx.note_alarm(unit.change.at)?;
        let sides = (
            Detail::Users {
                active: active_before,
            },
            Detail::Users { active },
        );
        events::organization(
            tx,
            EventKind::AlarmMassLoss,
            Some(sides.0),
            Some(sides.1),
            unit.change,
        )?;
    }
    Ok(())
}

/// Raised when the limit is crossed, not while it stays crossed.
fn over_limit(tx: &mut dyn Tx, unit: Unit<'_>, more: i64) -> Result<()> {
    let Some(limit) = unit.org.seat_limit.map(u64::from).filter(|_| more > 0) else {
        return Ok(());
    };
    // Two who each give seats must not each see only their own: nobody would say that it is crossed.
    tx.need_exclusive()?;
    let used = tx.seats_used()?;
    if used > limit && used.saturating_sub(more.unsigned_abs()) <= limit {
        let seats = Detail::Seats { used, limit };
        events::organization(tx, EventKind::SeatOverLimit, None, Some(seats), unit.change)?;
    }
    Ok(())
}

/// Says that nobody active has a protected role any more.
pub(super) fn vacant(tx: &mut dyn Tx, unit: Unit<'_>, role: &domain::RoleKey) -> Result<()> {
    let subject = Subject::Role { role: role.clone() };
    events::about(
        tx,
        EventKind::ProtectedRoleVacant,
        subject,
        None,
        None,
        unit.change,
    )
}
