//! The chain: each row's hash covers the row and the hash before it, so that whoever changes,
//! removes, adds or reorders rows in the database has to make every later hash anew, and cannot make
//! those that were written to the log.

use std::{fmt, str::FromStr};

use domain::OrgId;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    Result, Scope, Work,
    port::{
        Lock, Store,
        audit::{AuditDraft, AuditHead, AuditRow},
    },
};

/// Rows that are read at once.
const AT_ONCE: u64 = 1_000;

/// The row that tells of a removed organization, with the end of the chain that went with it among
/// what was: a copy of that chain can be proved by it.
pub fn with_last_head(draft: &AuditDraft, head: AuditHead) -> AuditDraft {
    let before = draft.before.as_deref().unwrap_or_default();
    let mut before: Map<String, Value> = serde_json::from_str(before).unwrap_or_default();
    before.insert("audit_head".to_owned(), Head(head).to_string().into());
    AuditDraft {
        before: Some(Value::Object(before).to_string()),
        ..draft.clone()
    }
}

/// The row that a draft becomes after a head.
pub fn seal(
    org: OrgId,
    head: &AuditHead,
    draft: &AuditDraft,
    key_name: Option<String>,
) -> AuditRow {
    let mut row = AuditRow {
        seq: head.seq + 1,
        at: draft.at,
        key: draft.key.clone(),
        key_name,
        request: draft.request.clone(),
        action: draft.action.to_owned(),
        subject: draft.subject.clone(),
        before: draft.before.clone(),
        after: draft.after.clone(),
        hash: Vec::new(),
    };
    row.hash = hash(org, &head.hash, &row);
    row
}

/// SHA-256 over the hash before and the row as a JSON array, which has one text for one row.
fn hash(org: OrgId, before: &[u8], row: &AuditRow) -> Vec<u8> {
    let canonical = serde_json::json!([
        org.0,
        row.seq,
        row.at,
        row.key,
        row.key_name,
        row.request,
        row.action,
        row.subject,
        row.before,
        row.after,
    ]);
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(canonical.to_string().as_bytes());
    sha.finalize().to_vec()
}

/// The end of a chain as it is written to the log: number and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head(pub AuditHead);

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.0.seq)?;
        self.0
            .hash
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let right = "write the number, a colon and the 64 hexadecimal digits of the hash, as the log \
                     has them";
        let (seq, hash) = text.split_once(':').ok_or(right)?;
        let digits: Option<Vec<u8>> = (0..hash.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(hash.get(at..at + 2)?, 16).ok())
            .collect();
        let hash = digits.filter(|hash| hash.len() == 32).ok_or(right)?;
        let seq = seq.parse().map_err(|_| right)?;
        Ok(Head(AuditHead { seq, hash }))
    }
}

/// What proving a chain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How many rows are as they were written.
    pub rows: i64,
    /// Where the chain ends.
    pub head: Head,
    /// The first row that is not, and what is wrong there.
    pub fault: Option<(i64, &'static str)>,
}

/// Reads a chain from its beginning and computes every hash anew. `known` is a head from the log:
/// the row with its number has to be there with its hash. Blocks.
///
/// # Errors
/// The store is away; no organization has this number.
pub fn prove(store: &dyn Store, org: OrgId, known: Option<&Head>) -> Result<Proof> {
    let read = |seq: i64| {
        Work::new(&Scope::operator(org), Lock::Read, move |tx| {
            Ok((tx.audit_head()?, tx.audit_after(seq, AT_ONCE)?))
        })
        .wait(store)
    };
    let mut end = AuditHead {
        seq: 0,
        hash: vec![0; 32],
    };
    loop {
        let (head, rows) = read(end.seq)?;
        let last = rows.is_empty();
        for row in rows {
            if let Some(fault) = flaw(org, &end, &row, known) {
                return Ok(found(end, Some(fault)));
            }
            end = AuditHead {
                seq: row.seq,
                hash: row.hash,
            };
        }
        if last {
            let cut = (head.seq != end.seq || head.hash != end.hash)
                .then_some((end.seq + 1, "rows at the end are gone"));
            let missing = known
                .filter(|known| known.0.seq > end.seq)
                .map(|_| (end.seq + 1, "rows that the log knows of are gone"));
            return Ok(found(end, cut.or(missing)));
        }
    }
}

fn found(end: AuditHead, fault: Option<(i64, &'static str)>) -> Proof {
    Proof {
        rows: end.seq,
        head: Head(end),
        fault,
    }
}

fn flaw(
    org: OrgId,
    end: &AuditHead,
    row: &AuditRow,
    known: Option<&Head>,
) -> Option<(i64, &'static str)> {
    if row.seq != end.seq + 1 {
        return Some((end.seq + 1, "the row is gone"));
    }
    if row.hash != hash(org, &end.hash, row) {
        return Some((
            row.seq,
            "the row was changed, or one before it was put in its place",
        ));
    }
    let other = known.is_some_and(|known| known.0.seq == row.seq && known.0.hash != row.hash);
    other.then_some((row.seq, "the log has another hash for this row"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn row(org: i64, head: &AuditHead, subject: &str, before: Option<&str>) -> AuditRow {
        let draft = AuditDraft {
            at: 5,
            key: None,
            request: None,
            action: "key.created",
            subject: subject.to_owned(),
            before: before.map(str::to_owned),
            after: None,
        };
        seal(OrgId(org), head, &draft, None)
    }

    #[test]
    fn another_row_place_or_organization_has_another_hash() {
        let start = AuditHead {
            seq: 0,
            hash: vec![0; 32],
        };
        let first = row(1, &start, "a", None);
        let next = AuditHead {
            seq: 1,
            hash: first.hash.clone(),
        };
        let rows = [
            first.clone(),
            row(2, &start, "a", None),
            row(1, &start, "b", None),
            row(1, &start, "a", Some("")),
            row(1, &start, "a", Some("null")),
            row(1, &next, "a", None),
        ];
        let hashes: std::collections::BTreeSet<_> = rows.iter().map(|row| &row.hash).collect();
        assert_eq!(hashes.len(), rows.len());
        assert_eq!(row(1, &start, "a", None), first);
        assert_eq!(first.hash.len(), 32);
    }

    #[test]
    fn heads_are_written_and_read() {
        let head = Head(AuditHead {
            seq: 12,
            hash: (0..32).collect(),
        });
        let text = head.to_string();
        assert!(text.starts_with("12:000102030405"), "{text}");
        assert_eq!(text.parse::<Head>().unwrap(), head);
        for wrong in ["", "12", "12:", "x:00", "12:zz", &text[..text.len() - 2]] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
