//! Time is a parameter: the binary has a clock, tests have one that they move.

/// Milliseconds since 1970-01-01T00:00:00Z.
///
/// Whole milliseconds everywhere: PostgreSQL keeps no nanoseconds, so finer times would not read
/// back equal.
pub type Millis = i64;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since the epoch.
    fn now(&self) -> Millis;

    /// Milliseconds since some fixed moment, never going back: for ages and leases.
    fn ticks(&self) -> Millis;
}
