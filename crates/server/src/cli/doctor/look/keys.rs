//! Keys that have ended or end soon.

use app::{
    ending::{DAY, SOON_DAYS},
    port::Millis,
    representation::time,
};

use super::{Finding, Health};
use crate::{cli::Context, cli::table::count, wiring::Missing};

/// As long before the end as the feed begins to tell of it, and as long after it.
const SOON: Millis = SOON_DAYS as Millis * DAY;
/// More are counted, not named.
const NAMED: usize = 10;

/// None where the database does not open; another finding says so.
pub(super) fn all(context: &Context) -> Option<Finding> {
    let app = context.open(Missing::Refuse).ok()?;
    let now = app.clock.now();
    let found = app.store.instance().keys_ending(now - SOON, now + SOON);
    let Ok(mut keys) = found else {
        let detail = "the database does not tell which keys end";
        return Some(Finding::new("keys", Health::Bad, detail));
    };
    if keys.is_empty() {
        let detail = "none ends within 30 days";
        return Some(Finding::new("keys", Health::Good, detail));
    }
    keys.sort_by_key(|key| key.expires);
    let named: Vec<String> = keys
        .iter()
        .take(NAMED)
        .map(|key| {
            let end = key.expires.unwrap_or(now);
            let word = if end <= now { "ended" } else { "ends" };
            format!("{} ({}) {word} {}", key.id, key.kind, time(end))
        })
        .collect();
    let more = match keys.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {}", count(more as u64, "other")),
    };
    let detail = format!(
        "{}{more}: `rolecall key rotate ID`, or revoke what nobody needs",
        named.join(", ")
    );
    Some(Finding::new("keys", Health::Warning, detail))
}
