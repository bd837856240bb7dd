//! The provisioning log.

use std::collections::BTreeMap;

use app::port::requests::{KeptBody, RequestRow};
use app::port::{Millis, Requests, Stored};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use serde::Serialize;
use uuid::Uuid;

use super::{Transaction, row};
use crate::sql::json::{self, CHUNK};
use crate::sql::{Bind, statements};

statements! {
    LogRequest: "INSERT INTO requests (org, id, at, key_id, user_agent, method, path, status, \
         duration, error, detail, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    TimeRequests: "UPDATE requests SET duration = r.d FROM {rows i text, d bigint} \
         WHERE requests.org = ? AND requests.id = {bytes r.i}";
    /// Ids are drawn in the order of time, so that the oldest rows come first in the key.
    ForgetRequests: "DELETE FROM requests WHERE org = ? AND at < ? AND id IN \
         (SELECT o.id FROM requests o WHERE o.org = ? ORDER BY o.id LIMIT ?)";
    NewestRequests: "SELECT id, at, key_id, user_agent, method, path, status, duration, error, detail, \
         notes \
         FROM requests WHERE org = ? ORDER BY id DESC LIMIT ?" =>
        (Binary, BigInt, Nullable<Text>, Nullable<Text>, Text, Text, BigInt, Nullable<BigInt>,
            Nullable<Text>, Nullable<Text>, Text)
        as (Vec<u8>, i64, Option<String>, Option<String>, String, String, i64, Option<i64>,
            Option<String>, Option<String>, String);
    RequestsBefore: "SELECT id, at, key_id, user_agent, method, path, status, duration, error, detail, \
         notes \
         FROM requests WHERE org = ? AND id < ? ORDER BY id DESC LIMIT ?" =>
        (Binary, BigInt, Nullable<Text>, Nullable<Text>, Text, Text, BigInt, Nullable<BigInt>,
            Nullable<Text>, Nullable<Text>, Text)
        as (Vec<u8>, i64, Option<String>, Option<String>, String, String, i64, Option<i64>,
            Option<String>, Option<String>, String);
    RequestById: "SELECT id, at, key_id, user_agent, method, path, status, duration, error, detail, \
         notes \
         FROM requests WHERE org = ? AND id = ?" =>
        (Binary, BigInt, Nullable<Text>, Nullable<Text>, Text, Text, BigInt, Nullable<BigInt>,
            Nullable<Text>, Nullable<Text>, Text)
        as (Vec<u8>, i64, Option<String>, Option<String>, String, String, i64, Option<i64>,
            Option<String>, Option<String>, String);
}

statements! {
    KeepBody: "INSERT INTO request_bodies (org, id, at, body, removed) VALUES (?, ?, ?, ?, ?)";
    BodyById: "SELECT body, removed FROM request_bodies WHERE org = ? AND id = ?" =>
        (Text, Text) as (String, String);
    /// As rows are forgotten.
    ForgetBodies: "DELETE FROM request_bodies WHERE org = ? AND at < ? AND id IN \
         (SELECT o.id FROM request_bodies o WHERE o.org = ? ORDER BY o.id LIMIT ?)";
}

type Columns = (
    Vec<u8>,
    i64,
    Option<String>,
    Option<String>,
    String,
    String,
    i64,
    Option<i64>,
    Option<String>,
    Option<String>,
    String,
);

fn read(columns: Columns) -> Option<RequestRow> {
    let (id, at, key, user_agent, method, path, status, duration, error, detail, notes) = columns;
    Some(RequestRow {
        id: row::uuid(&id)?,
        at,
        key,
        user_agent,
        method,
        path,
        status: u16::try_from(status).ok()?,
        duration: duration.map(i64::unsigned_abs),
        error,
        detail,
        notes: serde_json::from_str(&notes).ok()?,
    })
}

/// How long a request took, as a row of JSON.
#[derive(Serialize)]
struct Took {
    i: String,
    d: i64,
}

/// The most rows of one page.
const PAGE: u64 = 1_000;

impl Transaction<'_> {
    fn request_rows(&mut self, rows: Vec<Columns>) -> Stored<Vec<RequestRow>> {
        let rows: Option<Vec<_>> = rows.into_iter().map(read).collect();
        rows.ok_or_else(|| self.unreadable("logged request"))
    }
}

impl Requests for Transaction<'_> {
    fn log_request(&mut self, row: &RequestRow) -> Stored<()> {
        let notes =
            serde_json::to_string(&row.notes).map_err(|_| self.unreadable("logged request"))?;
        let binds = [
            self.scope(),
            Bind::Bytes(row.id.as_bytes()),
            Bind::Int(row.at),
            Bind::MaybeText(row.key.as_deref()),
            Bind::MaybeText(row.user_agent.as_deref()),
            Bind::Text(&row.method),
            Bind::Text(&row.path),
            Bind::Int(row.status.into()),
            Bind::MaybeInt(row.duration.map(row::int)),
            Bind::MaybeText(row.error.as_deref()),
            Bind::MaybeText(row.detail.as_deref()),
            Bind::Text(&notes),
        ];
        LogRequest::later(self.session, &binds)
    }

    fn time_requests(&mut self, took: &[(Uuid, u64)]) -> Stored<()> {
        // One statement must not name a row twice; the last one counts.
        let last: BTreeMap<Uuid, u64> = took.iter().copied().collect();
        let rows = last.into_iter().map(|(id, took)| Took {
            i: json::id(id),
            d: row::int(took),
        });
        let rows: Vec<Took> = rows.collect();
        for chunk in rows.chunks(CHUNK) {
            let rows = json::rows(chunk).map_err(|_| self.unreadable("logged request"))?;
            TimeRequests::run(self.session, &[Bind::Text(&rows), self.scope()])?;
        }
        Ok(())
    }

    fn forget_requests(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        let limit = row::limit(limit);
        let binds = [self.scope(), Bind::Int(before), self.scope(), limit];
        let forgotten = ForgetRequests::run(self.session, &binds)?;
        Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
    }

    fn requests(&mut self, before: Option<Uuid>, limit: u64) -> Stored<Vec<RequestRow>> {
        let limit = row::limit(limit.min(PAGE));
        let rows = match &before {
            None => NewestRequests::rows(self.session, &[self.scope(), limit])?,
            Some(before) => {
                let binds = [self.scope(), Bind::Bytes(before.as_bytes()), limit];
                RequestsBefore::rows(self.session, &binds)?
            }
        };
        self.request_rows(rows)
    }

    fn request(&mut self, id: Uuid) -> Stored<Option<RequestRow>> {
        let binds = [self.scope(), Bind::Bytes(id.as_bytes())];
        let rows = RequestById::rows(self.session, &binds)?;
        Ok(self.request_rows(rows)?.pop())
    }

    fn keep_body(&mut self, id: Uuid, at: Millis, body: &KeptBody) -> Stored<()> {
        let removed =
            serde_json::to_string(&body.removed).map_err(|_| self.unreadable("kept body"))?;
        let binds = [
            self.scope(),
            Bind::Bytes(id.as_bytes()),
            Bind::Int(at),
            Bind::Text(&body.json),
            Bind::Text(&removed),
        ];
        KeepBody::run(self.session, &binds)?;
        Ok(())
    }

    fn body(&mut self, id: Uuid) -> Stored<Option<KeptBody>> {
        let binds = [self.scope(), Bind::Bytes(id.as_bytes())];
        let Some((json, removed)) = BodyById::row(self.session, &binds)? else {
            return Ok(None);
        };
        let removed = serde_json::from_str(&removed).map_err(|_| self.unreadable("kept body"))?;
        Ok(Some(KeptBody { json, removed }))
    }

    fn forget_bodies(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        let limit = row::limit(limit);
        let binds = [self.scope(), Bind::Int(before), self.scope(), limit];
        let forgotten = ForgetBodies::run(self.session, &binds)?;
        Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
    }
}
