//! Events: appended at the end of the change's transaction, all at once, and read by number.
//!
//! On SQLite they get their number here, from the feed's head: there is one writer. On PostgreSQL
//! they draw a ticket, and [`crate::feed`] numbers them after the commit, so that writers never
//! queue on a counter.

use app::port::outbox::{FeedEvent, FeedPage, OutboxEvent, PAGE_BYTES};
use app::port::{Millis, Outbox, Stored};
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

use super::Transaction;
use crate::error::Reason;
use crate::sql::json::{self, CHUNK, FEW};
use crate::sql::{Bind, statements};

statements! {
    /// SQLite: gives out so many numbers. (With RETURNING it would build a table each time.)
    MoveHead: "UPDATE feed_heads SET seq = seq + ? WHERE org = ?";
    /// SQLite: the number is the ticket.
    AppendNumbered: "INSERT INTO events (org, ticket, seq, kind, subject, at, body) \
         SELECT h.org, h.seq + r.n, h.seq + r.n, r.k, r.s, r.a, r.b \
         FROM feed_heads h CROSS JOIN {rows n bigint, k text, s text, a bigint, b text} \
         WHERE h.org = ?";
    /// The same of one event, the so manyth after the head.
    AppendOne: "INSERT INTO events (org, ticket, seq, kind, subject, at, body) \
         SELECT h.org, h.seq + ?, h.seq + ?, ?, ?, ?, ? FROM feed_heads h WHERE h.org = ?";
    /// PostgreSQL: one event with the next ticket.
    AppendTicket: "INSERT INTO events (org, ticket, seq, kind, subject, at, body) \
         VALUES (?, nextval('event_tickets'), NULL, ?, ?, ?, ?)";
    /// PostgreSQL: tickets in the order of the rows.
    AppendTickets: "INSERT INTO events (org, ticket, seq, kind, subject, at, body) \
         SELECT ?, nextval('event_tickets'), NULL, o.k, o.s, o.a, o.b \
         FROM (SELECT * FROM {rows n bigint, k text, s text, a bigint, b text} ORDER BY n) AS o";
    /// On SQLite the ticket is the number and has the index.
    FeedAfter: "SELECT {sqlite ticket}{postgres seq}, kind, subject, at, body FROM events \
         WHERE org = ? AND {sqlite ticket}{postgres seq} > ? \
         ORDER BY {sqlite ticket}{postgres seq} LIMIT ?" =>
        (BigInt, Text, Text, BigInt, Text) as (i64, String, String, i64, String);
    Head: "SELECT seq FROM feed_heads WHERE org = ?" => (BigInt,) as (i64,);
    /// The oldest with a number, in its order.
    Oldest: "SELECT {sqlite ticket}{postgres seq}, at FROM events \
         WHERE org = ? AND {sqlite ticket}{postgres seq} > 0 \
         ORDER BY {sqlite ticket}{postgres seq} LIMIT ?" => (BigInt, BigInt) as (i64, i64);
    ForgetEvents: "DELETE FROM events WHERE org = ? AND {sqlite ticket}{postgres seq} <= ?";
}

/// An event as a row of JSON; the body is a text in it and stays as it is.
#[derive(Serialize)]
struct Appended<'a> {
    n: usize,
    k: &'a str,
    s: &'a str,
    a: i64,
    b: &'a str,
}

/// How many events are read at once: large ones must not be in memory by the thousand. None has more
/// than some 80 kB.
const SLICE: u64 = 100;

fn event((seq, kind, subject, at, body): (i64, String, String, i64, String)) -> Option<FeedEvent> {
    let body = serde_json::from_str(&body).ok()?;
    Some(FeedEvent {
        seq,
        kind,
        subject,
        at,
        body,
    })
}

impl Transaction<'_> {
    /// SQLite: the feed goes on after so many events.
    fn move_head(&mut self, count: usize) -> Stored<()> {
        let count = Bind::Int(i64::try_from(count).unwrap_or(i64::MAX));
        match MoveHead::run(self.session, &[count, self.scope()])? {
            0 => Err(self.session.fail(Reason::NoOrganization.broken())),
            _ => Ok(()),
        }
    }

    /// A few events one by one: what takes a JSON list apart costs SQLite as much as several rows.
    fn append_few(&mut self, events: &[OutboxEvent]) -> Stored<()> {
        for (place, event) in (1..).zip(events) {
            let binds = [
                Bind::Int(place),
                Bind::Int(place),
                Bind::Text(event.kind),
                Bind::Text(&event.subject),
                Bind::Int(event.at),
                Bind::Text(&event.body),
                self.scope(),
            ];
            AppendOne::run(self.session, &binds)?;
        }
        self.move_head(events.len())
    }

    fn append_ticket(&mut self, event: &OutboxEvent) -> Stored<()> {
        let binds = [
            self.scope(),
            Bind::Text(event.kind),
            Bind::Text(&event.subject),
            Bind::Int(event.at),
            Bind::Text(&event.body),
        ];
        AppendTicket::later(self.session, &binds)
    }

    fn append_chunk(&mut self, events: &[OutboxEvent]) -> Stored<()> {
        match (events, self.session.is_sqlite()) {
            ([event], false) => return self.append_ticket(event),
            (events, true) if events.len() <= FEW => return self.append_few(events),
            _ => {}
        }
        let rows: Vec<_> = events
            .iter()
            .enumerate()
            .map(|(place, event)| Appended {
                n: place + 1,
                k: event.kind,
                s: &event.subject,
                a: event.at,
                b: &event.body,
            })
            .collect();
        let rows = json::rows(&rows).map_err(|_| self.unreadable("event"))?;
        let rows = Bind::Text(&rows);
        if !self.session.is_sqlite() {
            return AppendTickets::later(self.session, &[self.scope(), rows]);
        }
        AppendNumbered::run(self.session, &[rows, self.scope()])?;
        self.move_head(events.len())
    }

    /// Writes what was appended so far; at the end of a unit of work, and before anybody reads the
    /// feed in it.
    pub(crate) fn write_events(&mut self) -> Stored<()> {
        let events = std::mem::take(&mut self.appended);
        for chunk in events.chunks(CHUNK) {
            // Parts of one statement have no order.
            if std::mem::replace(&mut self.has_written_events, true) {
                self.session.send_waiting()?;
            }
            self.append_chunk(chunk)?;
        }
        Ok(())
    }
}

impl Outbox for Transaction<'_> {
    fn append(&mut self, events: Vec<OutboxEvent>) -> Stored<()> {
        self.appended.extend(events);
        if self.appended.len() < CHUNK {
            return Ok(());
        }
        self.write_events()
    }

    fn feed(&mut self, after: i64, limit: u64) -> Stored<FeedPage> {
        self.write_events()?;
        let (mut events, mut bytes, mut after) = (Vec::new(), 0, after);
        let mut left = limit;
        while left > 0 {
            let slice = left.min(SLICE);
            let binds = [self.scope(), Bind::Int(after), Bind::count(slice)];
            let rows = FeedAfter::rows(self.session, &binds)?;
            let is_last = (rows.len() as u64) < slice;
            for row in rows {
                (after, bytes) = (row.0, bytes + row.4.len());
                events.push(event(row).ok_or_else(|| self.unreadable("event"))?);
                if bytes >= PAGE_BYTES {
                    return Ok(FeedPage { events, full: true });
                }
            }
            if is_last {
                return Ok(FeedPage {
                    events,
                    full: false,
                });
            }
            left -= slice;
        }
        Ok(FeedPage { events, full: true })
    }

    fn feed_head(&mut self) -> Stored<i64> {
        self.write_events()?;
        let head = Head::row(self.session, &[self.scope()])?;
        Ok(head.map_or(0, |(seq,)| seq))
    }

    fn forget_events(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        self.write_events()?;
        let oldest = Oldest::rows(self.session, &[self.scope(), Bind::count(limit)])?;
        let old = oldest.iter().take_while(|(_, at)| *at < before);
        let Some((last, _)) = old.last() else {
            return Ok(0);
        };
        let gone = ForgetEvents::run(self.session, &[self.scope(), Bind::Int(*last)])?;
        Ok(u64::try_from(gone).unwrap_or(u64::MAX))
    }
}
