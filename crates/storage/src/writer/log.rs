//! Keeps SQLite's log short.
//!
//! The log begins anew only when all of it is in the file and nobody reads from it any more. SQLite
//! tries after a COMMIT, and never waits for anybody: where reads overlap all the time, as long lists
//! do, it would not come to that for as long as they do, and the log would grow. So when it has become
//! long, those are waited for who still read an older state. Whoever begins to read meanwhile needs
//! nothing of the log.

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

/// After a wait in vain so many looks are left out, and twice as many after the next.
const MOST_LEFT_OUT: u32 = 64;

/// When to look, and how often it was in vain.
#[derive(Default)]
pub(super) struct Log {
    batches: u32,
    left_out: u32,
}

impl Log {
    /// After every batch; waits half a second at most. What goes wrong shows at the next BEGIN.
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
    let length = Length::row(session, &[])?;
    if length.is_none_or(|(_, pages, _)| pages < LONG) {
        return Ok(false);
    }
    session.batch("PRAGMA busy_timeout = 500")?;
    let begun = BeginAnew::row(session, &[]);
    session.take_failure();
    session.batch("PRAGMA busy_timeout = 5000")?;
    Ok(begun?.is_none_or(|(busy, _, _)| busy != 0))
}
