//! The system's time.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use app::port::{Clock, Millis};

/// The clock of the machine, in whole milliseconds.
pub(crate) struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose ticks begin now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the door that time comes in through"
    )]
    pub(crate) fn new() -> SystemClock {
        SystemClock {
            started: Instant::now(),
        }
    }
}

/// The machine's time.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door that time comes in through"
)]
pub(crate) fn now() -> Millis {
    // A machine whose clock stands before 1970 gets 1970.
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        now()
    }

    fn ticks(&self) -> Millis {
        Millis::try_from(self.started.elapsed().as_millis()).unwrap_or(Millis::MAX)
    }
}
