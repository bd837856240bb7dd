//! The audit.

use std::sync::Arc;

use app::audit::chain;
use app::port::audit::{AuditDraft, AuditHead, AuditRow, AuditSearch};
use app::port::{Audit, Stored};

use super::state::OrgState;
use super::unit::MemoryTx;

/// Where a chain ends.
pub(super) fn head(org: &OrgState) -> AuditHead {
    let last = org.audit.last();
    AuditHead {
        seq: last.map_or(0, |row| row.seq),
        hash: last.map_or_else(|| vec![0; 32], |row| row.hash.clone()),
    }
}

/// Seals a draft after the head.
pub(super) fn append(org: &mut OrgState, draft: &AuditDraft, key_name: Option<String>) {
    let row = chain::seal(org.settings.id, &head(org), draft, key_name);
    Arc::make_mut(&mut org.audit).push(row);
}

impl Audit for MemoryTx {
    fn audit_head(&mut self) -> Stored<AuditHead> {
        Ok(head(&self.org))
    }

    fn append_audit(&mut self, draft: &AuditDraft) -> Stored<()> {
        self.may_write()?;
        let key = draft.key.as_ref();
        let key = key.and_then(|id| self.org.keys.get(id).or_else(|| self.owner_keys.get(id)));
        let name = key.map(|key| key.name.clone());
        append(&mut self.org, draft, name);
        Ok(())
    }

    fn search_audit(&mut self, search: &AuditSearch, limit: u64) -> Stored<Vec<AuditRow>> {
        let fits = |row: &&AuditRow| {
            search.before.is_none_or(|before| row.seq < before)
                && search
                    .action
                    .as_ref()
                    .is_none_or(|action| row.action == *action)
                && search
                    .key
                    .as_ref()
                    .is_none_or(|key| row.key.as_ref() == Some(key))
                && search
                    .subject
                    .as_ref()
                    .is_none_or(|subject| row.subject == *subject)
                && search.from.is_none_or(|from| row.at >= from)
                && search.until.is_none_or(|until| row.at < until)
        };
        let limit = usize::try_from(limit.min(1_000)).unwrap_or(usize::MAX);
        let rows = self.org.audit.iter().rev().filter(fits).take(limit);
        Ok(rows.cloned().collect())
    }

    fn audit_after(&mut self, seq: i64, limit: u64) -> Stored<Vec<AuditRow>> {
        let limit = usize::try_from(limit.min(1_000)).unwrap_or(usize::MAX);
        let rows = self
            .org
            .audit
            .iter()
            .filter(|row| row.seq > seq)
            .take(limit);
        Ok(rows.cloned().collect())
    }
}
