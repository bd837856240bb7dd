//! So many at once and no more: of each source that sends wrong keys, of each key that follows a
//! feed. Whoever takes all places of its own takes none of anybody else's.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Lets a bounded number in of each kind, and a bounded number in all. Holds only what is inside.
pub(crate) struct Turnstile<K> {
    of_each: usize,
    of_all: usize,
    inside: Mutex<HashMap<K, usize>>,
}

impl<K: Eq + Hash + Clone> Turnstile<K> {
    /// Lets in so many of each, and so many in all.
    pub(crate) fn new(of_each: usize, of_all: usize) -> Arc<Turnstile<K>> {
        Arc::new(Turnstile {
            of_each,
            of_all,
            inside: Mutex::default(),
        })
    }

    /// A pass for one more; none where there are as many as there may be.
    pub(crate) fn enter(self: &Arc<Self>, who: K) -> Option<Pass<K>> {
        let mut inside = self.locked();
        let all: usize = inside.values().sum();
        let own = inside.get(&who).copied().unwrap_or(0);
        if own >= self.of_each || all >= self.of_all {
            return None;
        }
        inside.insert(who.clone(), own + 1);
        Some(Pass {
            turnstile: Arc::clone(self),
            who,
        })
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Given back when dropped, also where the client goes away.
pub(crate) struct Pass<K: Eq + Hash + Clone> {
    turnstile: Arc<Turnstile<K>>,
    who: K,
}

impl<K: Eq + Hash + Clone> Drop for Pass<K> {
    fn drop(&mut self) {
        let mut inside = self.turnstile.locked();
        if let Some(own) = inside.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                inside.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_places_and_leaves_nothing_behind() {
        let turnstile = Turnstile::new(2, 3);
        let passes: Vec<_> = (0..2).map(|_| turnstile.enter("a")).collect();
        assert!(passes.iter().all(Option::is_some));
        assert!(turnstile.enter("a").is_none());
        let other = turnstile.enter("b");
        assert!(other.is_some());
        assert!(turnstile.enter("c").is_none(), "three in all");
        drop(passes);
        assert!(turnstile.enter("c").is_some());
        drop(other);
        assert!(turnstile.locked().is_empty());
    }
}
