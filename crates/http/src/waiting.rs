//! Who waits because wrong keys came from where they are: a few of each source, so that those who wait
//! take nothing from anybody else.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::client::source;

/// How many requests of one source may wait at once.
const OF_A_SOURCE: usize = 4;

/// How many wait, by their source. Holds only those that do.
#[derive(Default)]
pub(crate) struct Waiting {
    sources: Mutex<HashMap<IpAddr, usize>>,
}

impl Waiting {
    /// A place for one more; none where its source has all of its own taken.
    pub(crate) fn enter(&self, from: IpAddr) -> Option<Place<'_>> {
        let from = source(from);
        let mut sources = self.locked();
        let waiting = sources.entry(from).or_insert(0);
        if *waiting >= OF_A_SOURCE {
            return None;
        }
        *waiting += 1;
        Some(Place {
            waiting: self,
            from,
        })
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place; given back when dropped, also where the client goes away.
pub(crate) struct Place<'a> {
    waiting: &'a Waiting,
    from: IpAddr,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut sources = self.waiting.locked();
        if let Some(waiting) = sources.get_mut(&self.from) {
            *waiting -= 1;
            if *waiting == 0 {
                sources.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_its_own_places_and_leaves_nothing_behind() {
        let waiting = Waiting::default();
        let ip = |last: u8| IpAddr::from([10, 0, 0, last]);
        let places: Vec<_> = (0..OF_A_SOURCE).map(|_| waiting.enter(ip(1))).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(waiting.enter(ip(1)).is_none());
        assert!(waiting.enter(ip(2)).is_some(), "another source");
        drop(places);
        assert!(waiting.locked().is_empty());
        assert!(waiting.enter(ip(1)).is_some());
    }
}
