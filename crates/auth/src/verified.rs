//! What was verified before in this process.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use app::port::keys::Hash;

use crate::mac::Mac;

/// Most keys that are remembered (about 3 MiB). One more costs its argon2 run again at each turn.
pub(crate) const MOST: usize = 10_000;

/// What is remembered about a hash at a row's epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recall {
    /// This very key was verified.
    This,
    /// Another secret was verified for this hash, so this one is wrong: one hash
    /// has one secret.
    Another,
    /// Nothing was verified for this hash at this epoch.
    Nothing,
}

/// One secret that was verified, and at which epoch of its key.
struct Entry {
    mac: Mac,
    epoch: i64,
}

/// A bounded map by hash: a key that is being rotated has two. Successes only; a wrong secret leaves
/// no trace.
pub(crate) struct Verified {
    entries: RwLock<HashMap<String, Entry>>,
    most: usize,
}

impl Verified {
    /// Remembers up to `most` keys.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            entries: RwLock::default(),
            most,
        }
    }

    /// What is known about a key with this MAC. Where nothing is, the MAC is compared all the same,
    /// so that knowing and not knowing an id cost alike.
    pub(crate) fn recall(&self, hash: Hash<'_>, mac: &Mac) -> Recall {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries
            .get(hash.phc)
            .filter(|entry| entry.epoch == hash.epoch);
        let same = bool::from(entry.map_or(&Mac::DUMMY, |entry| &entry.mac).same(mac));
        match (entry, same) {
            (Some(_), true) => Recall::This,
            (Some(_), false) => Recall::Another,
            (None, _) => Recall::Nothing,
        }
    }

    /// Spends what [`Verified::recall`] spends on an id that is not there, and knows nothing.
    pub(crate) fn pretend(&self, id: &str, mac: &Mac) {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(id);
        let same = entry.map_or(&Mac::DUMMY, |entry| &entry.mac).same(mac);
        std::hint::black_box(same.unwrap_u8());
    }

    /// Remembers a success. The last one counts, also where its epoch is the smaller one: a restored
    /// database takes epochs back.
    pub(crate) fn remember(&self, hash: Hash<'_>, mac: Mac) {
        let entry = Entry {
            mac,
            epoch: hash.epoch,
        };
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most && !entries.contains_key(hash.phc) {
            make_room(&mut entries);
        }
        entries.insert(hash.phc.to_owned(), entry);
    }
}

/// Takes out the map's own first entry. With more keys in use than there is room, few places
/// change hands and the others stay good; taking the oldest would make every request miss.
fn make_room(entries: &mut HashMap<String, Entry>) {
    if let Some(hash) = entries.keys().next().cloned() {
        entries.remove(&hash);
    }
}

#[cfg(test)]
mod tests;
