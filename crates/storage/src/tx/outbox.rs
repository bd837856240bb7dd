//! Events: appended in the change's transaction, read by number.
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
    /// SQLite: reserves numbers; answers the last one.
    MoveHead: "UPDATE feed_heads SET seq = seq + ? WHERE org = ? RETURNING seq" =>
        (BigInt,) as (i64,);
    /// SQLite: the number is the ticket.
    AppendNumbered: "INSERT INTO events (org, ticket, seq, kind, subject, at, body) \
         SELECT ?, ? + r.n, ? + r.n, r.k, r.s, r.a, r.b \
         FROM {rows n bigint, k text, s text, a bigint, b text}";
    /// The same of one event.
    AppendOne: "INSERT INTO events (org, ticket, seq, kind, subject, at, body) \
         VALUES (?, ?, ?, ?, ?, ?, ?)";
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
    b: String,
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
    /// Numbers for so many events, from one after what this answers.
    fn move_head(&mut self, count: usize) -> Stored<i64> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let head = MoveHead::row(self.session, &[Bind::Int(count), self.scope()])?;
        let Some((last,)) = head else {
            return Err(self.session.fail(Reason::NoOrganization.broken()));
        };
        Ok(last - count)
    }

    /// A few events one by one: what takes a JSON list apart costs SQLite as much as several rows.
    fn append_few(&mut self, events: &[OutboxEvent]) -> Stored<()> {
        let before = self.move_head(events.len())?;
        for (number, event) in (before + 1..).zip(events) {
            let body = event.body.to_string();
            let binds = [
                self.scope(),
                Bind::Int(number),
                Bind::Int(number),
                Bind::Text(event.kind),
                Bind::Text(&event.subject),
                Bind::Int(event.at),
                Bind::Text(&body),
            ];
            AppendOne::run(self.session, &binds)?;
        }
        Ok(())
    }

    fn append_ticket(&mut self, event: &OutboxEvent) -> Stored<()> {
        let body = event.body.to_string();
        let binds = [
            self.scope(),
            Bind::Text(event.kind),
            Bind::Text(&event.subject),
            Bind::Int(event.at),
            Bind::Text(&body),
        ];
        AppendTicket::run(self.session, &binds)?;
        Ok(())
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
                b: event.body.to_string(),
            })
            .collect();
        let rows = json::rows(&rows).map_err(|_| self.unreadable("event"))?;
        let rows = Bind::Text(&rows);
        if !self.session.is_sqlite() {
            AppendTickets::run(self.session, &[self.scope(), rows])?;
            return Ok(());
        }
        let before = Bind::Int(self.move_head(events.len())?);
        AppendNumbered::run(self.session, &[self.scope(), before, before, rows])?;
        Ok(())
    }
}

impl Outbox for Transaction<'_> {
    fn append(&mut self, events: &[OutboxEvent]) -> Stored<()> {
        for chunk in events.chunks(CHUNK) {
            self.append_chunk(chunk)?;
        }
        Ok(())
    }

    fn feed(&mut self, after: i64, limit: u64) -> Stored<FeedPage> {
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
        let head = Head::row(self.session, &[self.scope()])?;
        Ok(head.map_or(0, |(seq,)| seq))
    }

    fn forget_events(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        let oldest = Oldest::rows(self.session, &[self.scope(), Bind::count(limit)])?;
        let old = oldest.iter().take_while(|(_, at)| *at < before);
        let Some((last, _)) = old.last() else {
            return Ok(0);
        };
        let gone = ForgetEvents::run(self.session, &[self.scope(), Bind::Int(*last)])?;
        Ok(u64::try_from(gone).unwrap_or(u64::MAX))
    }
}
