//! Events: written in the change's transaction, numbered per organization.

use super::{Millis, Stored};

/// One committed change, as the feed gives it out.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEvent {
    /// A name of `domain::event`'s table, such as `role.granted`.
    pub kind: &'static str,
    /// The id of the user, group or rule it is about.
    pub subject: String,
    /// When.
    pub at: Millis,
    /// What changed: the text of a JSON object.
    pub body: String,
}

/// An event with its place in the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedEvent {
    /// Its number: per organization, from 1, without gaps.
    pub seq: i64,
    /// Name.
    pub kind: String,
    /// Id of what it is about.
    pub subject: String,
    /// When.
    pub at: Millis,
    /// What changed.
    pub body: serde_json::Value,
}

/// The event whose body, as text, brings a page of the feed to this many bytes is its last one.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// A page of the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPage {
    /// In the order of their numbers.
    pub events: Vec<FeedEvent>,
    /// Whether it is as large as a page may be; only then more may come after it now.
    pub full: bool,
}

/// Writing events and reading the feed.
pub trait Outbox {
    /// Appends events in this order, after those that the unit of work has appended before. They may
    /// be kept until it ends.
    fn append(&mut self, events: Vec<OutboxEvent>) -> Stored<()>;

    /// Numbered events after this number, at most `limit`; fewer where the texts of their bodies come
    /// to [`PAGE_BYTES`], but one if there is one.
    fn feed(&mut self, after: i64, limit: u64) -> Stored<FeedPage>;

    /// The number given out last, 0 where there never was an event.
    fn feed_head(&mut self) -> Stored<i64>;

    /// Forgets the oldest events, at most `limit`, up to the first that is not older than
    /// `before`; how many there were. Those that stay are numbered as before, without gaps.
    fn forget_events(&mut self, before: Millis, limit: u64) -> Stored<u64>;
}
