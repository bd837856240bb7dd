//! What a list is asked for: which resources, in which order, from where on.

use std::{cmp::Ordering, sync::Arc};

use scim::{Filter, Kind, Sort, SortKey, cursor::Position};
use uuid::Uuid;

/// A list query.
#[derive(Clone, Debug)]
pub struct Search {
    /// What to find; none means all.
    pub filter: Option<Arc<Filter>>,
    /// The order; none means by id. Resources with equal keys follow each other by id, in either
    /// direction.
    pub sort: Option<Sort>,
    /// Only what comes after this place; the total counts every match all the same.
    pub after: Option<Place>,
    /// First result, counted from 1; not looked at together with [`Search::after`].
    pub start_index: u64,
    /// Most results in the page; 0 asks for the total only.
    pub count: u64,
    /// Whether the total is wanted: it takes counting every match, which may be all there is.
    pub total: bool,
}

/// One page of a list, in the order asked for.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// How many match in all; 0 where [`Search::total`] does not ask for it.
    pub total: u64,
    /// Those of this page.
    pub items: Vec<T>,
}

/// Where a resource stands in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its sort key; none where the list is in id order.
    pub key: Option<SortKey>,
    /// What it is: in a list of both, users come before groups where there is no sort key.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
}

impl Place {
    /// As a cursor holds it.
    pub fn position(&self) -> Position {
        Position {
            key: self.key.clone(),
            id: format!("{}/{}", self.kind.name(), self.id),
        }
    }

    /// Out of a cursor; none where it is not what [`Place::position`] made.
    pub fn read(position: Position) -> Option<Place> {
        let (kind, id) = position.id.split_once('/')?;
        Some(Place {
            kind: Kind::ALL.into_iter().find(|known| known.name() == kind)?,
            id: Uuid::try_parse(id).ok()?,
            key: position.key,
        })
    }
}

impl Search {
    /// How many results of the order are passed over.
    pub fn offset(&self) -> u64 {
        match self.after {
            Some(_) => 0,
            None => self.start_index.saturating_sub(1),
        }
    }

    /// The order of two resources by key and id.
    pub fn compare(
        sort: Option<&Sort>,
        (key, id): (&SortKey, Uuid),
        (other, other_id): (&SortKey, Uuid),
    ) -> Ordering {
        let by_key = sort.map_or(Ordering::Equal, |sort| sort.compare(key, other));
        by_key.then(id.cmp(&other_id))
    }

    /// Whether a resource comes after the place from which the page is asked.
    pub fn reaches(&self, key: &SortKey, id: Uuid) -> bool {
        let Some(after) = &self.after else {
            return true;
        };
        let last = after.key.as_ref().unwrap_or(&SortKey::Missing);
        Search::compare(self.sort.as_ref(), (key, id), (last, after.id)).is_gt()
    }

    /// Whether filter or order look at this list of a document (`members`, `groups`), so that it
    /// has to be read.
    pub fn mentions(&self, attribute: &str) -> bool {
        self.filter
            .as_ref()
            .is_some_and(|filter| filter.mentions(attribute))
            || self
                .sort
                .as_ref()
                .is_some_and(|sort| sort.mentions(attribute))
    }
}
