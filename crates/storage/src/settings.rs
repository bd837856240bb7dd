//! An organization's settings as stored text, and the cache of what was read.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use app::port::StoreError;
use app::port::org::OrgSettings;
use domain::{Catalog, Connection, OrgFacts, OrgId, Preset, Slug};
use serde::{Deserialize, Serialize};

use crate::error::Reason;

/// What of the settings has no column of its own.
#[derive(Serialize, Deserialize)]
struct Text {
    name: String,
    preset: String,
    catalog: Catalog,
    /// All policies by name, so that a later default never changes what an administrator has.
    policies: BTreeMap<String, String>,
    connection: Connection,
    seat_limit: Option<u32>,
    schemas_version: i64,
}

/// A row of `orgs`: id, slug, settings, version, mapping_version.
pub(crate) type OrgRow = (i64, String, String, i64, i64);

/// The settings as text.
///
/// # Errors
/// `Broken`, which does not happen with the types of `domain`.
pub(crate) fn write(settings: &OrgSettings) -> Result<String, StoreError> {
    let policies = settings.facts.policies.to_map();
    let text = Text {
        name: settings.name.clone(),
        preset: settings.preset.as_str().to_owned(),
        catalog: settings.facts.catalog.clone(),
        policies: policies
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
        connection: settings.connection.clone(),
        seat_limit: settings.seat_limit,
        schemas_version: settings.schemas_version,
    };
    serde_json::to_string(&text).map_err(|_| unreadable())
}

/// The settings of a row.
///
/// # Errors
/// `Broken` where the row was not written by this version or an earlier one.
pub(crate) fn read(row: OrgRow) -> Result<OrgSettings, StoreError> {
    let (id, slug, text, version, mapping_version) = row;
    let text: Text = serde_json::from_str(&text).map_err(|_| unreadable())?;
    let preset: Preset = text.preset.parse().map_err(|_| unreadable())?;
    let changes = text
        .policies
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let policies = preset.policies().with(changes).map_err(|_| unreadable())?;
    Ok(OrgSettings {
        id: OrgId(id),
        slug: Slug::new(slug).map_err(|_| unreadable())?,
        name: text.name,
        preset,
        facts: OrgFacts {
            catalog: text.catalog,
            policies,
        },
        connection: text.connection,
        seat_limit: text.seat_limit,
        version,
        mapping_version,
        schemas_version: text.schemas_version,
    })
}

fn unreadable() -> StoreError {
    Reason::Unreadable("settings of an organization").broken()
}

/// Settings as last read, by organization, each with its revision. Good for a transaction only
/// when that is what the transaction sees: another process may have changed them.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<OrgId, (i64, Arc<OrgSettings>)>>);

impl Cache {
    /// What is kept, if it is of this revision.
    pub(crate) fn get(&self, org: OrgId, revision: i64) -> Option<Arc<OrgSettings>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, settings) = kept.get(&org)?;
        (*of == revision).then(|| Arc::clone(settings))
    }

    /// Keeps settings that were read from committed rows.
    pub(crate) fn keep(&self, revision: i64, settings: &Arc<OrgSettings>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(settings.id, (revision, Arc::clone(settings)));
    }

    /// Forgets a removed organization.
    pub(crate) fn forget(&self, org: OrgId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&org);
    }

    /// Forgets all: what was read may never be committed.
    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
