//! What a connection remembers of whole lists: how long they are, and at which places the pages that
//! were read began and ended. Good for as long as nothing has been written, which the database tells,
//! so that it is never wrong; who reads a whole organization page by page neither counts it again for
//! every page nor walks to its beginning.

use std::collections::{BTreeMap, HashMap};

use app::port::Stored;
use diesel::sql_types::{BigInt, Integer};
use domain::OrgId;
use uuid::Uuid;

use super::Session;
use crate::filter::Kind;
use crate::sql::{Bind, statements};

statements! {
    /// SQLite. Moves when another connection has committed. Inside a transaction it is the snapshot's.
    DataVersion: "PRAGMA data_version" => (Integer,) as (i32,);
    /// PostgreSQL. Whoever makes or deletes a resource appends an event in the same transaction: where
    /// two snapshots see the same head of the feed, and none without a number, they see the same lists.
    Head: "SELECT h.seq FROM feed_heads h WHERE h.org = ? AND \
         (SELECT e.org FROM events e WHERE e.org = h.org AND e.seq IS NULL LIMIT 1) IS NULL"
        => (BigInt,) as (i64,);
}

/// Most places that are remembered; beyond it all is forgotten. 50 kB.
const MOST: usize = 2_000;

/// A list without a filter, in the order of ids.
pub(crate) type Whole = (OrgId, Kind);

/// A place in a list, from 0, and the id there.
pub(crate) type Place = (u64, Uuid);

/// One list.
#[derive(Default)]
struct Known {
    version: i64,
    total: Option<u64>,
    places: BTreeMap<u64, Uuid>,
}

/// All lists that something is known of.
#[derive(Default)]
pub(super) struct Pages(HashMap<Whole, Known>);

impl Pages {
    fn kept(&self) -> usize {
        self.0.values().map(|known| 1 + known.places.len()).sum()
    }
}

impl Session {
    /// Forgets what is not true of a list any more. False where the database cannot tell.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn remembers(&mut self, whole: Whole) -> Stored<bool> {
        let Some(version) = self.version_of(whole.0)? else {
            return Ok(false);
        };
        if self.pages.kept() > MOST {
            self.pages = Pages::default();
        }
        let known = self.pages.0.entry(whole).or_default();
        if known.version != version {
            *known = Known {
                version,
                ..Known::default()
            };
        }
        Ok(true)
    }

    fn version_of(&mut self, org: OrgId) -> Stored<Option<i64>> {
        if self.is_sqlite() {
            let row = DataVersion::row(self, &[])?;
            return Ok(row.map(|(version,)| i64::from(version)));
        }
        Ok(Head::row(self, &[Bind::Int(org.0)])?.map(|(seq,)| seq))
    }

    /// How long a list is.
    pub(crate) fn total(&self, whole: Whole) -> Option<u64> {
        self.pages.0.get(&whole)?.total
    }

    /// Keeps how long it is.
    pub(crate) fn keep_total(&mut self, whole: Whole, total: u64) {
        self.pages.0.entry(whole).or_default().total = Some(total);
    }

    /// The nearest place up to this one that is remembered.
    pub(crate) fn nearest(&self, whole: Whole, place: u64) -> Option<Place> {
        let places = &self.pages.0.get(&whole)?.places;
        let (place, id) = places.range(..=place).next_back()?;
        Some((*place, *id))
    }

    /// Keeps which id is at a place.
    pub(crate) fn keep_place(&mut self, whole: Whole, (place, id): Place) {
        let known = self.pages.0.entry(whole).or_default();
        known.places.insert(place, id);
    }
}
