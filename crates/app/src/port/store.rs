//! The store: where units of work run, and how they end.

use std::sync::Arc;

use domain::OrgId;

use super::{Instance, Tx};

/// How much of the organization a unit of work reserves before it reads facts.
///
/// Only PostgreSQL needs it, which takes row locks for it; SQLite has one writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// One statement that reads, which is a snapshot by itself, so that the store needs no
    /// transaction around it. A unit that asks for a second one is begun again with
    /// [`Lock::Read`], so that this is a hint and never wrong.
    Glance,
    /// A snapshot; nothing may be written.
    Read,
    /// Changes of users and of group members.
    Shared,
    /// Changes of rules, catalog, policies and connection; creating, renaming or deleting a group;
    /// deleting a user.
    Exclusive,
}

/// What a job works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The organization that every statement is bound to.
    pub org: OrgId,
    /// What it reserves.
    pub lock: Lock,
}

/// One unit of work that owns its command, may be run again, and carries its reply inside.
pub trait Job: Send {
    /// What it works on; the adapter reads it before [`Job::run`].
    fn unit(&self) -> Unit;

    /// Runs the use case. Called again from the start after a rollback for a passing reason.
    ///
    /// # Errors
    /// [`Abort`] rolls everything back.
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Abort>;

    /// Whether it may be answered from a state that is some seconds old, where there is a replica.
    /// Then it may run there first and, where that refuses, again on the primary.
    fn may_lag(&self) -> bool {
        false
    }

    /// Tells the end, exactly once, after COMMIT or rollback. Must not block.
    fn done(self: Box<Self>, outcome: Outcome);
}

/// Why a job rolls back.
#[derive(Debug)]
pub enum Abort {
    /// The use case said no; it has kept its typed error.
    Refused,
    /// A capability failed. The adapter may run the job again.
    Store(StoreError),
}

/// How a job ended.
#[derive(Debug)]
pub enum Outcome {
    /// Committed: durable as far as the database promises.
    Committed,
    /// Rolled back because the use case refused.
    Refused,
    /// Rolled back because the store failed.
    Failed(StoreError),
}

/// Which row a unique key protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// `userName`, by its folded key.
    UserName,
    /// A group's `displayName`, by its folded key.
    GroupName,
    /// An organization's slug.
    OrgSlug,
    /// The slug of a workspace in its organization, or of a project in its workspace.
    Place,
    /// An id that we made ourselves; taken means our generator is broken.
    Id,
}

/// Why the store could not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken.
    #[error("the key {0:?} is taken")]
    Conflict(Unique),
    /// The unit holds less than the use case needs; the adapter starts it again with more.
    #[error("this unit of work has to start again with the lock {0:?}")]
    NeedsLock(Lock),
    /// Nothing was done; trying again later may help (queue full, database away, disk full).
    #[error("the database cannot take this now")]
    Unavailable(#[source] Cause),
    /// Nothing was done, and trying again will not help.
    #[error("the database refused a statement")]
    Broken(#[source] Cause),
}

/// An adapter's own error, kept for the log only.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Where the caller should stand when it calls [`Store::read`] and [`Store::write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Point reads take microseconds and may run on a worker of the HTTP server.
    pub quick_reads: bool,
    /// [`Store::write`] only hands over and returns at once; [`Job::done`] comes from elsewhere.
    pub queued_writes: bool,
}

/// A database that runs units of work.
pub trait Store: Send + Sync {
    /// Runs a reading job in one snapshot on this thread, then calls its [`Job::done`].
    fn read(&self, job: Box<dyn Job>);

    /// Runs a writing job, or hands it to the writer; [`Job::done`] is called once in either case,
    /// with [`StoreError::Unavailable`] where the queue or the pool is full.
    fn write(&self, job: Box<dyn Job>);

    /// Where to call from.
    fn placement(&self) -> Placement;

    /// The few tables that do not belong to one organization.
    fn instance(&self) -> &dyn Instance;

    /// Gives committed events their number in the feed, where the database did not do so inside
    /// the transaction. Returns how many were numbered; while that is not 0 there may be more.
    /// Where it fails for one organization the others' events get theirs.
    ///
    /// # Errors
    /// The store is away; nothing was numbered, and some could not be.
    fn number_events(&self) -> Result<usize, StoreError>;

    /// Answers only if the database does.
    ///
    /// # Errors
    /// What keeps it from answering.
    fn ready(&self) -> Result<(), StoreError>;
}
