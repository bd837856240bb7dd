//! Numbers committed events, on PostgreSQL.
//!
//! Tickets are drawn under the writers' locks, so of two changes that conflict the earlier has
//! the smaller ticket, and is committed before the other can draw. Whoever holds the lock on the
//! feed's head gives the next numbers, in the order of tickets, to what is committed by then. So the
//! feed has no gap, and a number once given never gets a smaller neighbour that was not there.

use app::port::Stored;
use diesel::sql_types::BigInt;

use crate::session::Session;
use crate::sql::{Bind, statements};

statements! {
    /// Feeds with something to number; a loop comes back for the rest.
    Waiting: "SELECT DISTINCT w.org FROM (SELECT org FROM events WHERE seq IS NULL LIMIT 10000) w \
         ORDER BY w.org" => (BigInt,) as (i64,);
    /// Another process that numbers this feed right now does the same work.
    LockHead: "SELECT seq FROM feed_heads WHERE org = ? {postgres FOR UPDATE SKIP LOCKED}" =>
        (BigInt,) as (i64,);
    /// Its own statement after the lock: it must see what the last holder numbered. `+ 0` keeps the
    /// planner from walking all events in the order of tickets.
    Number: "UPDATE events SET seq = ? + n.place \
         FROM (SELECT c.ticket, row_number() OVER (ORDER BY c.ticket) AS place \
             FROM (SELECT ticket FROM events WHERE org = ? AND seq IS NULL \
                 ORDER BY ticket + 0 LIMIT 1000) c) n \
         WHERE events.org = ? AND events.ticket = n.ticket";
    MoveHead: "UPDATE feed_heads SET seq = seq + ? WHERE org = ?";
}

/// The organizations whose feeds have events without a number.
pub(crate) fn waiting(session: &mut Session) -> Stored<Vec<i64>> {
    let rows = Waiting::rows(session, &[])?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

/// Numbers up to 1,000 events of one feed inside the open transaction; answers how many.
pub(crate) fn number(session: &mut Session, org: i64) -> Stored<usize> {
    let Some((head,)) = LockHead::row(session, &[Bind::Int(org)])? else {
        return Ok(0);
    };
    let numbered = Number::run(session, &[Bind::Int(head), Bind::Int(org), Bind::Int(org)])?;
    let moved = i64::try_from(numbered).unwrap_or(i64::MAX);
    MoveHead::run(session, &[Bind::Int(moved), Bind::Int(org)])?;
    Ok(numbered)
}
