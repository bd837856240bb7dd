//! Kept answers. Those that belong to no organization have its number 0, which none ever has.

use app::port::answers::{Answer, KeptAnswer};
use app::port::{Answers, Millis, Stored};
use diesel::sql_types::{BigInt, Text};

use super::Transaction;
use crate::session::Session;
use crate::sql::{Bind, statements};

statements! {
    Kept: "SELECT fingerprint, at, path, tag, body FROM kept_answers \
         WHERE org = ? AND key_id = ? AND name = ? AND at >= ?" =>
        (Text, BigInt, Text, Text, Text) as (String, i64, String, String, String);
    /// One that is too old gives way. A writer at the same time waits here for the other's end.
    Keep: "INSERT INTO kept_answers (org, key_id, name, fingerprint, at, path, tag, body) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (org, key_id, name) DO UPDATE SET \
         fingerprint = excluded.fingerprint, at = excluded.at, path = excluded.path, \
         tag = excluded.tag, body = excluded.body WHERE kept_answers.at < ?";
    /// The age once more outside: one that was renewed meanwhile stays.
    ForgetAnswers: "DELETE FROM kept_answers WHERE org = ? AND at < ? AND (key_id, name) IN \
         (SELECT k.key_id, k.name FROM kept_answers k WHERE k.org = ? AND k.at < ? \
             ORDER BY k.at LIMIT ?)";
}

/// The answer kept under a name.
pub(crate) fn kept(
    session: &mut Session,
    org: i64,
    key: &str,
    name: &str,
    since: Millis,
) -> Stored<Option<KeptAnswer>> {
    let binds = [
        Bind::Int(org),
        Bind::Text(key),
        Bind::Text(name),
        Bind::Int(since),
    ];
    let row = Kept::row(session, &binds)?;
    Ok(row.map(|(fingerprint, at, path, tag, body)| KeptAnswer {
        key: key.to_owned(),
        name: name.to_owned(),
        fingerprint,
        at,
        answer: Answer { path, tag, body },
    }))
}

/// Keeps an answer; false where another one is there.
pub(crate) fn keep(
    session: &mut Session,
    org: i64,
    kept: &KeptAnswer,
    since: Millis,
) -> Stored<bool> {
    let binds = [
        Bind::Int(org),
        Bind::Text(&kept.key),
        Bind::Text(&kept.name),
        Bind::Text(&kept.fingerprint),
        Bind::Int(kept.at),
        Bind::Text(&kept.answer.path),
        Bind::Text(&kept.answer.tag),
        Bind::Text(&kept.answer.body),
        Bind::Int(since),
    ];
    Ok(Keep::run(session, &binds)? > 0)
}

/// Forgets old answers; how many.
pub(crate) fn forget(session: &mut Session, org: i64, before: Millis, limit: u64) -> Stored<u64> {
    let (org, before) = (Bind::Int(org), Bind::Int(before));
    let binds = [org, before, org, before, Bind::count(limit)];
    let gone = ForgetAnswers::run(session, &binds)?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

impl Answers for Transaction<'_> {
    fn kept_answer(&mut self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>> {
        kept(self.session, self.org.0, key, name, since)
    }

    fn keep_answer(&mut self, kept: &KeptAnswer, since: Millis) -> Stored<bool> {
        keep(self.session, self.org.0, kept, since)
    }
}
