//! Ends calls that PostgreSQL does not answer.
//!
//! A statement timeout is the server's; a server that is frozen, or whose disk hangs, never gets to
//! it, while its kernel goes on acknowledging, so that no timeout of TCP helps either. libpq waits
//! for ever then. So every call has a deadline here: when it has passed, the connection's socket is
//! shut down, libpq finds it closed, and the call fails like on any lost connection.
//!
//! One thread looks for the whole process, four times a second; a call costs two stores.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use socket::Socket;

mod socket;

pub(crate) use socket::finding;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(250);

/// Not in a call.
const IDLE: u64 = 0;

/// A connection's call, as the one who looks sees it.
#[derive(Debug)]
pub(crate) struct Line {
    socket: Socket,
    /// When a call is over at the latest, in milliseconds as [`now`] counts; [`IDLE`] where none runs.
    until: AtomicU64,
    /// A deadline has passed; the socket is shut down.
    cut: AtomicBool,
}

impl Line {
    /// Puts a connection under the eyes of the one who looks.
    pub(crate) fn watch(socket: Socket) -> Arc<Line> {
        let line = Arc::new(Line {
            socket,
            until: AtomicU64::new(IDLE),
            cut: AtomicBool::new(false),
        });
        let mut lines = lines();
        lines.retain(|line| line.strong_count() > 0);
        lines.push(Arc::downgrade(&line));
        line
    }

    /// A call begins that may take so long.
    pub(crate) fn begin(&self, limit: Duration) {
        let until = now().saturating_add(millis(limit)).max(IDLE + 1);
        self.until.store(until, Ordering::Release);
    }

    /// The call is over; whether its deadline had passed.
    pub(crate) fn end(&self) -> bool {
        self.until.store(IDLE, Ordering::Release);
        self.is_cut()
    }

    /// Whether a deadline has passed and the connection was given up.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }

    fn look(&self, now: u64) {
        let until = self.until.load(Ordering::Acquire);
        if until != IDLE && until <= now && !self.cut.swap(true, Ordering::AcqRel) {
            tracing::warn!("PostgreSQL does not answer: a connection is given up");
            self.socket.shut();
        }
    }
}

type Lines = Mutex<Vec<Weak<Line>>>;

/// All connections; the first call starts the thread.
fn lines() -> MutexGuard<'static, Vec<Weak<Line>>> {
    static LINES: OnceLock<Arc<Lines>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let lines = Arc::new(Lines::default());
        let eyes = Arc::clone(&lines);
        let thread = std::thread::Builder::new().name("rolecall-lookout".to_owned());
        if let Err(error) = thread.spawn(move || look_on(&eyes)) {
            tracing::error!(%error, "calls to PostgreSQL have no deadline of our own");
        }
        lines
    });
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::disallowed_methods, reason = "deadlines inside the adapter")]
fn look_on(lines: &Lines) {
    loop {
        std::thread::sleep(EVERY);
        let all: Vec<Arc<Line>> = {
            let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.iter().filter_map(Weak::upgrade).collect()
        };
        let now = now();
        for line in all {
            line.look(now);
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Milliseconds since the first call.
#[expect(clippy::disallowed_methods, reason = "deadlines inside the adapter")]
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    millis(START.get_or_init(Instant::now).elapsed())
}

#[cfg(test)]
mod tests;
