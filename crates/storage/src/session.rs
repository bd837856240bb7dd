//! A connection in use: counts its statements, and knows when it must not be used again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::port::{StoreError, Stored};
use diesel::QueryResult;
use diesel::connection::SimpleConnection;

use crate::connection::Either;
use crate::error::{Fault, Reason, fault, stored};
use crate::sql::{Bind, Fixed, Made, Prepared, statements};

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

/// A connection with what is known about it.
pub(crate) struct Session {
    conn: Either,
    statements: Arc<AtomicU64>,
    /// The connection is lost or in an unknown state; it must be closed.
    pub(crate) broken: bool,
    /// What went wrong in this transaction, and whether it may simply run again.
    failure: Option<Failure>,
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
    pub(crate) fn new(conn: Either, statements: Arc<AtomicU64>) -> Session {
        Session {
            conn,
            statements,
            broken: false,
            failure: None,
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
        self.count();
        act(&mut self.conn).map_err(|error| {
            let fault = fault(&error);
            self.failed(stored(error), fault)
        })
    }

    /// Runs a statement made at run time.
    pub(crate) fn execute(&mut self, text: &str, binds: &[Bind<'_>]) -> Stored<usize> {
        let query = Made::<()>::new(text, binds);
        self.ask(|conn| diesel::RunQueryDsl::execute(query, conn))
    }

    /// BEGIN, SAVEPOINT, COMMIT and their like: they run after a failure too. SQLite keeps them
    /// prepared; PostgreSQL takes them as text, in one round trip whatever went before.
    pub(crate) fn control<S: Fixed>(&mut self) -> Stored<()> {
        if !self.is_sqlite() {
            return self.batch(S::TEXT);
        }
        self.count();
        let query = Prepared::<S, ()>::new(&[]);
        let done = diesel::RunQueryDsl::execute(query, &mut self.conn);
        self.ended(done.map(drop))
    }

    /// Statements as they are, after a failure too.
    pub(crate) fn batch(&mut self, text: &str) -> Stored<()> {
        self.count();
        let done = self.conn.batch_execute(text);
        self.ended(done)
    }

    /// Lets what follows in the open transaction take as long as it needs, where it is much by its
    /// nature. Waits for locks end as ever.
    pub(crate) fn take_time(&mut self) -> Stored<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        self.batch("SET LOCAL statement_timeout = 0")
    }

    fn ended(&mut self, done: QueryResult<()>) -> Stored<()> {
        done.map_err(|error| {
            let fault = fault(&error);
            self.failed(stored(error), fault)
        })
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
