//! Writes that nobody in their unit of work asks about: on PostgreSQL they wait for each other and go
//! out as one statement, one way there and back instead of one for each. SQLite, which has no way to
//! go, runs them at once.
//!
//! What waits is sent before anything else is asked on the connection, so that every statement sees
//! what was written before it. Only the parts of one statement do not see each other, and of two that
//! change the same row one would be lost: so no two of them are about the same table, and what one
//! reads must not be what another writes.

use app::port::Stored;
use diesel::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use super::Session;
use crate::connection::MultiBackend;
use crate::sql::{Bind, Dialect, Fixed, Kept, Spelt, Unfit, walk};

/// A statement that waits, with its values.
struct Waiting {
    table: &'static str,
    text: Result<&'static Spelt, Unfit>,
    values: Vec<Kept>,
}

/// What a connection has still to send, in order.
#[derive(Default)]
pub(super) struct Later(Vec<Waiting>);

impl Session {
    /// Runs a statement whose answer is of no interest, at the latest at the end of the unit of work.
    ///
    /// # Errors
    /// Those of this statement, or of one that waited; later ones tell the end of the unit.
    pub(crate) fn later<S: Fixed>(&mut self, binds: &[Bind<'_>]) -> Stored<()> {
        let table = written(S::TEXT);
        if self.later.0.iter().any(|waiting| waiting.table == table) {
            self.send_waiting()?;
        }
        self.later.0.push(Waiting {
            table,
            text: S::spelt(Dialect::Postgres),
            values: binds.iter().map(Bind::kept).collect(),
        });
        Ok(())
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// Of any of them; none of them was done then.
    pub(crate) fn send_waiting(&mut self) -> Stored<()> {
        let Later(waiting) = std::mem::take(&mut self.later);
        if waiting.is_empty() {
            return Ok(());
        }
        let binds: Vec<Vec<Bind<'_>>> = waiting
            .iter()
            .map(|waiting| waiting.values.iter().map(Kept::bind).collect())
            .collect();
        let parts = waiting.iter().zip(&binds);
        let parts = parts.map(|(waiting, binds)| (waiting.text, &**binds));
        let all = Together(parts.collect());
        self.ask(|conn| diesel::RunQueryDsl::execute(all, conn))?;
        self.changed = true;
        Ok(())
    }

    /// The unit of work has ended otherwise.
    pub(crate) fn forget_waiting(&mut self) {
        self.later.0.clear();
    }
}

/// The table that a statement writes.
fn written(text: &'static str) -> &'static str {
    let mut words = text.split_ascii_whitespace();
    let verb = words.next();
    words
        .nth(usize::from(verb != Some("UPDATE")))
        .unwrap_or_default()
}

/// One statement of several: all but the last stand before it, each under a name that nobody uses.
/// Prepared once for each sequence of kinds, of which there are some dozens.
struct Together<'a>(Vec<(Result<&'static Spelt, Unfit>, &'a [Bind<'a>])>);

impl QueryId for Together<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Together<'_> {
    type SqlType = ();
}

impl QueryFragment<MultiBackend> for Together<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let before = self.0.len().saturating_sub(1);
        for (place, (text, binds)) in self.0.iter().enumerate() {
            if place == before {
                walk(*text, binds, &mut out)?;
                continue;
            }
            let with = if place == 0 { "WITH" } else { "," };
            out.push_sql(&format!("{with} part{place} AS ("));
            walk(*text, binds, &mut out)?;
            out.push_sql(") ");
        }
        Ok(())
    }
}

impl<C> diesel::RunQueryDsl<C> for Together<'_> {}
