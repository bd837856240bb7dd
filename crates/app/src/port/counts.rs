//! Numbers that decisions need, each answered by an index or a counter.

use domain::{RoleKey, UserId};

use super::{Millis, Stored, access::AccessRow};

/// Losses of access of the last minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Losses {
    /// How many users lost their access.
    pub users: u64,
    /// How many of them stayed active, so that they are counted among the active ones.
    pub still_active: u64,
    /// Whether an alarm was raised for them already.
    pub alarmed: bool,
}

/// Counting.
pub trait Counts {
    /// Seats in use by stored access. Where the organization has a limit of them it costs the same
    /// however many users there are.
    fn seats_used(&mut self) -> Stored<u64>;

    /// Users whose stored state is active, counted up to `most`.
    fn active_users(&mut self, most: u64) -> Stored<u64>;

    /// All users.
    fn all_users(&mut self) -> Stored<u64>;

    /// Users marked stale.
    fn stale_count(&mut self) -> Stored<u64>;

    /// Active users whose stored role is one of these, with an id greater than `after`, in id
    /// order, at most 100.
    fn holders(&mut self, roles: &[RoleKey], after: Option<UserId>) -> Stored<Vec<AccessRow>>;

    /// Adds users who lost their access at this moment, those among them who stayed active told
    /// apart, and tells the sum of the last `minutes` minutes, this one included. Whether an alarm
    /// was raised is not looked at in what is added.
    fn add_losses(&mut self, at: Millis, lost: Losses, minutes: u64) -> Stored<Losses>;

    /// The sum of the last `minutes` minutes.
    fn losses(&mut self, at: Millis, minutes: u64) -> Stored<Losses>;

    /// Notes that an alarm was raised for this minute.
    fn note_alarm(&mut self, at: Millis) -> Stored<()>;
}
