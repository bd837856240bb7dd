//! Long work, as administrators see it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{Result, port::Tx, representation::time};

/// A change whose consequences are worked off after it. Whoever reads access meanwhile sees it as
/// it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobView {
    /// Its id.
    pub id: String,
    /// What began it.
    pub kind: String,
    /// `running` or `done`.
    pub state: &'static str,
    /// When it began.
    pub started_at: String,
    /// When nobody was left.
    #[schema(required = true)]
    pub finished_at: Option<String>,
    /// How many users were left when it began.
    pub total: u64,
    /// How many of them are resolved; of several jobs that run at once the sum counts for each.
    pub done: u64,
}

/// The newest 100 jobs.
///
/// # Errors
/// The store is away.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<JobView>> {
    let left = tx.stale_count()?;
    let view = |job: crate::port::jobs::JobRow| {
        let running = job.finished.is_none() && left > 0;
        JobView {
            id: job.id.to_string(),
            kind: job.kind,
            state: if running { "running" } else { "done" },
            started_at: time(job.started),
            finished_at: job.finished.map(time),
            total: job.total,
            done: if running {
                job.total.saturating_sub(left)
            } else {
                job.total
            },
        }
    };
    Ok(tx.jobs()?.into_iter().map(view).collect())
}
