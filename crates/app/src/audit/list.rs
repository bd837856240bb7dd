//! Reading the audit.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Result,
    port::{
        Tx,
        audit::{AuditRow, AuditSearch},
    },
    representation::time,
};

/// An action as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AuditedAction)]
pub struct AuditView {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who: `operator` for the command line, or `key`.
    pub by: &'static str,
    /// The id of the key.
    #[schema(required = true)]
    pub key: Option<String>,
    /// What the key was called then.
    #[schema(required = true)]
    pub key_name: Option<String>,
    /// The id of the request.
    #[schema(required = true)]
    pub request: Option<String>,
    /// A name of the table of actions.
    pub action: String,
    /// What was changed.
    pub subject: String,
    /// How it was; null where it was not there.
    pub before: Value,
    /// How it is; null where it is no longer there.
    pub after: Value,
    /// SHA-256 over the hash before and this row, in hexadecimal digits.
    pub hash: String,
}

impl AuditView {
    fn new(row: AuditRow) -> AuditView {
        let json = |text: Option<String>| {
            let value = text.and_then(|text| serde_json::from_str(&text).ok());
            value.unwrap_or(Value::Null)
        };
        AuditView {
            number: row.seq,
            at: time(row.at),
            by: if row.key.is_some() { "key" } else { "operator" },
            key: row.key,
            key_name: row.key_name,
            request: row.request,
            action: row.action,
            subject: row.subject,
            before: json(row.before),
            after: json(row.after),
            hash: hex(&row.hash),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Actions that fit, newest first.
///
/// # Errors
/// The store is away.
pub fn list(tx: &mut dyn Tx, search: &AuditSearch, limit: u64) -> Result<Vec<AuditView>> {
    let rows = tx.search_audit(search, limit)?;
    Ok(rows.into_iter().map(AuditView::new).collect())
}
