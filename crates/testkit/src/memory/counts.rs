//! Numbers that decisions need.

use std::sync::Arc;

use app::port::access::AccessRow;
use app::port::counts::Losses;
use app::port::{Counts, Millis, Stored};
use domain::{Access, RoleKey, State, UserId};

use super::unit::MemoryTx;

fn minute(at: Millis) -> i64 {
    at.div_euclid(60_000)
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl MemoryTx {
    fn count(&self, counts: impl Fn(&Access) -> bool) -> u64 {
        let all = self.org.access.values();
        number(all.filter(|access| counts(access)).count())
    }
}

impl Counts for MemoryTx {
    fn seats_used(&mut self) -> Stored<u64> {
        Ok(self.count(|access| access.seat))
    }

    fn active_users(&mut self, most: u64) -> Stored<u64> {
        let active = self.count(|access| access.state == State::Active);
        Ok(active.min(most))
    }

    fn all_users(&mut self) -> Stored<u64> {
        Ok(number(self.org.users.len()))
    }

    fn stale_count(&mut self) -> Stored<u64> {
        Ok(number(self.org.stale.len()))
    }

    fn holders(&mut self, roles: &[RoleKey], after: Option<UserId>) -> Stored<Vec<AccessRow>> {
        let holds = |access: &Access| {
            access.state == State::Active
                && access
                    .role
                    .as_ref()
                    .is_some_and(|role| roles.contains(role))
        };
        let holders = self
            .org
            .access
            .iter()
            .filter(|(user, access)| after.is_none_or(|after| **user > after) && holds(access));
        Ok(holders
            .take(100)
            .map(|(user, access)| self.access_row(*user, access))
            .collect())
    }

    fn add_losses(&mut self, at: Millis, lost: Losses, minutes: u64) -> Stored<Losses> {
        self.may_write()?;
        let sum = Arc::make_mut(&mut self.org.losses)
            .entry(minute(at))
            .or_default();
        sum.users += lost.users;
        sum.still_active += lost.still_active;
        self.losses(at, minutes)
    }

    fn losses(&mut self, at: Millis, minutes: u64) -> Stored<Losses> {
        let now = minute(at);
        let since = now.saturating_sub(i64::try_from(minutes).unwrap_or(i64::MAX));
        let window = self.org.losses.iter();
        let window = window.filter(|(minute, _)| (since + 1..=now).contains(*minute));
        Ok(window.fold(Losses::default(), |sum, (_, losses)| Losses {
            users: sum.users + losses.users,
            still_active: sum.still_active + losses.still_active,
            alarmed: sum.alarmed || losses.alarmed,
        }))
    }

    fn note_alarm(&mut self, at: Millis) -> Stored<()> {
        self.may_write()?;
        Arc::make_mut(&mut self.org.losses)
            .entry(minute(at))
            .or_default()
            .alarmed = true;
        Ok(())
    }
}
