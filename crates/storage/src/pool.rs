//! The pool of connections, and how it makes one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::port::StoreError;

use crate::calm::Calm;
use crate::config::{Address, Config};
use crate::connection::{Purpose, connect};
use crate::error::Reason;
use crate::figures::{PoolMeter, Told};
use crate::open::OpenError;
use crate::session::{Calls, Session};

/// Makes the connections of one database. The address was read from the URL once, so no
/// connection is ever made by trying.
#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) config: Config,
    pub(crate) address: Address,
    pub(crate) statements: Arc<AtomicU64>,
    /// How often the server was silent for too long.
    pub(crate) silences: Arc<AtomicU64>,
}

impl Maker {
    /// Opens a connection.
    ///
    /// # Errors
    /// As [`connect`].
    pub(crate) fn make(&self, purpose: Purpose) -> Result<Session, OpenError> {
        let silences = self.silences.load(Ordering::Acquire);
        let connected = connect(&self.config, &self.address, purpose)?;
        let limit = self.config.statement_timeout + self.config.silence;
        let calls = Calls::new(limit, Arc::clone(&self.silences), silences);
        Ok(Session::new(connected, calls, Arc::clone(&self.statements)))
    }
}

/// Connections for the pool: on SQLite they only read.
pub(crate) struct Manager(Maker);

impl r2d2::ManageConnection for Manager {
    type Connection = Session;
    type Error = OpenError;

    fn connect(&self) -> Result<Session, OpenError> {
        self.0.make(Purpose::Reader)
    }

    // Not called: a lost connection shows at BEGIN, which then takes another one. Asking first
    // would cost every unit of work a round trip.
    fn is_valid(&self, _: &mut Session) -> Result<(), OpenError> {
        Ok(())
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.broken
    }
}

/// The pool.
pub(crate) type Pool = r2d2::Pool<Manager>;

/// A connection taken out of the pool.
pub(crate) type Taken = r2d2::PooledConnection<Manager>;

/// Keeps failures to connect out of standard error: they are told to whoever waits, and logged here.
#[derive(Debug)]
struct Log;

impl r2d2::HandleError<OpenError> for Log {
    fn handle_error(&self, error: OpenError) {
        static TOLD: Calm = Calm::new();
        if let Some(others) = TOLD.happened() {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(%error, cause, others, "no database connection");
        }
    }
}

/// Starts the pool. Connections are made when they are needed.
///
/// # Errors
/// [`OpenError::Start`].
pub(crate) fn start(maker: &Maker, meter: Arc<PoolMeter>) -> Result<Pool, OpenError> {
    let sqlite = matches!(maker.address, Address::Sqlite(_));
    let builder = r2d2::Pool::builder()
        .max_size(maker.config.connections.max(1))
        // Made when one is needed, and not before: most commands need one.
        .min_idle(Some(0))
        .test_on_check_out(false)
        .connection_timeout(maker.config.wait)
        .error_handler(Box::new(Log))
        .event_handler(Box::new(Told(meter)));
    // A file's connection does not age, and its prepared statements are worth keeping.
    let builder = if sqlite {
        builder.idle_timeout(None).max_lifetime(None)
    } else {
        builder
    };
    builder
        .build(Manager(maker.clone()))
        .map_err(|error| OpenError::Start(Box::new(error)))
}

/// A connection, as soon as one is free. Those that are older than a silence of the server are
/// thrown away: they lead to the same server, and whoever took one would wait as long again.
///
/// # Errors
/// `Unavailable`.
pub(crate) fn take(pool: &Pool) -> Result<Taken, StoreError> {
    loop {
        let mut session = pool
            .get()
            .map_err(|error| Reason::PoolEmpty(error).unavailable())?;
        if !session.is_suspect() {
            return Ok(session);
        }
        session.broken = true;
    }
}
