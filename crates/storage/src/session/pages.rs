//! What a connection to SQLite remembers of whole lists: how long they are, and at which places the
//! pages that were read began and ended. Good for as long as nobody has written anything, which
//! SQLite tells by itself (`PRAGMA data_version`), so that it is never wrong; who reads a whole
//! organization page by page neither counts it again for every page nor walks to its beginning.

use std::collections::{BTreeMap, HashMap};

use app::port::Stored;
use diesel::sql_types::Integer;
use domain::OrgId;
use uuid::Uuid;

use super::Session;
use crate::filter::Kind;
use crate::sql::statements;

statements! {
    /// Moves when another connection has committed. Inside a transaction it is the snapshot's.
    DataVersion: "PRAGMA data_version" => (Integer,) as (i32,);
}

/// Most lists and places that are remembered; beyond it all are forgotten. 50 kB.
const MOST: usize = 2_000;

/// A list without a filter, in the order of ids.
pub(crate) type Whole = (OrgId, Kind);

/// A place in a list, from 0, and the id there.
pub(crate) type Place = (u64, Uuid);

#[derive(Default)]
pub(super) struct Pages {
    version: i32,
    totals: HashMap<Whole, u64>,
    places: HashMap<Whole, BTreeMap<u64, Uuid>>,
}

impl Pages {
    fn kept(&self) -> usize {
        self.totals.len() + self.places.values().map(BTreeMap::len).sum::<usize>()
    }
}

impl Session {
    /// Forgets what is not true any more. False where the database does not tell.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn remembers(&mut self) -> Stored<bool> {
        if !self.is_sqlite() {
            return Ok(false);
        }
        let version = DataVersion::row(self, &[])?.map(|(version,)| version);
        let version = version.unwrap_or_default();
        let pages = &mut self.pages;
        if pages.version != version || pages.kept() > MOST {
            *pages = Pages {
                version,
                ..Pages::default()
            };
        }
        Ok(true)
    }

    /// How long a list is.
    pub(crate) fn total(&self, whole: Whole) -> Option<u64> {
        self.pages.totals.get(&whole).copied()
    }

    /// Keeps how long it is.
    pub(crate) fn keep_total(&mut self, whole: Whole, total: u64) {
        self.pages.totals.insert(whole, total);
    }

    /// The nearest place up to this one that is remembered.
    pub(crate) fn nearest(&self, whole: Whole, place: u64) -> Option<Place> {
        let places = self.pages.places.get(&whole)?;
        let (place, id) = places.range(..=place).next_back()?;
        Some((*place, *id))
    }

    /// Keeps which id is at a place.
    pub(crate) fn keep_place(&mut self, whole: Whole, (place, id): Place) {
        let places = self.pages.places.entry(whole).or_default();
        places.insert(place, id);
    }
}
