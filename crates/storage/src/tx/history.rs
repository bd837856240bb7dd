//! Access at a past moment.

use app::port::history::{Forgotten, HistoryRow};
use app::port::{History, Millis, Stored};
use diesel::sql_types::{BigInt, Binary, Text};
use domain::UserId;
use serde::Serialize;
use uuid::Uuid;

use super::{Transaction, row};
use crate::sql::json::{self, CHUNK};
use crate::sql::{Bind, statements};

statements! {
    /// A row that a later one came before goes right behind that one.
    Record: "INSERT INTO access_history (org, user_id, at, access, cause) \
         SELECT ?, {bytes r.u}, COALESCE((SELECT h.at + 1 FROM access_history h \
                 WHERE h.org = ? AND h.user_id = {bytes r.u} AND h.at > r.t \
                 ORDER BY h.at DESC LIMIT 1), r.t), r.a, r.c \
         FROM {rows u text, t bigint, a text, c text} \
         WHERE true ON CONFLICT (org, user_id, at) DO UPDATE SET access = excluded.access, \
         cause = excluded.cause";
    /// The same of one user.
    RecordOne: "INSERT INTO access_history (org, user_id, at, access, cause) \
         VALUES (?, ?, COALESCE((SELECT h.at + 1 FROM access_history h \
                 WHERE h.org = ? AND h.user_id = ? AND h.at > ? \
                 ORDER BY h.at DESC LIMIT 1), ?), ?, ?) \
         ON CONFLICT (org, user_id, at) DO UPDATE \
         SET access = excluded.access, cause = excluded.cause";
    AccessAt: "SELECT user_id, at, access, cause FROM access_history \
         WHERE org = ? AND user_id = ? AND at <= ? ORDER BY at DESC LIMIT 1" =>
        (Binary, BigInt, Text, Text) as (Vec<u8>, i64, String, String);
    /// Walks the key; a look at the next row of the same user tells which one is the last.
    PageAt: "SELECT h.user_id, h.at, h.access, h.cause FROM access_history h \
         WHERE h.org = ? AND h.user_id > ? AND h.at <= ? AND NOT EXISTS (SELECT 1 \
             FROM access_history n WHERE n.org = h.org AND n.user_id = h.user_id \
             AND n.at > h.at AND n.at <= ?) \
         ORDER BY h.user_id LIMIT ?" =>
        (Binary, BigInt, Text, Text) as (Vec<u8>, i64, String, String);
    /// The user at whom a look that begins after one ends.
    LookUntil: "SELECT user_id FROM access_history WHERE org = ? AND user_id > ? \
         ORDER BY user_id, at LIMIT 1 OFFSET ?" => (Binary,) as (Vec<u8>,);
    Forget: "DELETE FROM access_history WHERE org = ? AND user_id > ? AND user_id <= ? AND at < ? \
         AND EXISTS (SELECT 1 FROM access_history n WHERE n.org = access_history.org \
             AND n.user_id = access_history.user_id AND n.at > access_history.at AND n.at < ?)";
}

type Columns = (Vec<u8>, i64, String, String);

fn read((user, at, access, cause): Columns) -> Option<HistoryRow> {
    Some(HistoryRow {
        user: UserId(row::uuid(&user)?),
        at,
        access: serde_json::from_str(&access).ok()?,
        cause: serde_json::from_str(&cause).ok()?,
    })
}

/// A row of JSON; access and cause are texts in it and stay as they are.
#[derive(Serialize)]
struct Written {
    u: String,
    t: i64,
    a: String,
    c: String,
}

fn written(row: &HistoryRow) -> Result<Written, serde_json::Error> {
    Ok(Written {
        u: json::id(row.user.0),
        t: row.at,
        a: serde_json::to_string(&row.access)?,
        c: serde_json::to_string(&row.cause)?,
    })
}

impl Transaction<'_> {
    fn record_one(&mut self, row: &HistoryRow) -> Stored<()> {
        let text = written(row).map_err(|_| self.unreadable("past access of a user"))?;
        let (user, at) = (Bind::Bytes(row.user.0.as_bytes()), Bind::Int(text.t));
        let binds = [
            self.scope(),
            user,
            self.scope(),
            user,
            at,
            at,
            Bind::Text(&text.a),
            Bind::Text(&text.c),
        ];
        RecordOne::later(self.session, &binds)
    }

    fn history_rows(&mut self, rows: Vec<Columns>) -> Stored<Vec<HistoryRow>> {
        let rows: Option<Vec<_>> = rows.into_iter().map(read).collect();
        rows.ok_or_else(|| self.unreadable("past access of a user"))
    }
}

impl History for Transaction<'_> {
    fn record(&mut self, rows: &[HistoryRow]) -> Stored<()> {
        if let [row] = rows {
            return self.record_one(row);
        }
        // One statement must not name a row twice; the last one counts.
        let last: std::collections::BTreeMap<_, _> =
            rows.iter().map(|row| ((row.user, row.at), row)).collect();
        let last: Vec<_> = last.into_values().collect();
        for chunk in last.chunks(CHUNK) {
            let rows: Result<Vec<_>, _> = chunk.iter().map(|row| written(row)).collect();
            let rows = rows.and_then(|rows| json::rows(&rows));
            let rows = rows.map_err(|_| self.unreadable("past access of a user"))?;
            Record::later(
                self.session,
                &[self.scope(), self.scope(), Bind::Text(&rows)],
            )?;
        }
        Ok(())
    }

    fn access_at(&mut self, user: UserId, at: Millis) -> Stored<Option<HistoryRow>> {
        let user = Bind::Bytes(user.0.as_bytes());
        let row = AccessAt::rows(self.session, &[self.scope(), user, Bind::Int(at)])?;
        Ok(self.history_rows(row)?.pop())
    }

    fn access_page_at(
        &mut self,
        at: Millis,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<HistoryRow>> {
        let after = after.map(|user| user.0);
        let binds = [
            self.scope(),
            row::after(after.as_ref()),
            Bind::Int(at),
            Bind::Int(at),
            row::limit(limit),
        ];
        let rows = PageAt::rows(self.session, &binds)?;
        self.history_rows(rows)
    }

    fn forget_before(
        &mut self,
        at: Millis,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Forgotten> {
        let after = after.map(|user| user.0);
        let after = row::after(after.as_ref());
        let last = LookUntil::row(self.session, &[self.scope(), after, row::limit(limit)])?;
        let until = match last {
            Some((id,)) => Some(row::uuid(&id).ok_or_else(|| self.unreadable("id of a user"))?),
            None => None,
        };
        let until_id = until.unwrap_or(Uuid::max());
        let until_bytes = Bind::Bytes(until_id.as_bytes());
        let binds = [
            self.scope(),
            after,
            until_bytes,
            Bind::Int(at),
            Bind::Int(at),
        ];
        let forgotten = Forget::run(self.session, &binds)?;
        Ok(Forgotten {
            rows: u64::try_from(forgotten).unwrap_or(u64::MAX),
            until: until.map(UserId),
        })
    }
}
