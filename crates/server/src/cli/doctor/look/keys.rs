//! Keys that have ended or end soon.

use std::fmt::Write;

use app::{
    App,
    ending::{DAY, SOON_DAYS},
    port::{Millis, keys::KeyRow},
    representation::time,
};

use super::{Finding, Health};
use crate::{cli::Context, cli::table::count};

/// As long before the end as the feed begins to tell of it, and as long after it.
const SOON: Millis = SOON_DAYS as Millis * DAY;
/// More are counted, not named.
const NAMED: usize = 10;

/// The organization of a key, as an argument.
fn of(app: &App, key: &KeyRow) -> String {
    let org = key.org.and_then(|org| app.org(org).ok());
    org.map_or_else(String::new, |org| format!(" --org {}", org.slug))
}

/// None where the database does not open; another finding says so.
pub(super) fn all(context: &Context) -> Option<Finding> {
    let app = context.open().ok()?;
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
    let mut detail = format!("{}{more}", named.join(", "));
    let ends = |key: &&KeyRow| !key.is_over(now);
    if let Some(key) = keys.iter().find(ends) {
        let rotate = context.command(&format!("key rotate {}", key.id));
        let _ = write!(
            detail,
            "; give what ends another secret, or revoke what nobody needs: `{rotate}`"
        );
    }
    if let Some(key) = keys.iter().find(|key| key.is_over(now)) {
        let make = context.command(&format!("key create --kind {}{}", key.kind, of(&app, key)));
        let _ = write!(
            detail,
            "; what has ended stays so, make another where it is missed: `{make}`"
        );
    }
    Some(Finding::new("keys", Health::Warning, detail))
}
