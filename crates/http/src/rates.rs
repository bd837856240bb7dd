//! How many requests a key and an address may send, so that one client that runs wild leaves the
//! others their share.

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use app::port::Clock;
use governor::{
    Quota, RateLimiter,
    clock::{self, Clock as _},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::keyed::HashMapStateStore,
};

use crate::client::source;

/// Beyond so many, those that have their whole share again are forgotten.
const MOST: usize = 10_000;

/// The application's clock, as the limiters want it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_millis(self.0.ticks().unsigned_abs()).into()
    }
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Nanos>>;

/// So many requests a second for each of something, and as many at once.
struct Rate<K: Clone + Hash + Eq> {
    limiter: Limiter<K>,
    clock: Ticks,
}

impl<K: Clone + Hash + Eq> Rate<K> {
    /// None where there is no limit.
    fn new(a_second: u32, clock: &Arc<dyn Clock>) -> Option<Rate<K>> {
        let clock = Ticks(Arc::clone(clock));
        Some(Rate {
            limiter: RateLimiter::hashmap_with_clock(
                Quota::per_second(NonZeroU32::new(a_second)?),
                clock.clone(),
            ),
            clock,
        })
    }

    /// Counts a request; in how many seconds there is room again where there is none.
    fn check(&self, who: &K) -> Result<(), u64> {
        if self.limiter.len() > MOST {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(who).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }
}

/// Both limits.
pub(crate) struct Rates {
    keys: Option<Rate<String>>,
    sources: Option<Rate<IpAddr>>,
}

impl Rates {
    /// Requests a second for each key and for each source; 0 means no limit.
    pub(crate) fn new(a_key: u32, a_source: u32, clock: &Arc<dyn Clock>) -> Rates {
        Rates {
            keys: Rate::new(a_key, clock),
            sources: Rate::new(a_source, clock),
        }
    }

    /// Counts a request of a known key.
    ///
    /// # Errors
    /// In how many seconds it may come again.
    pub(crate) fn of_key(&self, key: &str) -> Result<(), u64> {
        match &self.keys {
            Some(rate) => rate.check(&key.to_owned()),
            None => Ok(()),
        }
    }

    /// Counts a request from an address.
    ///
    /// # Errors
    /// In how many seconds it may come again.
    pub(crate) fn of_source(&self, from: Option<IpAddr>) -> Result<(), u64> {
        match (&self.sources, from) {
            (Some(rate), Some(from)) => rate.check(&source(from)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use testkit::TestClock;

    use super::*;

    #[test]
    fn a_share_comes_back_with_time() {
        let ticks = Arc::new(TestClock::new());
        let clock: Arc<dyn Clock> = Arc::<TestClock>::clone(&ticks);
        let rates = Rates::new(5, 2, &clock);
        for number in 0..5 {
            assert_eq!(rates.of_key("a"), Ok(()), "{number}");
        }
        assert_eq!(rates.of_key("a"), Err(1));
        assert_eq!(rates.of_key("b"), Ok(()), "another key has its own share");
        ticks.advance(200);
        assert_eq!((rates.of_key("a"), rates.of_key("a")), (Ok(()), Err(1)));
        let from = |text: &str| Some(text.parse().unwrap());
        for address in ["2001:db8::1", "2001:db8::2"] {
            assert_eq!(rates.of_source(from(address)), Ok(()));
        }
        assert_eq!(rates.of_source(from("2001:db8::3")), Err(1), "one network");
        assert_eq!(rates.of_source(from("2001:db8:1::")), Ok(()));
        assert_eq!(rates.of_source(None), Ok(()));
    }

    #[test]
    fn no_limit_is_none() {
        let clock: Arc<dyn Clock> = Arc::new(TestClock::new());
        let rates = Rates::new(0, 0, &clock);
        for _ in 0..1_000 {
            assert_eq!(rates.of_key("a"), Ok(()));
            assert_eq!(rates.of_source("10.0.0.1".parse().ok()), Ok(()));
        }
    }

    #[test]
    fn who_has_the_whole_share_is_forgotten() {
        let ticks = Arc::new(TestClock::new());
        let clock: Arc<dyn Clock> = Arc::<TestClock>::clone(&ticks);
        let rate: Rate<usize> = Rate::new(5, &clock).unwrap();
        for number in 0..3 * MOST {
            assert_eq!(rate.check(&number), Ok(()));
            ticks.advance(1);
        }
        assert!(rate.limiter.len() <= MOST + 1, "{}", rate.limiter.len());
    }
}
