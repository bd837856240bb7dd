//! What a database says of itself, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use app::port::Stored;
use diesel::sql_types::BigInt;

use crate::session::Session;
use crate::sql::statements;

statements! {
    StaleUsers: "SELECT count(*) FROM stale_access" => (BigInt,) as (i64,);
    UnfinishedJobs: "SELECT count(*) FROM jobs WHERE finished IS NULL" => (BigInt,) as (i64,);
    /// One row for each organization. A sum of whole numbers is no whole number on PostgreSQL.
    Events: "SELECT CAST(coalesce(sum(seq), 0) AS BIGINT) FROM feed_heads" => (BigInt,) as (i64,);
    /// PostgreSQL only, where an index has them.
    UnnumberedEvents: "SELECT count(*) FROM events WHERE seq IS NULL" => (BigInt,) as (i64,);
}

/// What this process has done with the database so far, and holds of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Statements sent.
    pub statements: u64,
    /// Connections in the pool.
    pub connections: u64,
    /// Those of them that do nothing.
    pub idle: u64,
    /// How often a connection was taken out of the pool.
    pub taken: u64,
    /// How long that was waited for in all, in microseconds.
    pub waited_us: u64,
    /// How often none came in time.
    pub timeouts: u64,
    /// Whether a replica is read from at this moment.
    pub replica_fresh: bool,
    /// Reads that a replica answered.
    pub replica_reads: u64,
    /// Reads that were tried there and left to the primary.
    pub replica_fallbacks: u64,
    /// SQLite: units of work that wait for the writer.
    pub queued: u64,
    /// SQLite: units of work that the writer took.
    pub units: u64,
    /// SQLite: batches it took them in.
    pub batches: u64,
}

/// What is in the database, all organizations together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Users whose access is still to be worked out.
    pub stale_users: u64,
    /// Jobs that are not finished.
    pub unfinished_jobs: u64,
    /// Events that were ever numbered.
    pub events: u64,
    /// Events that wait for their number.
    pub unnumbered_events: u64,
}

/// Asks, statement by statement.
///
/// # Errors
/// The database is away.
pub(crate) fn contents(session: &mut Session) -> Stored<Contents> {
    let count = |row: Option<(i64,)>| row.map_or(0, |(count,)| count.unsigned_abs());
    Ok(Contents {
        stale_users: count(StaleUsers::row(session, &[])?),
        unfinished_jobs: count(UnfinishedJobs::row(session, &[])?),
        events: count(Events::row(session, &[])?),
        unnumbered_events: if session.is_sqlite() {
            0
        } else {
            count(UnnumberedEvents::row(session, &[])?)
        },
    })
}

/// What the pool has to do.
#[derive(Debug, Default)]
pub(crate) struct PoolMeter {
    taken: AtomicU64,
    waited_us: AtomicU64,
    timeouts: AtomicU64,
}

impl PoolMeter {
    /// Adds what was measured to the figures.
    pub(crate) fn tell(&self, figures: &mut Figures) {
        figures.taken = self.taken.load(Ordering::Relaxed);
        figures.waited_us = self.waited_us.load(Ordering::Relaxed);
        figures.timeouts = self.timeouts.load(Ordering::Relaxed);
    }
}

/// The meter as the pool tells it.
#[derive(Debug)]
pub(crate) struct Told(pub(crate) std::sync::Arc<PoolMeter>);

impl r2d2::HandleEvent for Told {
    fn handle_checkout(&self, event: r2d2::event::CheckoutEvent) {
        let waited = u64::try_from(event.duration().as_micros()).unwrap_or(u64::MAX);
        self.0.taken.fetch_add(1, Ordering::Relaxed);
        self.0.waited_us.fetch_add(waited, Ordering::Relaxed);
    }

    fn handle_timeout(&self, _: r2d2::event::TimeoutEvent) {
        self.0.timeouts.fetch_add(1, Ordering::Relaxed);
    }
}
