//! Access at a past moment: one row for each change of a user's explicit access.

use domain::{Access, Cause, UserId};

use super::{Millis, Stored};

/// A user's access from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Whose.
    pub user: UserId,
    /// Since when. Of several changes in one millisecond the last one counts; a change that drew
    /// its time before another one, and was written after it, counts from a millisecond after it.
    pub at: Millis,
    /// What it was from then on; nothing once the user was removed.
    pub access: Access,
    /// What brought it about.
    pub cause: Cause,
}

/// What a look at the history of some users came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// How many rows are gone.
    pub rows: u64,
    /// The last user looked at; none where all were.
    pub until: Option<UserId>,
}

/// Writing and reading history.
pub trait History {
    /// Adds rows of users whose rows are locked; one of the same user and millisecond is replaced.
    /// Where there is a later one, the row goes a millisecond behind it: time is drawn before locks
    /// are taken, and clocks of processes differ, but what was written last is what is.
    fn record(&mut self, rows: &[HistoryRow]) -> Stored<()>;

    /// The access that a user, there or removed, had at a moment; none before the first row.
    fn access_at(&mut self, user: UserId, at: Millis) -> Stored<Option<HistoryRow>>;

    /// The access of every user at a moment, of users with an id greater than `after`, in id
    /// order, at most `limit`.
    fn access_page_at(
        &mut self,
        at: Millis,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<HistoryRow>>;

    /// Looks at the rows of users with an id greater than `after`, in id order, until they are more
    /// than `limit` and one user's are complete, and forgets those that were followed by another one
    /// before this moment. Costs as much as is looked at, however much there is.
    fn forget_before(&mut self, at: Millis, after: Option<UserId>, limit: u64)
    -> Stored<Forgotten>;
}
