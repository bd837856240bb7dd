//! The audit's tables, whatever transaction they are written in.

use app::audit::chain;
use app::port::Stored;
use app::port::audit::{AuditDraft, AuditHead, AuditRow};
use diesel::sql_types::{BigInt, Binary, Text};
use domain::OrgId;

use crate::error::Reason;
use crate::session::Session;
use crate::sql::{Bind, statements};

statements! {
    Head: "SELECT seq, hash FROM audit_heads WHERE org = ?" => (BigInt, Binary) as (i64, Vec<u8>);
    HeadHeld: "SELECT seq, hash FROM audit_heads WHERE org = ? {for update}" =>
        (BigInt, Binary) as (i64, Vec<u8>);
    InsertHead: "INSERT INTO audit_heads (org, seq, hash) VALUES (?, 0, ?)";
    MoveHead: "UPDATE audit_heads SET seq = ?, hash = ? WHERE org = ?";
    InsertRow: "INSERT INTO audit (org, seq, at, key_id, key_name, request, action, subject, was, \
         became, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    /// Of the organization, or an owner key's.
    NameOfKey: "SELECT name FROM api_keys WHERE id = ? AND org IN (?, 0)" => (Text,) as (String,);
}

/// Where the chain ends.
pub(crate) fn head(session: &mut Session, org: OrgId) -> Stored<AuditHead> {
    let row = Head::row(session, &[Bind::Int(org.0)])?;
    end(session, row)
}

fn end(session: &mut Session, row: Option<(i64, Vec<u8>)>) -> Stored<AuditHead> {
    let (seq, hash) = row.ok_or_else(|| session.fail(Reason::NoOrganization.broken()))?;
    Ok(AuditHead { seq, hash })
}

/// The beginning of a new organization's chain.
pub(crate) fn begin(session: &mut Session, org: OrgId) -> Stored<()> {
    InsertHead::run(session, &[Bind::Int(org.0), Bind::Bytes(&[0; 32])])?;
    Ok(())
}

/// Adds a row after the head, which is locked until the end of the transaction.
pub(crate) fn append(session: &mut Session, org: OrgId, draft: &AuditDraft) -> Stored<()> {
    let name = match &draft.key {
        Some(key) => NameOfKey::row(session, &[Bind::Text(key), Bind::Int(org.0)])?,
        None => None,
    };
    let head = HeadHeld::row(session, &[Bind::Int(org.0)])?;
    let head = end(session, head)?;
    let row = chain::seal(org, &head, draft, name.map(|(name,)| name));
    insert(session, org, &row)
}

fn insert(session: &mut Session, org: OrgId, row: &AuditRow) -> Stored<()> {
    let binds = [
        Bind::Int(org.0),
        Bind::Int(row.seq),
        Bind::Int(row.at),
        Bind::MaybeText(row.key.as_deref()),
        Bind::MaybeText(row.key_name.as_deref()),
        Bind::MaybeText(row.request.as_deref()),
        Bind::Text(&row.action),
        Bind::Text(&row.subject),
        Bind::MaybeText(row.before.as_deref()),
        Bind::MaybeText(row.after.as_deref()),
        Bind::Bytes(&row.hash),
    ];
    InsertRow::run(session, &binds)?;
    let binds = [Bind::Int(row.seq), Bind::Bytes(&row.hash), Bind::Int(org.0)];
    MoveHead::run(session, &binds)?;
    Ok(())
}
