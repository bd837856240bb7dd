//! What a connection to SQLite remembers of whole lists: how long they are, and where the last page
//! of each ended. Good for as long as nobody has written anything, which SQLite tells by itself
//! (`PRAGMA data_version`), so that it is never wrong; who reads a whole organization page by page
//! neither counts it again for every page nor walks to where the last one ended.

use std::collections::HashMap;

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

/// Most lists that are remembered; beyond it all are forgotten.
const MOST: usize = 1_000;

/// A list without a filter, in the order of ids.
pub(crate) type Whole = (OrgId, Kind);

/// Where a page ended: how many come before the next one, and the last id of them.
pub(crate) type End = (u64, Uuid);

#[derive(Default)]
pub(super) struct Pages {
    version: i32,
    totals: HashMap<Whole, u64>,
    ends: HashMap<Whole, End>,
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
        if pages.version != version || pages.totals.len() + pages.ends.len() > MOST {
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

    /// The last id before a place in a list, if a page ended there.
    pub(crate) fn last_before(&self, whole: Whole, offset: u64) -> Option<Uuid> {
        let (before, last) = self.pages.ends.get(&whole)?;
        (*before == offset).then_some(*last)
    }

    /// Keeps where a page ended.
    pub(crate) fn keep_end(&mut self, whole: Whole, end: End) {
        self.pages.ends.insert(whole, end);
    }
}
