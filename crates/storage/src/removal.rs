//! Removing an organization: first it is gone, in one small transaction; then its rows are cleared
//! from every table, a bounded number in each transaction, by whatever process comes.

use app::audit::chain::with_last_head;
use app::port::audit::AuditDraft;
use app::port::instance::Removal;
use app::port::{Lock, Stored};
use diesel::sql_types::BigInt;
use domain::OrgId;

use crate::audit;
use crate::gates;
use crate::session::Session;
use crate::sql::{Bind, statements};

statements! {
    Version: "SELECT version FROM orgs WHERE id = ?" => (BigInt,) as (i64,);
    DeleteOrg: "DELETE FROM orgs WHERE id = ?";
    /// Nobody works in it any more.
    DeleteGates: "DELETE FROM org_gates WHERE org = ?";
    /// Nobody comes in with them any more.
    DeleteKeys: "DELETE FROM api_keys WHERE org = ?";
    Begin: "INSERT INTO removals (org, at) VALUES (?, ?)";
    Removed: "SELECT org FROM removals ORDER BY org" => (BigInt,) as (i64,);
    /// Who clears holds it until the end of its transaction; another process passes it by.
    Hold: "SELECT org FROM removals WHERE org = ? {postgres FOR UPDATE SKIP LOCKED}" =>
        (BigInt,) as (i64,);
}

/// Every table with rows of an organization, in the order in which they are cleared, and what its
/// key is behind the organization; nothing where that is all of it. Heads come before what they
/// number: nobody numbers events any more that are about to go. The removal itself is the last row
/// to go.
pub(crate) const OF_ORG: &[(&str, &str)] = &[
    ("audit_heads", ""),
    ("feed_heads", ""),
    ("audit", "seq"),
    ("events", "ticket"),
    ("kept_answers", "key_id, name"),
    ("requests", "id"),
    ("request_bodies", "id"),
    ("reads", "minute, key_id, route"),
    ("jobs", "id"),
    ("losses", "minute"),
    ("access_history", "user_id, at"),
    ("stale_access", "user_id"),
    ("reached", "place, user_id"),
    ("access", "user_id"),
    ("holds", "user_id, role"),
    ("grants", "user_id, place"),
    ("rules", "id"),
    ("projects", "id"),
    ("workspaces", "id"),
    ("members", "group_id, member_id"),
    ("group_documents", "id"),
    ("groups", "id"),
    ("user_emails", "user_id, email, kind"),
    ("user_documents", "id"),
    ("users", "id"),
    // These two went with the organization.
    ("api_keys", ""),
    ("org_gates", ""),
    ("schemas", "urn"),
    ("removals", ""),
];

/// Makes an organization be gone: its settings, by which everything of it is found, its keys, and the
/// gates without which nobody works in it.
pub(crate) fn remove(
    session: &mut Session,
    id: OrgId,
    if_version: Option<i64>,
    draft: &AuditDraft,
) -> Stored<Removal> {
    let org = [Bind::Int(id.0)];
    if gates::lock(session, id, Lock::Exclusive)?.is_none() {
        return Ok(Removal::NotThere);
    }
    let Some((version,)) = Version::row(session, &org)? else {
        return Ok(Removal::NotThere);
    };
    if if_version.is_some_and(|seen| seen != version) {
        return Ok(Removal::Changed);
    }
    // Its gates are closed, so nobody adds to the chain any more.
    let draft = with_last_head(draft, audit::head(session, id)?);
    DeleteGates::run(session, &org)?;
    DeleteKeys::run(session, &org)?;
    DeleteOrg::run(session, &org)?;
    Begin::run(session, &[Bind::Int(id.0), Bind::Int(draft.at)])?;
    audit::append(session, OrgId::INSTANCE, &draft)?;
    Ok(Removal::Removed)
}

/// Organizations that are gone and have rows left.
pub(crate) fn removed(session: &mut Session) -> Stored<Vec<OrgId>> {
    let rows = Removed::rows(session, &[])?;
    Ok(rows.into_iter().map(|(org,)| OrgId(org)).collect())
}

/// Clears at most so many rows of one of them; how many there were. Fewer than the limit where that
/// was all, or where another process is at it.
pub(crate) fn clear(session: &mut Session, id: OrgId, limit: u64) -> Stored<u64> {
    let org = Bind::Int(id.0);
    if Hold::row(session, &[org])?.is_none() {
        return Ok(0);
    }
    let mut left = limit;
    for (table, key) in OF_ORG {
        if left == 0 {
            break;
        }
        let (text, binds) = statement(table, key);
        let binds = &[org, org, Bind::count(left)][..binds];
        let gone = session.execute(&text, binds)?;
        left = left.saturating_sub(u64::try_from(gone).unwrap_or(u64::MAX));
    }
    Ok(limit - left)
}

/// What clears a table, and how many values are bound.
fn statement(table: &str, key: &str) -> (String, usize) {
    let all = format!("DELETE FROM {table} WHERE org = ?");
    if key.is_empty() {
        return (all, 1);
    }
    let some = format!("SELECT {key} FROM {table} WHERE org = ? ORDER BY {key} LIMIT ?");
    (format!("{all} AND ({key}) IN ({some})"), 3)
}

#[cfg(test)]
pub(crate) fn statements() -> impl Iterator<Item = String> {
    OF_ORG.iter().map(|(table, key)| statement(table, key).0)
}
