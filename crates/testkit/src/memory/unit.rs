//! One open unit of work, and what the port asks of the use case inside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::port::keys::KeyRow;
use app::port::{Lock, StoreError, Stored};
use uuid::Uuid;

use super::state::OrgState;

/// An error that no second try mends.
pub(super) fn broken(why: &'static str) -> StoreError {
    StoreError::Broken(Arc::new(std::io::Error::other(why)))
}

/// The unit's own copy of its organization.
pub(super) struct MemoryTx {
    pub(super) org: OrgState,
    /// For their names.
    pub(super) owner_keys: Arc<BTreeMap<String, KeyRow>>,
    lock: Lock,
    /// Rows that PostgreSQL would hold locked for this unit.
    held: BTreeSet<Uuid>,
}

impl MemoryTx {
    pub(super) fn new(
        org: OrgState,
        owner_keys: Arc<BTreeMap<String, KeyRow>>,
        lock: Lock,
    ) -> Self {
        Self {
            org,
            owner_keys,
            lock,
            held: BTreeSet::new(),
        }
    }

    /// Remembers that the unit holds this row.
    pub(super) fn hold(&mut self, row: Uuid) {
        self.held.insert(row);
    }

    /// A row may be replaced only after it was read for update, or made, in the same unit.
    pub(super) fn must_hold(&self, row: Uuid) -> Stored<()> {
        if self.held.contains(&row) {
            return Ok(());
        }
        Err(broken(
            "a row is replaced that was not read for update in this unit of work",
        ))
    }

    pub(super) fn may_write(&self) -> Stored<()> {
        if self.lock >= Lock::Shared {
            return Ok(());
        }
        Err(broken("a reading unit of work tried to write"))
    }

    pub(super) fn may_write_alone(&self) -> Stored<()> {
        if self.lock == Lock::Exclusive {
            return Ok(());
        }
        Err(broken(
            "this write needs the exclusive lock; call need_exclusive first",
        ))
    }

    pub(super) fn exclusive_or_restart(&self) -> Stored<()> {
        match self.lock {
            Lock::Exclusive => Ok(()),
            Lock::Shared => Err(StoreError::NeedsLock(Lock::Exclusive)),
            Lock::Glance | Lock::Read => Err(broken(
                "a reading unit of work asked for the exclusive lock",
            )),
        }
    }
}
