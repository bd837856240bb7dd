//! Wrong keys, counted by where they come from. Guessing a key is hopeless; this keeps those who try
//! from costing much, and never keeps a valid key out.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use app::port::Millis;

use crate::client::source;

/// How many wrong keys a minute a source may send before it is slowed down.
pub(crate) const A_MINUTE: u32 = 20;
/// How many wrong secrets an hour a key may be tried with before the log says so.
const AN_HOUR: u32 = 100;
const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
/// Most sources, and most keys, that are counted.
const MOST: usize = 10_000;

/// What was counted since its time began.
#[derive(Clone, Copy)]
struct Count {
    since: Millis,
    failures: u32,
}

/// The counts. Times are the clock's ticks.
#[derive(Default)]
pub(crate) struct Failures {
    sources: Mutex<HashMap<IpAddr, Count>>,
    keys: Mutex<HashMap<String, Count>>,
    all: AtomicU64,
}

impl Failures {
    /// For how many more seconds a source is slowed down; none where it is not.
    pub(crate) fn slowed(&self, from: Option<IpAddr>, now: Millis) -> Option<u64> {
        let sources = locked(&self.sources);
        let count = sources.get(&source(from?)).copied()?;
        let left = count.since + MINUTE - now;
        let slowed = count.failures >= A_MINUTE && left > 0;
        slowed.then(|| left.unsigned_abs().div_ceil(1_000))
    }

    /// How many there were since the start.
    pub(crate) fn all(&self) -> u64 {
        self.all.load(Ordering::Relaxed)
    }

    /// Counts a request whose key is missing or cannot be one.
    pub(crate) fn count_keyless(&self) {
        self.all.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a wrong key.
    pub(crate) fn count(&self, from: Option<IpAddr>, now: Millis) {
        self.all.fetch_add(1, Ordering::Relaxed);
        if let Some(from) = from {
            let failures = add(&mut locked(&self.sources), source(from), MINUTE, now);
            if failures == A_MINUTE {
                tracing::warn!(%from, "many wrong keys come from this address; it is slowed down");
            }
        }
    }

    /// Counts a wrong secret for a key that exists; the log is told where there are many.
    pub(crate) fn count_secret(&self, key: &str, now: Millis) {
        let failures = add(&mut locked(&self.keys), key.to_owned(), HOUR, now);
        if failures == AN_HOUR {
            tracing::warn!(key, "this key is tried with many wrong secrets");
        }
    }
}

fn locked<K>(counts: &Mutex<HashMap<K, Count>>) -> MutexGuard<'_, HashMap<K, Count>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts one more; how many there are in this span of time.
fn add<K: std::hash::Hash + Eq>(
    counts: &mut HashMap<K, Count>,
    what: K,
    span: Millis,
    now: Millis,
) -> u32 {
    let is_over = |count: &Count| now - count.since >= span;
    if counts.len() >= MOST && !counts.contains_key(&what) {
        counts.retain(|_, count| !is_over(count));
        if counts.len() >= MOST {
            // More sources at once than one attacker usually has: begin to count again.
            counts.clear();
        }
    }
    let begin = Count {
        since: now,
        failures: 0,
    };
    let count = counts.entry(what).or_insert(begin);
    if is_over(count) {
        *count = begin;
    }
    count.failures = count.failures.saturating_add(1);
    count.failures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn a_source_is_slowed_for_the_rest_of_its_minute() {
        let failures = Failures::default();
        for number in 0..A_MINUTE {
            assert_eq!(failures.slowed(ip("10.0.0.1"), 500), None, "{number}");
            failures.count(ip("10.0.0.1"), 500);
        }
        assert_eq!(failures.slowed(ip("10.0.0.1"), 500), Some(60));
        assert_eq!(failures.slowed(ip("10.0.0.1"), 59_999), Some(1));
        assert_eq!(failures.slowed(ip("10.0.0.2"), 500), None);
        assert_eq!(failures.slowed(None, 500), None);
        assert_eq!(failures.slowed(ip("10.0.0.1"), 60_500), None);
        failures.count(ip("10.0.0.1"), 60_500);
        assert_eq!(failures.slowed(ip("10.0.0.1"), 60_500), None);
    }

    #[test]
    fn a_network_of_ipv6_is_one_source() {
        let failures = Failures::default();
        for number in 0..A_MINUTE {
            failures.count(ip(&format!("2001:db8::{number:x}")), 0);
        }
        assert!(failures.slowed(ip("2001:db8::ffff"), 0).is_some());
        assert!(failures.slowed(ip("2001:db8:0:1::"), 0).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let mut counts = HashMap::new();
        for number in 0..3 * MOST {
            add(&mut counts, number, MINUTE, 0);
            assert!(counts.len() <= MOST);
        }
    }
}
