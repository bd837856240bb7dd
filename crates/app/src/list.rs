//! Lists as a SCIM client asks for them: a part by index or by cursor, of users, groups or both.

mod both;

use std::sync::Arc;

use domain::OrgId;
use hmac::{Hmac, KeyInit, Mac};
use scim::{
    Filter, Kind, Sort,
    cursor::MAC_BYTES,
    filter::{Literal, Op},
};
use sha2::Sha256;

use crate::{
    App,
    port::search::{Place, Search},
};

pub use both::{Entry, ListBoth, both};

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// By position (RFC 7644 section 3.4.2.4).
    Index {
        /// First result, from 1.
        start: u64,
        /// Most results.
        count: u64,
    },
    /// By cursor (RFC 9865).
    Cursor {
        /// After which resource; none for the first page.
        after: Option<Place>,
        /// Most results.
        count: u64,
    },
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// How many match in all.
    pub total: u64,
    /// Those of this page.
    pub items: Vec<T>,
    /// The place of the last item, where a cursor was asked for and more come after it.
    pub next: Option<Place>,
}

impl<T> Listed<T> {
    /// The same page of something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            total: self.total,
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

impl Part {
    /// Most results.
    pub fn count(&self) -> u64 {
        match *self {
            Part::Index { count, .. } | Part::Cursor { count, .. } => count,
        }
    }

    /// What the store is asked. By cursor it is one more than wanted, which shows that a next page
    /// has something in it.
    pub(crate) fn search(&self, filter: Option<Arc<Filter>>, sort: Option<Sort>) -> Search {
        let (after, start_index, count) = match self {
            Part::Index { start, count } => (None, *start, *count),
            Part::Cursor { after, count: 0 } => (after.clone(), 1, 0),
            Part::Cursor { after, count } => (after.clone(), 1, count.saturating_add(1)),
        };
        Search {
            filter,
            sort,
            after,
            start_index,
            count,
            total: true,
        }
    }

    /// The page out of what was found, of which `shown` fit the answer.
    pub(crate) fn listed<T>(
        &self,
        total: u64,
        mut items: Vec<T>,
        shown: usize,
        place: impl Fn(&T) -> Place,
    ) -> Listed<T> {
        let wanted = usize::try_from(self.count()).unwrap_or(usize::MAX);
        let fit = wanted.min(shown);
        let more = items.len() > fit && matches!(self, Part::Cursor { .. });
        items.truncate(fit);
        Listed {
            total,
            next: items.last().filter(|_| more).map(place),
            items,
        }
    }
}

/// Whether a filter is how identity providers look one resource up: equality with an attribute that
/// tells them apart. The answer is a matter of microseconds then, however many there are.
pub fn looks_up(kind: Kind, filter: Option<&Filter>) -> bool {
    let names: &[&str] = match kind {
        Kind::User => &["id", "externalId", "userName"],
        Kind::Group => &["id", "externalId", "displayName"],
    };
    match filter {
        Some(Filter::Compare {
            target,
            op: Op::Eq,
            value: Literal::Text(_),
        }) => names.iter().any(|name| target.is_core(name)),
        _ => false,
    }
}

impl App {
    /// Authenticates a cursor of an organization with the instance's secret (RFC 9865 section 5).
    pub fn cursor_mac(&self, org: OrgId, bytes: &[u8]) -> [u8; MAC_BYTES] {
        let mut tag = [0; MAC_BYTES];
        // HMAC takes a key of any length, so that this cannot fail.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret()) {
            mac.update(b"rolecall cursor\0");
            mac.update(&org.0.to_be_bytes());
            mac.update(bytes);
            for (slot, byte) in tag.iter_mut().zip(mac.finalize().into_bytes()) {
                *slot = byte;
            }
        }
        tag
    }
}
