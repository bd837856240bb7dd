//! Schemas as requests are read with them, remembered between requests.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::OrgId;
use scim::Registry;

use super::{change::registry, list};
use crate::{
    App, Error, Result, Scope, Work,
    error::Code,
    port::{Lock, Tx, org::OrgSettings},
};

/// The schemas of an organization at one version.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The version of the set.
    pub version: i64,
    /// The RFC's schemas and the organization's own.
    pub registry: Registry,
}

impl Declared {
    fn none() -> Declared {
        Declared {
            version: 0,
            registry: Registry::core(),
        }
    }
}

/// What was read last, by organization. Good as long as the settings name no later version.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashMap<OrgId, Declared>>);

/// When it is full it starts empty again.
const MOST: usize = 1_000;

impl Remembered {
    fn get(&self, org: &OrgSettings) -> Option<Declared> {
        if org.schemas_version == 0 {
            return Some(Declared::none());
        }
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&org.id)?;
        (found.version >= org.schemas_version).then(|| found.clone())
    }

    fn keep(&self, org: OrgId, declared: Declared) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(org, declared);
    }
}

impl App {
    /// The schemas of an organization, no older than its settings are.
    ///
    /// # Errors
    /// The store is away.
    pub fn schemas(&self, org: &OrgSettings) -> Result<Declared> {
        if let Some(found) = self.schemas.get(org) {
            return Ok(found);
        }
        let scope = Scope::operator(org.id);
        let (version, rows) = Work::new(&scope, Lock::Read, list).wait(&*self.store)?;
        let declared = Declared {
            version,
            registry: registry(&rows),
        };
        self.schemas.keep(org.id, declared.clone());
        Ok(declared)
    }

    /// Whether they can be had without asking the store.
    pub fn remembers_schemas(&self, org: &OrgSettings) -> bool {
        self.schemas.get(org).is_some()
    }
}

/// Refuses a write whose body was read with schemas that are not in force any more: data of a
/// removed schema must not come in behind its removal.
///
/// # Errors
/// 503: the next attempt is read anew.
pub fn unchanged(tx: &mut dyn Tx, read_with: i64) -> Result<()> {
    if tx.settings()?.schemas_version == read_with {
        return Ok(());
    }
    Err(Error::new(
        Code::Unavailable,
        "The organization's schemas were changed in this moment; nothing was changed by this \
         request. Try again.",
    ))
}
