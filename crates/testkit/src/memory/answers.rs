//! Answers kept for requests that are sent again.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::port::answers::KeptAnswer;
use app::port::{Answers, Millis, Stored};

use super::unit::MemoryTx;

/// By API key and name.
pub(super) type Kept = BTreeMap<(String, String), KeptAnswer>;

pub(super) fn kept(all: &Kept, key: &str, name: &str, since: Millis) -> Option<KeptAnswer> {
    let found = all.get(&(key.to_owned(), name.to_owned()));
    found.filter(|kept| kept.at >= since).cloned()
}

pub(super) fn keep(all: &mut Kept, new: &KeptAnswer, since: Millis) -> bool {
    if kept(all, &new.key, &new.name, since).is_some() {
        return false;
    }
    all.insert((new.key.clone(), new.name.clone()), new.clone());
    true
}

pub(super) fn forget(all: &mut Kept, before: Millis, limit: u64) -> u64 {
    let old = all.iter().filter(|(_, kept)| kept.at < before);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let old: Vec<_> = old.map(|(name, _)| name.clone()).take(limit).collect();
    for name in &old {
        all.remove(name);
    }
    old.len() as u64
}

impl Answers for MemoryTx {
    fn kept_answer(&mut self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>> {
        Ok(kept(&self.org.answers, key, name, since))
    }

    fn keep_answer(&mut self, new: &KeptAnswer, since: Millis) -> Stored<bool> {
        self.may_write()?;
        Ok(keep(Arc::make_mut(&mut self.org.answers), new, since))
    }
}
