//! The row in the transaction of what it tells.

use domain::{Action, CauseKind};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Result,
    change::Change,
    port::{Tx, audit::AuditDraft},
};

/// What is told of a change.
pub(crate) struct Entry {
    pub action: Action,
    /// What was changed: an id, a slug or a path of slugs; empty for the organization itself.
    pub subject: String,
    /// How it was and how it is; null where it was not or is not there. Never a secret.
    pub before: Value,
    pub after: Value,
}

/// Writes the row of an administrator's change, as the last thing in its transaction: the end of the
/// chain is locked from here on. What an identity provider, an app or a worker did is told elsewhere.
///
/// # Errors
/// The store is away; then the change is not made either.
pub(crate) fn record(tx: &mut dyn Tx, change: &Change, entry: Entry) -> Result<()> {
    if !matches!(change.cause.kind, CauseKind::Admin | CauseKind::Operator) {
        return Ok(());
    }
    tx.append_audit(&draft(change, entry))?;
    Ok(())
}

/// A view as a side of an entry.
pub(crate) fn value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

/// The row before it has its place.
pub(crate) fn draft(change: &Change, entry: Entry) -> AuditDraft {
    let text = |side: Value| {
        Some(side)
            .filter(|side| !side.is_null())
            .map(|side| side.to_string())
    };
    AuditDraft {
        at: change.at,
        key: change.cause.by.clone(),
        request: change.cause.request.clone(),
        action: entry.action.as_str(),
        subject: entry.subject,
        before: text(entry.before),
        after: text(entry.after),
    }
}
