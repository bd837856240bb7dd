//! How often the identity provider read what.

use std::borrow::Cow;

use app::port::reads::{ReadCount, ReadSearch};
use app::port::{Millis, Reads, Stored};
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

use super::{Transaction, row};
use crate::sql::json::{self, CHUNK};
use crate::sql::{Bind, statements};

statements! {
    AddReads: "INSERT INTO reads (org, minute, key_id, route, reads) \
         SELECT ?, r.m, r.k, r.r, r.n FROM {rows m bigint, k text, r text, n bigint} WHERE true \
         ON CONFLICT (org, minute, key_id, route) DO UPDATE SET reads = reads.reads + excluded.reads";
    FindReads: "SELECT minute, key_id, route, reads FROM reads \
         WHERE org = ? AND minute >= ? AND minute < ? AND (minute, key_id, route) < (?, ?, ?) \
         ORDER BY minute DESC, key_id DESC, route DESC LIMIT ?" =>
        (BigInt, Text, Text, BigInt) as (i64, String, String, i64);
    FindReadsOfKey: "SELECT minute, key_id, route, reads FROM reads \
         WHERE org = ? AND minute >= ? AND minute < ? AND (minute, key_id, route) < (?, ?, ?) \
         AND key_id = ? ORDER BY minute DESC, key_id DESC, route DESC LIMIT ?" =>
        (BigInt, Text, Text, BigInt) as (i64, String, String, i64);
    ForgetReads: "DELETE FROM reads WHERE org = ? AND (minute, key_id, route) IN \
         (SELECT o.minute, o.key_id, o.route FROM reads o WHERE o.org = ? AND o.minute < ? \
         ORDER BY o.minute, o.key_id, o.route LIMIT ?)";
}

/// The most rows of one page.
const PAGE: u64 = 1_000;

/// A count, as a row of JSON.
#[derive(Serialize)]
struct Count<'a> {
    m: i64,
    k: &'a str,
    r: &'a str,
    n: i64,
}

impl Reads for Transaction<'_> {
    fn add_reads(&mut self, counts: &[ReadCount]) -> Stored<()> {
        for chunk in counts.chunks(CHUNK) {
            let rows: Vec<Count<'_>> = chunk.iter().map(count).collect();
            let rows = json::rows(&rows).map_err(|_| self.unreadable("count of reads"))?;
            AddReads::run(self.session, &[self.scope(), Bind::Text(&rows)])?;
        }
        Ok(())
    }

    fn reads(&mut self, search: &ReadSearch, limit: u64) -> Stored<Vec<ReadCount>> {
        let (minute, key, route) = match &search.after {
            Some((minute, key, route)) => (*minute, key.as_str(), route.as_str()),
            None => (i64::MAX, "", ""),
        };
        let limit = row::limit(limit.min(PAGE));
        let mut binds = vec![
            self.scope(),
            Bind::Int(search.from.unwrap_or(i64::MIN)),
            Bind::Int(search.until.unwrap_or(i64::MAX)),
            Bind::Int(minute),
            Bind::Text(key),
            Bind::Text(route),
        ];
        let rows = if let Some(key) = &search.key {
            binds.extend([Bind::Text(key), limit]);
            FindReadsOfKey::rows(self.session, &binds)?
        } else {
            binds.push(limit);
            FindReads::rows(self.session, &binds)?
        };
        let read = |(minute, key, route, reads): (i64, String, String, i64)| ReadCount {
            minute,
            key,
            route: Cow::Owned(route),
            reads: reads.unsigned_abs(),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    fn forget_reads(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        let limit = row::limit(limit);
        let binds = [self.scope(), self.scope(), Bind::Int(before), limit];
        let forgotten = ForgetReads::run(self.session, &binds)?;
        Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
    }
}

fn count(count: &ReadCount) -> Count<'_> {
    Count {
        m: count.minute,
        k: &count.key,
        r: &count.route,
        n: row::int(count.reads),
    }
}
