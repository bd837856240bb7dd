//! What the parts of this crate tell: who was turned away and why, and what runs on the pool.

use super::{Figure, Gauge};
use crate::state::State;

/// Figures of this moment.
pub(crate) fn gauges(state: &State) -> Vec<Gauge> {
    let rates = &state.rates;
    let limited = |by, value: u64| Gauge {
        name: "rate_limited_total",
        help: "Requests answered 429, by what was over its share.",
        counter: true,
        label: Some(("by", by)),
        value: Figure::Count(value),
    };
    let pool = |name, help, value: usize| Gauge {
        name,
        help,
        counter: false,
        label: None,
        value: Figure::Count(value as u64),
    };
    let (running, waiting) = state.hop.load();
    vec![
        Gauge {
            name: "key_failures_total",
            help: "Requests with a key that is missing, wrong, ended or revoked.",
            counter: true,
            label: None,
            value: Figure::Count(state.failures.all()),
        },
        limited("key", rates.refused_keys()),
        limited("address", rates.refused_sources()),
        pool("blocking_running", "Units of slow work that run.", running),
        pool(
            "blocking_waiting",
            "Units of slow work that wait for a thread.",
            waiting,
        ),
    ]
}

/// Whether the database told its figures at this look.
pub(crate) fn database_answers(up: bool) -> Gauge {
    Gauge {
        name: "db_up",
        help: "Whether the database told its figures at this look, 1 or 0.",
        counter: false,
        label: None,
        value: Figure::Count(u64::from(up)),
    }
}
