//! API keys.

use std::sync::Arc;

use app::port::keys::{KeyPlace, KeyRow, Previous};
use app::port::store::Unique;
use app::port::{Keys, StoreError, Stored};

use super::unit::MemoryTx;

impl Keys for MemoryTx {
    fn insert_key(&mut self, key: &KeyRow) -> Stored<()> {
        self.may_write()?;
        let keys = Arc::make_mut(&mut self.org.keys);
        if keys.contains_key(&key.id) {
            return Err(StoreError::Conflict(Unique::Id));
        }
        keys.insert(key.id.clone(), key.clone());
        Ok(())
    }

    fn key(&mut self, id: &str) -> Stored<Option<KeyRow>> {
        Ok(self.org.keys.get(id).cloned())
    }

    fn keys(&mut self, after: Option<&KeyPlace>, limit: u64) -> Stored<Vec<KeyRow>> {
        let later = |key: &&KeyRow| after.is_none_or(|after| key.place() > *after);
        let mut keys: Vec<_> = self.org.keys.values().filter(later).cloned().collect();
        keys.sort_by_key(KeyRow::place);
        keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(keys)
    }

    fn save_key(&mut self, key: &KeyRow) -> Stored<()> {
        self.may_write()?;
        let keys = Arc::make_mut(&mut self.org.keys);
        let Some(stored) = keys.get_mut(&key.id) else {
            return Ok(());
        };
        let was = stored.previous.take();
        *stored = KeyRow {
            kind: stored.kind,
            org: stored.org,
            made_by: stored.made_by.clone(),
            created: stored.created,
            used: stored.used.clone(),
            previous: key.previous.clone().map(|previous| Previous {
                used: was
                    .filter(|was| was.phc == previous.phc)
                    .and_then(|was| was.used),
                ..previous
            }),
            ..key.clone()
        };
        Ok(())
    }
}
