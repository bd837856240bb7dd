//! Organizations, keys and the secret.

use app::port::answers::KeptAnswer;
use app::port::instance::KeyRow;
use app::port::org::OrgSettings;
use app::port::store::Unique;
use app::port::{Instance, Millis, StoreError, Stored};
use domain::OrgId;

use super::MemoryStore;
use super::answers;
use super::state::OrgState;

/// The same in every process, so that cursors and person keys can stand in snapshots.
const SECRET: [u8; 32] = *b"a secret that only tests may use";

impl Instance for MemoryStore {
    fn secret(&self) -> Stored<[u8; 32]> {
        Ok(SECRET)
    }

    fn create_org(&self, settings: &OrgSettings, _now: Millis) -> Stored<OrgId> {
        let mut state = self.locked();
        if state
            .orgs
            .values()
            .any(|org| org.settings.slug == settings.slug)
        {
            return Err(StoreError::Conflict(Unique::OrgSlug));
        }
        state.last_org += 1;
        let id = OrgId(state.last_org);
        state.orgs.insert(
            id,
            OrgState::new(OrgSettings {
                id,
                ..settings.clone()
            }),
        );
        Ok(id)
    }

    fn orgs(&self) -> Stored<Vec<OrgSettings>> {
        let state = self.snapshot();
        let mut orgs: Vec<_> = state
            .orgs
            .values()
            .map(|org| (*org.settings).clone())
            .collect();
        orgs.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(orgs)
    }

    fn org_by_slug(&self, slug: &str) -> Stored<Option<OrgSettings>> {
        let state = self.locked();
        let found = state
            .orgs
            .values()
            .find(|org| org.settings.slug.as_str() == slug);
        Ok(found.map(|org| (*org.settings).clone()))
    }

    fn org(&self, id: OrgId) -> Stored<Option<OrgSettings>> {
        Ok(self
            .locked()
            .orgs
            .get(&id)
            .map(|org| (*org.settings).clone()))
    }

    fn delete_org(&self, id: OrgId) -> Stored<bool> {
        let mut state = self.locked();
        state.keys.retain(|_, key| key.org != Some(id));
        Ok(state.orgs.remove(&id).is_some())
    }

    fn insert_key(&self, key: &KeyRow) -> Stored<()> {
        let mut state = self.locked();
        if state.keys.contains_key(&key.id) {
            return Err(StoreError::Conflict(Unique::Id));
        }
        state.keys.insert(key.id.clone(), key.clone());
        Ok(())
    }

    fn key(&self, id: &str) -> Stored<Option<KeyRow>> {
        Ok(self.locked().keys.get(id).cloned())
    }

    fn keys(&self, org: Option<OrgId>) -> Stored<Vec<KeyRow>> {
        let state = self.locked();
        let mut keys: Vec<_> = state
            .keys
            .values()
            .filter(|key| key.org == org)
            .cloned()
            .collect();
        keys.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(keys)
    }

    fn revoke_key(&self, id: &str, now: Millis) -> Stored<bool> {
        let mut state = self.locked();
        let Some(key) = state.keys.get_mut(id).filter(|key| key.revoked.is_none()) else {
            return Ok(false);
        };
        key.revoked = Some(now);
        key.epoch += 1;
        Ok(true)
    }

    fn kept_answer(&self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>> {
        Ok(answers::kept(&self.locked().answers, key, name, since))
    }

    fn keep_answer(&self, kept: &KeptAnswer, since: Millis) -> Stored<bool> {
        Ok(answers::keep(&mut self.locked().answers, kept, since))
    }

    fn forget_answers(&self, org: Option<OrgId>, before: Millis, limit: u64) -> Stored<u64> {
        let mut state = self.locked();
        let Some(org) = org else {
            return Ok(answers::forget(&mut state.answers, before, limit));
        };
        let Some(org) = state.orgs.get_mut(&org) else {
            return Ok(0);
        };
        let all = std::sync::Arc::make_mut(&mut org.answers);
        Ok(answers::forget(all, before, limit))
    }

    fn orgs_with_stale_access(&self) -> Stored<Vec<OrgId>> {
        let state = self.locked();
        let marked = state.orgs.iter().filter(|(_, org)| !org.stale.is_empty());
        Ok(marked.map(|(id, _)| *id).collect())
    }
}
