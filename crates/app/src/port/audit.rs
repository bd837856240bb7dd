//! What administrators did: rows that are only added, each sealed over the one before.

use super::{Millis, Stored};

/// An action before it has its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditDraft {
    /// When.
    pub at: Millis,
    /// The id of the key that did it; none for the command line.
    pub key: Option<String>,
    /// The id of the request.
    pub request: Option<String>,
    /// A name of [`domain::Action`]'s table, such as `key.rotated`.
    pub action: &'static str,
    /// What was changed: an id, a slug or a path of slugs; empty for the organization itself.
    pub subject: String,
    /// How it was, as JSON text; none where it was not there.
    pub before: Option<String>,
    /// How it is; none where it is no longer there.
    pub after: Option<String>,
}

/// An action in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number: per organization, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// The id of the key that did it; none for the command line.
    pub key: Option<String>,
    /// What that key was called then.
    pub key_name: Option<String>,
    /// The id of the request.
    pub request: Option<String>,
    /// What was done.
    pub action: String,
    /// What was changed.
    pub subject: String,
    /// How it was, as JSON text.
    pub before: Option<String>,
    /// How it is, as JSON text.
    pub after: Option<String>,
    /// SHA-256 over the hash before and everything above.
    pub hash: Vec<u8>,
}

/// Where the chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The number of the last row; 0 where there is none.
    pub seq: i64,
    /// Its hash; 32 zeros where there is none.
    pub hash: Vec<u8>,
}

/// Which rows to read. Everything that is given has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditSearch {
    /// Rows with a smaller number.
    pub before: Option<i64>,
    /// This action.
    pub action: Option<String>,
    /// Done with this key.
    pub key: Option<String>,
    /// About this.
    pub subject: Option<String>,
    /// Not earlier.
    pub from: Option<Millis>,
    /// Earlier.
    pub until: Option<Millis>,
}

/// The audit of the unit's organization.
pub trait Audit {
    /// Where the chain ends.
    fn audit_head(&mut self) -> Stored<AuditHead>;

    /// Adds a row after the head, with the name of its key, sealed by `app::audit::chain::seal`. The
    /// head is locked until the end of the unit, so that two units do not go on from the same row;
    /// take no other lock afterwards.
    fn append_audit(&mut self, draft: &AuditDraft) -> Stored<()>;

    /// Rows that fit, newest first, at most `limit` (1,000 at the most).
    fn search_audit(&mut self, search: &AuditSearch, limit: u64) -> Stored<Vec<AuditRow>>;

    /// Rows after a number, oldest first, at most `limit` (1,000 at the most).
    fn audit_after(&mut self, seq: i64, limit: u64) -> Stored<Vec<AuditRow>>;
}
