//! A database of either kind as the application's store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::port::{Instance, Job, Placement, Store, StoreError, Stored};
use domain::OrgId;

use crate::atlas::Atlases;
use crate::config::{Address, Config};
use crate::connection::Purpose;
use crate::error::Reason;
use crate::figures::{self, Contents, Figures, PoolMeter};
use crate::open::OpenError;
use crate::pool::{self, Maker, Pool};
use crate::replica::Replica;
use crate::session::Session;
use crate::settings::Cache;
use crate::tx::Shared;
use crate::unit::{Call, JobWork, Sharing, tell};
use crate::writer::Writer;
use crate::{direct, feed, instance, migrate};

/// An open database. Dropping it writes what has queued, then closes.
///
/// On SQLite writes go to one thread and reads run where they are called; on PostgreSQL both run
/// where they are called. Several processes may have the same database open, of either kind.
pub struct Database {
    pool: Pool,
    /// SQLite only.
    writer: Option<Writer>,
    /// PostgreSQL, where there is one.
    replica: Option<Replica>,
    shared: Sharing,
    statements: Arc<AtomicU64>,
    meter: Arc<PoolMeter>,
}

impl Database {
    /// What is in the database, all organizations together; asks it, and may wait for a free
    /// connection. None where it is away.
    pub fn contents(&self) -> Option<Contents> {
        self.look(figures::contents).ok()
    }

    /// Figures of this moment, from memory.
    pub fn figures(&self) -> Figures {
        let pool = self.pool.state();
        let writer = self.writer.as_ref();
        let mut figures = Figures {
            statements: self.statements(),
            connections: pool.connections.into(),
            idle: pool.idle_connections.into(),
            ..writer.map(Writer::figures).unwrap_or_default()
        };
        self.meter.tell(&mut figures);
        if let Some(replica) = &self.replica {
            figures.replica_fresh = replica.is_fresh();
            (figures.replica_reads, figures.replica_fallbacks) = replica.counts();
        }
        figures
    }

    /// Migrates the database and opens it.
    ///
    /// # Errors
    /// [`OpenError`]: the URL, the connection, a migration, or a database that a newer version has
    /// migrated.
    pub fn open(config: &Config) -> Result<Database, OpenError> {
        let maker = maker(config)?;
        migrate::migrate(&mut maker.make(Purpose::Writer)?)?;
        Database::start(maker)
    }

    /// Opens the database where its schema is that of this binary; changes nothing.
    ///
    /// # Errors
    /// [`OpenError::Empty`] and [`OpenError::Old`], which say what brings it up to date, and as
    /// [`Database::open`].
    pub fn open_current(config: &Config) -> Result<Database, OpenError> {
        let maker = maker(config)?;
        migrate::expect_current(&mut maker.make(Purpose::Reader)?)?;
        Database::start(maker)
    }

    fn start(maker: Maker) -> Result<Database, OpenError> {
        let config = &maker.config;
        let shared = Arc::new(Shared {
            cache: Cache::default(),
            atlases: Atlases::default(),
            filter_timeout: config.filter_timeout,
        });
        let meter = Arc::new(PoolMeter::default());
        let pool = pool::start(&maker, Arc::clone(&meter))?;
        let statements = Arc::clone(&maker.statements);
        let replica = config.read_url.as_ref();
        let replica = replica.map(|url| Replica::start(&maker, url)).transpose()?;
        let writer = match maker.address {
            Address::Sqlite(_) => Some(Writer::start(maker, Arc::clone(&shared))?),
            Address::Postgres(_) => None,
        };
        Ok(Database {
            pool,
            writer,
            replica,
            shared,
            statements,
            meter,
        })
    }

    /// Only migrates. Returns the names of the migrations that ran; none where all had. Safe beside
    /// other processes that do the same.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn migrate(config: &Config) -> Result<Vec<String>, OpenError> {
        migrate::migrate(&mut maker(config)?.make(Purpose::Writer)?)
    }

    /// How many statements were sent to the database since it was opened, BEGIN and COMMIT
    /// included. Costs are asserted with it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// One statement that reads, outside a transaction. Tried again on another connection where the
    /// first proves dead.
    pub(crate) fn look<T>(&self, act: impl Fn(&mut Session) -> Stored<T>) -> Stored<T> {
        let mut left = self.pool.max_size();
        loop {
            let mut session = pool::take(&self.pool)?;
            session.take_failure();
            let result = act(&mut session);
            session.take_failure();
            if result.is_ok() || !session.broken || session.is_suspect() || left == 0 {
                return result;
            }
            left -= 1;
        }
    }

    /// A transaction on the instance's tables; blocks until it is durable.
    pub(crate) fn change<T, F>(&self, act: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session) -> Stored<T> + Send + 'static,
    {
        let (call, answer) = Call::new(act);
        match &self.writer {
            Some(writer) => writer.send(Box::new(call)),
            None => direct::write(&self.pool, &self.shared, Box::new(call)),
        }
        answer
            .recv()
            .unwrap_or_else(|_| Err(Reason::Closing.unavailable()))
    }

    /// Forgets what was kept of an organization.
    pub(crate) fn forget(&self, org: OrgId) {
        self.shared.cache.forget(org);
        self.shared.atlases.forget(org);
    }
}

pub(crate) fn maker(config: &Config) -> Result<Maker, OpenError> {
    Ok(Maker {
        address: Address::parse(&config.url)?,
        config: config.clone(),
        statements: Arc::new(AtomicU64::new(0)),
        silences: Arc::new(AtomicU64::new(0)),
    })
}

impl Store for Database {
    fn read(&self, job: Box<dyn Job>) {
        let may_lag = job.may_lag();
        let mut work = Box::new(JobWork(job));
        let replica = self.replica.as_ref().filter(|_| may_lag);
        match replica.and_then(|replica| replica.read(&mut *work)) {
            Some(outcome) => tell(work, outcome),
            None => direct::read(&self.pool, &self.shared, work),
        }
    }

    fn write(&self, job: Box<dyn Job>) {
        let work = Box::new(JobWork(job));
        match &self.writer {
            Some(writer) => writer.send(work),
            None => direct::write(&self.pool, &self.shared, work),
        }
    }

    fn placement(&self) -> Placement {
        let sqlite = self.writer.is_some();
        Placement {
            quick_reads: sqlite,
            queued_writes: sqlite,
        }
    }

    fn instance(&self) -> &dyn Instance {
        self
    }

    fn number_events(&self) -> Result<usize, StoreError> {
        if self.writer.is_some() {
            return Ok(0);
        }
        let (mut numbered, mut failed) = (0, None);
        for org in self.look(feed::waiting)? {
            // What fails for one organization keeps no other one's events waiting.
            match self.change(move |session| feed::number(session, org)) {
                Ok(more) => numbered += more,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            Some(error) if numbered == 0 => Err(error),
            _ => Ok(numbered),
        }
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.look(instance::answer)
    }
}
