//! Answers kept for requests that are sent again with the same `Idempotency-Key`.

use super::{Millis, Stored};

/// The answer to a request that made something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Where what was made is, below the admin API's prefix.
    pub path: String,
    /// Its entity tag, without quotes.
    pub tag: String,
    /// The body, JSON.
    pub body: String,
}

/// A kept answer, and what it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The API key that asked, by its public id.
    pub key: String,
    /// The `Idempotency-Key`.
    pub name: String,
    /// Hash of the request: only the same request gets the answer again.
    pub fingerprint: String,
    /// When it was given.
    pub at: Millis,
    /// The answer.
    pub answer: Answer,
}

/// An answer to keep with what it tells of, where none that is not older than `since` is kept under
/// its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The answer.
    pub kept: KeptAnswer,
    /// From when on another one counts.
    pub since: Millis,
}

/// Reading and writing kept answers of the organization.
pub trait Answers {
    /// The answer kept under a name, unless it is older than `since`.
    fn kept_answer(&mut self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>>;

    /// Keeps an answer. False where another one not older than `since` is kept there, which a
    /// request that runs at the same time has written.
    fn keep_answer(&mut self, kept: &KeptAnswer, since: Millis) -> Stored<bool>;
}
