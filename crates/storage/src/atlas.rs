//! The cache of workspaces and projects as last read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::port::places::Atlas;
use domain::OrgId;

/// Places by organization, each with the revision of its organization. Good for a
/// transaction only when that is what the transaction sees: whatever writes a place moves it.
#[derive(Default)]
pub(crate) struct Atlases(Mutex<HashMap<OrgId, (i64, Arc<Atlas>)>>);

impl Atlases {
    /// What is kept, if it is of this revision.
    pub(crate) fn get(&self, org: OrgId, revision: i64) -> Option<Arc<Atlas>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, atlas) = kept.get(&org)?;
        (*of == revision).then(|| Arc::clone(atlas))
    }

    /// Keeps places that were read from committed rows.
    pub(crate) fn keep(&self, org: OrgId, revision: i64, atlas: &Arc<Atlas>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(org, (revision, Arc::clone(atlas)));
    }

    /// Forgets a removed organization.
    pub(crate) fn forget(&self, org: OrgId) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&org);
    }

    /// Forgets all: what was read may never be committed.
    pub(crate) fn clear(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
    }
}
