//! Long work, as administrators see it.

use uuid::Uuid;

use super::{Millis, Stored};

/// A change whose consequences are worked off after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Ours.
    pub id: Uuid,
    /// What began it: `mapping`, `settings`, `catalog`, `group` or `place`.
    pub kind: String,
    /// When.
    pub started: Millis,
    /// How many users were left to resolve when it began.
    pub total: u64,
    /// When nobody was left; none while it goes on.
    pub finished: Option<Millis>,
}

/// Reading and writing jobs.
pub trait Jobs {
    /// Stores a new job.
    fn start_job(&mut self, job: &JobRow) -> Stored<()>;

    /// Marks every job of the organization that goes on as finished.
    fn finish_jobs(&mut self, at: Millis) -> Stored<()>;

    /// Removes finished jobs that began before this moment, at most `limit` and from the oldest on;
    /// how many there were.
    fn forget_jobs(&mut self, before: Millis, limit: u64) -> Stored<u64>;

    /// Jobs, newest first, at most 100.
    fn jobs(&mut self) -> Stored<Vec<JobRow>>;
}
