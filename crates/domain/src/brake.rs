//! The alarm about a mass loss of access (D18). Nothing is held back.

use crate::policy::{Brake, Policies};

/// The time over which losses are added up, in minutes.
pub const WINDOW_MINUTES: u64 = 10;
/// Fewer losses than this are never a mass loss.
pub const LEAST_LOSSES: u64 = 20;
/// More than this share of the active users, in percent, is a mass loss.
pub const SHARE_PERCENT: u64 = 30;

/// Whether to raise `alarm.mass_loss`: `lost` users lost their access in the last
/// [`WINDOW_MINUTES`], of `active_before` who were active when that time began.
pub fn is_mass_loss(policies: &Policies, active_before: u64, lost: u64) -> bool {
    let share = u128::from(lost) * 100 > u128::from(active_before) * u128::from(SHARE_PERCENT);
    policies.brake == Brake::Alarm && lost >= LEAST_LOSSES && share
}

/// With so many active users before, so many losses are no mass loss: nobody has to count further.
pub fn enough_active(lost: u64) -> u64 {
    lost.saturating_mul(100) / SHARE_PERCENT + 1
}

#[cfg(test)]
mod tests;
