//! What was verified before in this process.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use app::port::instance::KeyRow;

use crate::mac::Mac;

/// Most keys that are remembered (about 3 MiB). One more costs its argon2 run again at each turn.
pub(crate) const MOST: usize = 10_000;

/// What is remembered about a key at a row's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recall {
    /// This very key was verified.
    This,
    /// Another secret was verified for this version of the row, so this one is wrong: one hash
    /// has one secret.
    Another,
    /// Nothing was verified for this version of the row.
    Nothing,
}

/// One key that was verified, and against which version of its row. The hash counts too, so that a
/// row whose hash changed without a new epoch is verified again.
struct Entry {
    mac: Mac,
    epoch: i64,
    phc: String,
}

/// A bounded map of key ids. Successes only; a wrong secret leaves no trace.
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
    pub(crate) fn recall(&self, row: &KeyRow, mac: &Mac) -> Recall {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries
            .get(&row.id)
            .filter(|entry| entry.epoch == row.epoch && entry.phc == row.phc);
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
    pub(crate) fn remember(&self, row: &KeyRow, mac: Mac) {
        let entry = Entry {
            mac,
            epoch: row.epoch,
            phc: row.phc.clone(),
        };
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most && !entries.contains_key(&row.id) {
            make_room(&mut entries);
        }
        entries.insert(row.id.clone(), entry);
    }
}

/// Takes out the map's own first entry. With more keys in use than there is room, few places
/// change hands and the others stay good; taking the oldest would make every request miss.
fn make_room(entries: &mut HashMap<String, Entry>) {
    if let Some(id) = entries.keys().next().cloned() {
        entries.remove(&id);
    }
}

#[cfg(test)]
mod tests;
