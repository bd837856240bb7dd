//! Between what a number has to be.

use config::ValueKind;

/// Bounds of numbers: key, least, most. They are bounds of sense, not of the machine.
const BOUNDS: &[(&str, u64, u64)] = &[
    ("http.workers", 0, 1_024),
    ("http.max_connections", 16, 1_000_000),
    ("http.shutdown_seconds", 1, 3_600),
    ("database.connections", 1, 1_000),
    ("database.queue", 1, 1_000_000),
    ("database.wait_ms", 1, 60_000),
    ("database.connect_timeout_seconds", 2, 60),
    ("database.statement_timeout_ms", 100, 600_000),
    ("database.silence_ms", 100, 600_000),
    ("database.filter_timeout_ms", 10, 600_000),
    ("database.reserve_mib", 0, 65_536),
    ("limits.requests_per_key", 0, 1_000_000),
    ("limits.requests_per_address", 0, 1_000_000),
    ("history.keep_days", 0, 36_500),
    ("events.keep_days", 0, 36_500),
    ("requests.keep_days", 0, 36_500),
    ("requests.keep_body_days", 0, 36_500),
    ("jobs.keep_days", 0, 36_500),
];

/// The value, where it is no number with bounds or within them.
///
/// # Errors
/// What the bounds are.
pub(super) fn within(key: &str, value: ValueKind) -> Result<ValueKind, String> {
    let bounds = BOUNDS.iter().find(|(of, ..)| *of == key);
    let (Some((_, least, most)), ValueKind::I64(number)) = (bounds, &value) else {
        return Ok(value);
    };
    match u64::try_from(*number) {
        Ok(number) if (*least..=*most).contains(&number) => Ok(value),
        _ => Err(format!("must be {least} to {most}")),
    }
}
