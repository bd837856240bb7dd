//! A map of things read from the store that may be a little old.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{PoisonError, RwLock},
};

use crate::port::Millis;

/// Values by key, each good for a fixed time after it was read. Bounded: when it is full it starts
/// empty again, which costs one read per key and needs no bookkeeping.
pub(crate) struct Cache<K, V> {
    good_for: Millis,
    entries: RwLock<HashMap<K, (V, Millis)>>,
}

const MOST: usize = 10_000;

impl<K: Eq + Hash + Clone, V: Clone> Cache<K, V> {
    pub(crate) fn new(good_for: Millis) -> Cache<K, V> {
        Cache {
            good_for,
            entries: RwLock::default(),
        }
    }

    /// The value, read by `load` where it is not remembered or too old. Only what exists is
    /// remembered, so that made-up names cannot push real ones out.
    pub(crate) fn get<E>(
        &self,
        key: &K,
        now: Millis,
        load: impl FnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        if let Some(value) = self.peek(key, now) {
            return Ok(Some(value));
        }
        let Some(value) = load()? else {
            self.remove(key);
            return Ok(None);
        };
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(key.clone(), (value.clone(), now));
        Ok(Some(value))
    }

    /// The value, if it is there and young enough.
    pub(crate) fn peek(&self, key: &K, now: Millis) -> Option<V> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries
            .get(key)
            .filter(|(_, read)| now - read < self.good_for)
            .map(|(v, _)| v.clone())
    }

    pub(crate) fn has(&self, key: &K, now: Millis) -> bool {
        self.peek(key, now).is_some()
    }

    pub(crate) fn remove(&self, key: &K) {
        self.entries
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key);
    }
}
