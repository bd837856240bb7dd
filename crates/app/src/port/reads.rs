//! How often the identity provider read what, and with which key.

use std::borrow::Cow;

use super::{Millis, Stored};

/// Successful reads of one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadCount {
    /// The first millisecond of the minute.
    pub minute: Millis,
    /// The key, by its public id.
    pub key: String,
    /// The path below the mount as its template, such as `/Users/{id}`.
    pub route: Cow<'static, str>,
    /// How many.
    pub reads: u64,
}

/// Which counts to read. Everything that is given has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSearch {
    /// With this key.
    pub key: Option<String>,
    /// Minutes that begin not earlier.
    pub from: Option<Millis>,
    /// Minutes that begin earlier.
    pub until: Option<Millis>,
    /// Those that come after this one: minute, key, route.
    pub after: Option<(Millis, String, String)>,
}

/// Writing and reading the counts.
pub trait Reads {
    /// Adds to what is counted; no minute, key and route twice in one call.
    fn add_reads(&mut self, counts: &[ReadCount]) -> Stored<()>;

    /// Latest minute first, then by key and route downwards; at most `limit` (1,000 at the most).
    fn reads(&mut self, search: &ReadSearch, limit: u64) -> Stored<Vec<ReadCount>>;

    /// Removes counts of before this moment, at most `limit` and from the oldest on; how many there
    /// were.
    fn forget_reads(&mut self, before: Millis, limit: u64) -> Stored<u64>;
}
