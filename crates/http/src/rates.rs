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

/// More came than is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beyond {
    /// After so many seconds there is room again.
    pub(crate) seconds: u64,
    /// Whether nobody was told of this key or source in the last minute.
    pub(crate) is_news: bool,
}

/// So many requests a second for each of something, and as many at once.
struct Rate<K: Clone + Hash + Eq> {
    limiter: Limiter<K>,
    /// Who sends more is told once a minute.
    news: Limiter<K>,
    clock: Ticks,
}

impl<K: Clone + Hash + Eq> Rate<K> {
    /// None where there is no limit.
    fn new(a_second: u32, clock: &Arc<dyn Clock>) -> Option<Rate<K>> {
        let clock = Ticks(Arc::clone(clock));
        let limiter = |quota| RateLimiter::hashmap_with_clock(quota, clock.clone());
        Some(Rate {
            limiter: limiter(Quota::per_second(NonZeroU32::new(a_second)?)),
            news: limiter(Quota::per_minute(NonZeroU32::MIN)),
            clock: clock.clone(),
        })
    }

    /// Counts a request.
    fn check(&self, who: &K) -> Result<(), Beyond> {
        for limiter in [&self.limiter, &self.news] {
            if limiter.len() > MOST {
                limiter.retain_recent();
            }
        }
        self.limiter.check_key(who).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Beyond {
                seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0),
                is_news: self.news.check_key(who).is_ok(),
            }
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

    /// Counts a request of a known key. The log is told once a minute of one that sends more.
    ///
    /// # Errors
    /// In how many seconds it may come again.
    pub(crate) fn of_key(&self, key: &str) -> Result<(), Beyond> {
        let Some(rate) = &self.keys else {
            return Ok(());
        };
        rate.check(&key.to_owned()).inspect_err(|beyond| {
            if beyond.is_news {
                tracing::warn!(key, "more requests come with this key than are taken");
            }
        })
    }

    /// Counts a request from an address. The log is told once a minute of one that sends more.
    ///
    /// # Errors
    /// In how many seconds it may come again.
    pub(crate) fn of_source(&self, from: Option<IpAddr>) -> Result<(), Beyond> {
        let (Some(rate), Some(from)) = (&self.sources, from) else {
            return Ok(());
        };
        rate.check(&source(from)).inspect_err(|beyond| {
            if beyond.is_news {
                tracing::warn!(%from, "more requests come from this address than are taken");
            }
        })
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
        let beyond = |is_news| {
            Err(Beyond {
                seconds: 1,
                is_news,
            })
        };
        assert_eq!(rates.of_key("a"), beyond(true));
        assert_eq!(rates.of_key("b"), Ok(()), "another key has its own share");
        ticks.advance(200);
        assert_eq!(rates.of_key("a"), Ok(()));
        assert_eq!(rates.of_key("a"), beyond(false), "told already");
        let from = |text: &str| Some(text.parse().unwrap());
        for address in ["2001:db8::1", "2001:db8::2"] {
            assert_eq!(rates.of_source(from(address)), Ok(()));
        }
        assert_eq!(
            rates.of_source(from("2001:db8::3")),
            beyond(true),
            "one network"
        );
        assert_eq!(rates.of_source(from("2001:db8:1::")), Ok(()));
        assert_eq!(rates.of_source(None), Ok(()));
        ticks.advance(60_000);
        let many: Vec<_> = (0..7).map(|_| rates.of_key("a")).collect();
        assert_eq!(many[4..], [Ok(()), beyond(true), beyond(false)]);
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
