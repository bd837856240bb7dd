//! A connection in use: counts its statements, and knows when it must not be used again.

mod later;
mod pages;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::port::{Lock, StoreError, Stored};
use diesel::QueryResult;
use diesel::connection::SimpleConnection;

use crate::connection::{Connected, Either};
use crate::error::{Fault, Reason, fault, stored};
use crate::lookout::Line;
use crate::sql::{Bind, Fixed, Made, Prepared, statements};

pub(crate) use pages::{DataVersion, Whole};

statements! {
    Begin: "BEGIN";
    /// SQLite: as the one that writes.
    BeginImmediate: "BEGIN IMMEDIATE";
    /// PostgreSQL.
    BeginSnapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    /// PostgreSQL.
    BeginChange: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    Savepoint: "SAVEPOINT unit";
    Release: "RELEASE unit";
    RollbackTo: "ROLLBACK TO unit";
    Rollback: "ROLLBACK";
    Commit: "COMMIT";
}

/// How long calls may take, and what is known of the server's silences.
pub(crate) struct Calls {
    limit: Duration,
    /// None in a unit of work that may take as long as it takes.
    now: Option<Duration>,
    /// How often the server was silent for too long, on any connection.
    silences: Arc<AtomicU64>,
    /// How often it had been when this connection was made.
    before: u64,
}

impl Calls {
    /// For a connection that was made after so many silences.
    pub(crate) fn new(limit: Duration, silences: Arc<AtomicU64>, before: u64) -> Calls {
        Calls {
            limit,
            now: Some(limit),
            silences,
            before,
        }
    }
}

/// A connection with what is known about it.
pub(crate) struct Session {
    conn: Either,
    /// PostgreSQL only.
    line: Option<Arc<Line>>,
    calls: Calls,
    statements: Arc<AtomicU64>,
    /// The connection is lost or in an unknown state; it must be closed.
    pub(crate) broken: bool,
    /// What went wrong in this transaction, and whether it may simply run again.
    failure: Option<Failure>,
    /// Whether a statement has changed something since the unit of work began.
    changed: bool,
    /// How many statements may still run; no limit inside a transaction.
    left: Option<u32>,
    pages: pages::Pages,
    later: later::Later,
}

/// The first failure of a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// As the port tells it.
    pub(crate) error: StoreError,
    /// What it says about going on.
    pub(crate) fault: Fault,
}

impl Session {
    /// Wraps a connection; `statements` counts for the whole database.
    pub(crate) fn new(
        (conn, line): Connected,
        calls: Calls,
        statements: Arc<AtomicU64>,
    ) -> Session {
        Session {
            conn,
            line,
            calls,
            statements,
            broken: false,
            failure: None,
            changed: false,
            left: None,
            pages: pages::Pages::default(),
            later: later::Later::default(),
        }
    }

    /// True on SQLite.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.conn, Either::Sqlite(_))
    }

    /// The bare connection, for migrations.
    pub(crate) fn bare(&mut self) -> &mut Either {
        &mut self.conn
    }

    /// Runs one statement of a unit of work.
    ///
    /// After a failure nothing more runs until the unit is rolled back: PostgreSQL refuses it
    /// anyway, and on SQLite a full disk may have ended the transaction, so that a later statement
    /// would stay although nobody committed it.
    pub(crate) fn ask<T>(&mut self, act: impl FnOnce(&mut Either) -> QueryResult<T>) -> Stored<T> {
        if self.failure.is_some() {
            return Err(Reason::AfterFailure.broken());
        }
        self.send_waiting()?;
        if let Some(left) = &mut self.left {
            if *left == 0 {
                return Err(self.fail(StoreError::NeedsLock(Lock::Read)));
            }
            *left -= 1;
        }
        self.count();
        let done = self.call(act);
        self.ended(done)
    }

    /// Runs a fixed statement of a unit of work.
    pub(crate) fn statement<S: Fixed, T>(
        &mut self,
        act: impl FnOnce(&mut Either) -> QueryResult<T>,
    ) -> Stored<T> {
        let done = self.ask(act)?;
        self.changed |= !S::ONLY_READS;
        Ok(done)
    }

    /// A unit of work begins inside a transaction.
    pub(crate) fn begin_unit(&mut self) {
        self.changed = false;
    }

    /// Whether the unit has changed something. A statement that failed has not.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed
    }

    /// One call of the database, with a deadline on PostgreSQL.
    fn call<T>(&mut self, act: impl FnOnce(&mut Either) -> QueryResult<T>) -> QueryResult<T> {
        let (Some(line), Some(limit)) = (&self.line, self.calls.now) else {
            return act(&mut self.conn);
        };
        line.begin(limit);
        let done = act(&mut self.conn);
        if line.end() {
            self.calls.silences.fetch_add(1, Ordering::AcqRel);
        }
        done
    }

    /// Whether the server was silent for too long, here or elsewhere, since the connection was made.
    pub(crate) fn is_suspect(&self) -> bool {
        self.calls.silences.load(Ordering::Acquire) != self.calls.before
    }

    /// Lets every statement take as long as it takes from now on; for work of the command line.
    ///
    /// # Errors
    /// As any statement.
    pub(crate) fn be_patient(&mut self) -> Stored<()> {
        self.calls.limit = Duration::MAX;
        self.calls.now = None;
        if self.is_sqlite() {
            return Ok(());
        }
        self.batch("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    }

    /// Lets the statements of this unit of work take as long as they take. Waits for locks end as ever.
    ///
    /// # Errors
    /// As any statement.
    pub(crate) fn without_deadline(&mut self) -> Stored<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        self.batch("SET LOCAL statement_timeout = 0")?;
        self.calls.now = None;
        Ok(())
    }

    /// Runs a statement made at run time.
    pub(crate) fn execute(&mut self, text: &str, binds: &[Bind<'_>]) -> Stored<usize> {
        let query = Made::<()>::new(text, binds);
        let done = self.ask(|conn| diesel::RunQueryDsl::execute(query, conn))?;
        self.changed = true;
        Ok(done)
    }

    /// BEGIN, SAVEPOINT, COMMIT and their like: they run after a failure too. SQLite keeps them
    /// prepared; PostgreSQL takes them as text, in one round trip whatever went before.
    pub(crate) fn control<S: Fixed>(&mut self) -> Stored<()> {
        if !self.is_sqlite() {
            let done = self.batch(S::TEXT);
            // Whatever a unit of work was allowed ends with it.
            self.calls.now = Some(self.calls.limit);
            return done;
        }
        self.count();
        let query = Prepared::<S, ()>::new(&[]);
        let done = diesel::RunQueryDsl::execute(query, &mut self.conn);
        self.ended(done.map(drop))
    }

    /// Statements as they are, after a failure too.
    pub(crate) fn batch(&mut self, text: &str) -> Stored<()> {
        self.count();
        let done = self.call(|conn| conn.batch_execute(text));
        self.ended(done)
    }

    fn ended<T>(&mut self, done: QueryResult<T>) -> Stored<T> {
        done.map_err(|error| {
            if self.was_cut() {
                let silent = Reason::Silent(self.calls.limit.as_secs()).unavailable();
                return self.failed(silent, Fault::Lost);
            }
            let fault = fault(&error);
            self.failed(stored(error), fault)
        })
    }

    /// What follows is one statement without a transaction; whoever asks for more is told to begin
    /// one.
    pub(crate) fn glance(&mut self) {
        self.left = Some(1);
    }

    /// What follows is a transaction.
    pub(crate) fn end_glance(&mut self) {
        self.left = None;
    }

    /// Whether this connection was given up for the server's silence.
    fn was_cut(&self) -> bool {
        self.line.as_ref().is_some_and(|line| line.is_cut())
    }

    /// Ends the unit of work for a reason that no statement gave.
    pub(crate) fn fail(&mut self, error: StoreError) -> StoreError {
        self.failed(error, Fault::Known)
    }

    /// What went wrong since the last call, if anything did.
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    fn failed(&mut self, error: StoreError, fault: Fault) -> StoreError {
        self.broken |= fault == Fault::Lost;
        self.failure.get_or_insert_with(|| Failure {
            error: error.clone(),
            fault,
        });
        error
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }
}
