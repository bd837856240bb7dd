//! Keeps SQLite's log short.
//!
//! The log begins anew only when all of it is in the file and nobody reads from it any more. SQLite
//! tries after a COMMIT, and never waits for anybody: where reads overlap all the time, as long lists
//! do, it would not come to that for as long as they do, and the log would grow. So when it has become
//! long, those are waited for who still read an older state, and the more patiently the longer it is: so
//! it ends somewhere, however long their reads take. Whoever begins to read meanwhile needs nothing of
//! the log.

use std::time::Duration;

use app::port::Stored;
use diesel::sql_types::Integer;

use crate::session::Session;
use crate::sql::statements;

statements! {
    /// How many pages the log has; does nothing else.
    Length: "PRAGMA wal_checkpoint(NOOP)" => (Integer, Integer, Integer) as (i32, i32, i32);
    /// Folds it, waits for its readers, and lets it begin anew. Whether that was in vain comes first.
    BeginAnew: "PRAGMA wal_checkpoint(RESTART)" =>
        (Integer, Integer, Integer) as (i32, i32, i32);
}

/// How many batches there are between two looks.
const LOOK: u32 = 256;

/// Pages of 4 kB: 48 MB. SQLite begins to fold at a third of that.
const LONG: i32 = 12_000;

/// How long a log that has just become long is waited for. A write may have to wait for it, too.
const PATIENCE: Duration = Duration::from_millis(500);

/// However long it is.
const MOST_PATIENCE: Duration = Duration::from_secs(10);

/// After a wait in vain a look is left out, after the next twice as many, and so on.
const MOST_LEFT_OUT: u32 = 16;

/// When to look, and how often it was in vain.
#[derive(Default)]
pub(super) struct Log {
    batches: u32,
    left_out: u32,
}

impl Log {
    /// After every batch. What goes wrong shows at the next BEGIN.
    pub(super) fn after_batch(&mut self, session: &mut Session) {
        self.batches += 1;
        if session.broken || self.batches < LOOK * (1 + self.left_out) {
            return;
        }
        self.batches = 0;
        let in_vain = shorten(session).unwrap_or(true);
        session.take_failure();
        self.left_out = if in_vain {
            (self.left_out * 2).clamp(1, MOST_LEFT_OUT)
        } else {
            0
        };
    }
}

/// Whether somebody still read it after the wait.
fn shorten(session: &mut Session) -> Stored<bool> {
    let pages = Length::row(session, &[])?.map_or(0, |(_, pages, _)| pages);
    if pages < LONG {
        return Ok(false);
    }
    let patience = patience(pages).as_millis();
    session.batch(&format!("PRAGMA busy_timeout = {patience}"))?;
    let begun = BeginAnew::row(session, &[]);
    session.take_failure();
    session.batch("PRAGMA busy_timeout = 5000")?;
    Ok(begun?.is_none_or(|(busy, _, _)| busy != 0))
}

fn patience(pages: i32) -> Duration {
    let long = f64::from(pages) / f64::from(LONG);
    PATIENCE.mul_f64(long).min(MOST_PATIENCE)
}

#[cfg(test)]
mod tests {
    use super::{LONG, patience};

    #[test]
    fn a_longer_log_is_waited_for_longer() {
        for (pages, millis) in [
            (LONG, 500),
            (LONG * 3, 1_500),
            (LONG * 20, 10_000),
            (i32::MAX, 10_000),
        ] {
            assert_eq!(patience(pages).as_millis(), millis, "{pages}");
        }
    }
}
