//! A copy of the database that reads may be answered from, on PostgreSQL.
//!
//! How far it is behind is known without comparing clocks: every second a number is counted up in
//! the primary, and what the replica has of it is looked at. A replica that has a number has
//! everything that was committed before the number was. For so long as that moment is less than
//! [`BOUND`] ago it is read from; otherwise, or where it fails, the primary is.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use app::port::{Outcome, Stored};
use diesel::sql_types::{BigInt, Binary, Bool};

use crate::atlas::Atlases;
use crate::config::{Address, Config};
use crate::connection::Purpose;
use crate::database::maker;
use crate::direct;
use crate::error::Reason;
use crate::figures::PoolMeter;
use crate::open::OpenError;
use crate::pool::{self, Maker, Pool};
use crate::session::Session;
use crate::settings::Cache;
use crate::sql::statements;
use crate::tx::Shared;
use crate::unit::Work;

/// The oldest state that a read may be answered from.
pub(crate) const BOUND: Duration = Duration::from_secs(5);

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// How many numbers are waited for; the replica that has none of them is far behind.
const WAITED_FOR: usize = 8;

/// How long a read waits for a connection to it before it goes to the primary.
const PATIENCE: Duration = Duration::from_millis(500);

statements! {
    /// On the primary.
    Beat: "UPDATE heartbeats SET beat = beat + 1 RETURNING beat" => (BigInt,) as (i64,);
    /// On both: which instance it is.
    Secret: "SELECT secret FROM instance" => (Binary,) as (Vec<u8>,);
    /// On the replica.
    Seen: "SELECT h.beat, i.secret, i.incomplete FROM heartbeats h, instance i" =>
        (BigInt, Binary, Bool) as (i64, Vec<u8>, bool);
}

/// What the one who looks and those who read share.
#[derive(Debug, Default)]
struct State {
    /// Until when it may be read from, in milliseconds since the first look; 0 where it may not.
    until: AtomicU64,
    reads: AtomicU64,
    /// Reads that it did not answer, which the primary did.
    fallbacks: AtomicU64,
    /// Whether the log was told that it is not read from.
    told: AtomicBool,
}

/// The replica, with connections of its own.
pub(crate) struct Replica {
    pool: Pool,
    shared: Shared,
    state: Arc<State>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Replica {
    /// Starts to look at it. It need not be there yet.
    ///
    /// # Errors
    /// [`OpenError::Url`], [`OpenError::Start`].
    pub(crate) fn start(primary: &Maker, url: &str) -> Result<Replica, OpenError> {
        let config = Config {
            url: url.to_owned(),
            wait: PATIENCE.min(primary.config.wait),
            ..primary.config.clone()
        };
        let maker = maker(&config)?;
        if !matches!(maker.address, Address::Postgres(_)) {
            return Err(OpenError::Url("must be postgres://USER:PASSWORD@HOST/NAME"));
        }
        let pool = pool::start(&maker, Arc::new(PoolMeter::default()))?;
        let state = Arc::new(State::default());
        let (stop, stopped) = channel();
        let mut looker = Looker {
            primary: Held::new(primary.clone()),
            replica: Held::new(maker),
            waited_for: VecDeque::new(),
            state: Arc::clone(&state),
        };
        let thread = std::thread::Builder::new()
            .name("rolecall-replica".to_owned())
            .spawn(move || looker.look_on(&stopped))
            .map_err(|error| OpenError::Start(Box::new(error)))?;
        Ok(Replica {
            pool,
            shared: Shared {
                cache: Cache::default(),
                atlases: Atlases::default(),
                filter_timeout: config.filter_timeout,
            },
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Runs a reading unit here if the replica is fresh enough. None where the primary has to do it:
    /// the replica is behind or away, or what was asked for may be too new for it.
    pub(crate) fn read(&self, work: &mut dyn Work) -> Option<Outcome> {
        if !self.is_fresh() {
            return None;
        }
        match direct::look(&self.pool, &self.shared, work) {
            Outcome::Committed => {
                self.state.reads.fetch_add(1, Ordering::Relaxed);
                Some(Outcome::Committed)
            }
            outcome => {
                self.state.fallbacks.fetch_add(1, Ordering::Relaxed);
                if matches!(outcome, Outcome::Failed(_)) {
                    // Not again before it was seen to answer.
                    self.state.until.store(0, Ordering::Release);
                }
                None
            }
        }
    }

    /// Whether it is read from now.
    pub(crate) fn is_fresh(&self) -> bool {
        since_first(now()) < self.state.until.load(Ordering::Acquire)
    }

    /// Reads that it answered, and those that it left to the primary.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.state.reads), count(&self.state.fallbacks))
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        drop(self.stop.take());
        let Some(thread) = self.thread.take() else {
            return;
        };
        if thread.join().is_err() {
            tracing::error!("the one who looks at the replica panicked");
        }
    }
}

/// A connection that is made again where it was lost.
struct Held {
    maker: Maker,
    session: Option<Session>,
}

impl Held {
    fn new(maker: Maker) -> Held {
        Held {
            maker,
            session: None,
        }
    }

    fn ask<T>(&mut self, act: impl FnOnce(&mut Session) -> Stored<T>) -> Stored<T> {
        let session = match self.session.take() {
            Some(session) => session,
            None => self
                .maker
                .make(Purpose::Reader)
                .map_err(|error| Reason::NoConnection(error).unavailable())?,
        };
        let session = self.session.insert(session);
        session.take_failure();
        let answer = act(session);
        session.take_failure();
        if answer.is_err() {
            self.session = None;
        }
        answer
    }
}

/// What looks at both.
struct Looker {
    primary: Held,
    replica: Held,
    /// Numbers, and the moments before which everything is in whoever has them.
    waited_for: VecDeque<(i64, Instant)>,
    state: Arc<State>,
}

impl Looker {
    fn look_on(&mut self, stopped: &Receiver<()>) {
        loop {
            self.look();
            if stopped.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    }

    fn look(&mut self) {
        let moment = now();
        let why = match self.beat(moment) {
            Ok(secret) => self.confirm(&secret),
            Err(error) => Some(format!("the primary does not answer: {error}")),
        };
        let told = self.state.told.swap(why.is_some(), Ordering::Relaxed);
        match (why, told) {
            (None, true) => tracing::info!("the replica is read from again"),
            (Some(why), false) => {
                tracing::warn!(why, "the replica is not read from; the primary is");
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// Counts up in the primary; the instance's secret.
    fn beat(&mut self, moment: Instant) -> Stored<Vec<u8>> {
        let (beat, secret) = self.primary.ask(|session| {
            let beat = Beat::row(session, &[])?;
            Ok((beat, Secret::row(session, &[])?))
        })?;
        let (Some((beat,)), Some((secret,))) = (beat, secret) else {
            return Err(Reason::Unreadable("heartbeat").broken());
        };
        self.waited_for.push_back((beat, moment));
        if self.waited_for.len() > WAITED_FOR {
            self.waited_for.pop_front();
        }
        Ok(secret)
    }

    /// Looks how much of it the replica has; why it may not be read from.
    fn confirm(&mut self, secret: &[u8]) -> Option<String> {
        let seen = match self.replica.ask(|session| Seen::row(session, &[])) {
            Ok(Some(seen)) => seen,
            Ok(None) => return Some("it is empty".to_owned()),
            Err(error) => return Some(format!("it does not answer: {error}")),
        };
        let (seen, of, incomplete) = seen;
        if of != secret || incomplete {
            self.state.until.store(0, Ordering::Release);
            return Some("it is no copy of the primary".to_owned());
        }
        let had = self.waited_for.iter().rposition(|(beat, _)| *beat <= seen);
        let newest = had.and_then(|had| self.waited_for.drain(..=had).next_back());
        if let Some((_, moment)) = newest {
            let until = since_first(moment + BOUND);
            self.state.until.store(until, Ordering::Release);
        }
        let fresh = since_first(now()) < self.state.until.load(Ordering::Acquire);
        (!fresh).then(|| "it is too far behind".to_owned())
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline inside the adapter")]
fn now() -> Instant {
    Instant::now()
}

/// Milliseconds from the first look to a moment.
fn since_first(moment: Instant) -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let first = FIRST.get_or_init(now);
    let since = moment.saturating_duration_since(*first);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
