//! The audit of the unit's organization.

use app::port::audit::{AuditDraft, AuditHead, AuditRow, AuditSearch};
use app::port::{Audit, Stored};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::{Transaction, row};
use crate::audit;
use crate::sql::{Bind, statements};

type Types = (
    BigInt,
    BigInt,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Binary,
);

type Columns = (
    i64,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    Vec<u8>,
);

statements! {
    /// An empty text leaves its condition out.
    SearchAudit: "SELECT seq, at, key_id, key_name, request, action, subject, was, became, hash \
         FROM audit WHERE org = ? AND seq < ? AND at >= ? AND at < ? \
         AND (action = ? OR ? = '') AND (key_id = ? OR ? = '') AND (subject = ? OR ? = '') \
         ORDER BY seq DESC LIMIT ?" => (Types,) as (Columns,);
    AuditAfter: "SELECT seq, at, key_id, key_name, request, action, subject, was, became, hash \
         FROM audit WHERE org = ? AND seq > ? ORDER BY seq LIMIT ?" => (Types,) as (Columns,);
}

/// The most rows of one page.
const PAGE: u64 = 1_000;

fn read((columns,): (Columns,)) -> AuditRow {
    let (seq, at, key, key_name, request, action, subject, before, after, hash) = columns;
    AuditRow {
        seq,
        at,
        key,
        key_name,
        request,
        action,
        subject,
        before,
        after,
        hash,
    }
}

impl Audit for Transaction<'_> {
    fn audit_head(&mut self) -> Stored<AuditHead> {
        audit::head(self.session, self.org)
    }

    fn append_audit(&mut self, draft: &AuditDraft) -> Stored<()> {
        audit::append(self.session, self.org, draft)
    }

    fn search_audit(&mut self, search: &AuditSearch, limit: u64) -> Stored<Vec<AuditRow>> {
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let (action, key, subject) = (
            text(&search.action),
            text(&search.key),
            text(&search.subject),
        );
        let binds = [
            self.scope(),
            Bind::Int(search.before.unwrap_or(i64::MAX)),
            Bind::Int(search.from.unwrap_or(i64::MIN)),
            Bind::Int(search.until.unwrap_or(i64::MAX)),
            Bind::Text(&action),
            Bind::Text(&action),
            Bind::Text(&key),
            Bind::Text(&key),
            Bind::Text(&subject),
            Bind::Text(&subject),
            row::limit(limit.min(PAGE)),
        ];
        let rows = SearchAudit::rows(self.session, &binds)?;
        Ok(rows.into_iter().map(read).collect())
    }

    fn audit_after(&mut self, seq: i64, limit: u64) -> Stored<Vec<AuditRow>> {
        let binds = [self.scope(), Bind::Int(seq), row::limit(limit.min(PAGE))];
        let rows = AuditAfter::rows(self.session, &binds)?;
        Ok(rows.into_iter().map(read).collect())
    }
}
