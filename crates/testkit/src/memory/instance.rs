//! Organizations, keys and the secret.

use std::sync::Arc;

use app::audit::chain::with_last_head;
use app::port::answers::{Keeping, KeptAnswer};
use app::port::audit::AuditDraft;
use app::port::instance::Removal;
use app::port::keys::{KeyRow, SecretUse};
use app::port::org::OrgSettings;
use app::port::store::Unique;
use app::port::{Instance, Millis, StoreError, Stored};
use domain::OrgId;

use super::state::{OrgState, State};
use super::{MemoryStore, answers, audit};

/// The same in every process, so that cursors and person keys can stand in snapshots.
const SECRET: [u8; 32] = *b"a secret that only tests may use";

/// Tells it in the instance's audit.
fn tell(state: &mut State, draft: &AuditDraft) {
    let keys = state.owner_keys();
    let key = draft.key.as_ref().and_then(|id| keys.get(id));
    let name = key.map(|key| key.name.clone());
    if let Some(instance) = state.orgs.get_mut(&OrgId::INSTANCE) {
        audit::append(instance, draft, name);
    }
}

impl Instance for MemoryStore {
    fn secret(&self) -> Stored<[u8; 32]> {
        Ok(SECRET)
    }

    fn create_org(
        &self,
        settings: &OrgSettings,
        draft: &AuditDraft,
        answer: Option<&Keeping>,
    ) -> Stored<Option<OrgId>> {
        let mut state = self.locked();
        let instance = state.orgs.get(&OrgId::INSTANCE);
        let there = instance
            .zip(answer)
            .and_then(|(org, Keeping { kept, since })| {
                answers::kept(&org.answers, &kept.key, &kept.name, *since)
            });
        if there.is_some() {
            return Ok(None);
        }
        if state.made().any(|org| org.settings.slug == settings.slug) {
            return Err(StoreError::Conflict(Unique::OrgSlug));
        }
        if let Some((org, Keeping { kept, since })) =
            state.orgs.get_mut(&OrgId::INSTANCE).zip(answer)
        {
            answers::keep(Arc::make_mut(&mut org.answers), kept, *since);
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
        tell(&mut state, draft);
        Ok(Some(id))
    }

    fn orgs(&self) -> Stored<Vec<OrgSettings>> {
        let state = self.snapshot();
        let mut orgs: Vec<_> = state.made().map(|org| (*org.settings).clone()).collect();
        orgs.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(orgs)
    }

    fn org_by_slug(&self, slug: &str) -> Stored<Option<OrgSettings>> {
        let state = self.locked();
        let found = state.made().find(|org| org.settings.slug.as_str() == slug);
        Ok(found.map(|org| (*org.settings).clone()))
    }

    fn org(&self, id: OrgId) -> Stored<Option<OrgSettings>> {
        Ok(self
            .locked()
            .made()
            .find(|org| org.settings.id == id)
            .map(|org| (*org.settings).clone()))
    }

    fn delete_org(
        &self,
        id: OrgId,
        if_version: Option<i64>,
        draft: &AuditDraft,
    ) -> Stored<Removal> {
        let mut state = self.locked();
        let there = state.made().find(|org| org.settings.id == id);
        let Some(version) = there.map(|org| org.settings.version) else {
            return Ok(Removal::NotThere);
        };
        if if_version.is_some_and(|seen| seen != version) {
            return Ok(Removal::Changed);
        }
        if let Some(gone) = state.orgs.remove(&id) {
            tell(&mut state, &with_last_head(draft, audit::head(&gone)));
        }
        Ok(Removal::Removed)
    }

    /// None: here an organization goes with everything at once.
    fn removed_orgs(&self) -> Stored<Vec<OrgId>> {
        Ok(Vec::new())
    }

    fn clear_removed(&self, _: OrgId, _: u64) -> Stored<u64> {
        Ok(0)
    }

    fn key(&self, id: &str) -> Stored<Option<KeyRow>> {
        let state = self.locked();
        Ok(state
            .orgs
            .values()
            .find_map(|org| org.keys.get(id))
            .cloned())
    }

    fn keys_ending(&self, from: Millis, until: Millis) -> Stored<Vec<KeyRow>> {
        let state = self.locked();
        let all = state.orgs.values().flat_map(|org| org.keys.values());
        let mut ending: Vec<KeyRow> = all
            .filter(|key| key.revoked.is_none())
            .filter(|key| key.expires.is_some_and(|end| (from..until).contains(&end)))
            .cloned()
            .collect();
        ending.sort_by(|a, b| (a.expires, &a.id).cmp(&(b.expires, &b.id)));
        Ok(ending)
    }

    fn note_uses(&self, uses: &[SecretUse]) -> Stored<()> {
        let mut state = self.locked();
        for SecretUse { id, phc, used } in uses {
            let mut orgs = state.orgs.values_mut();
            let Some(org) = orgs.find(|org| org.keys.contains_key(id)) else {
                continue;
            };
            let Some(key) = Arc::make_mut(&mut org.keys).get_mut(id) else {
                continue;
            };
            if key.phc == *phc {
                if key.used.as_ref().is_none_or(|last| last.at < used.at) || key.confirmed.is_none()
                {
                    key.confirmed.get_or_insert(used.at);
                    key.used = Some(used.clone());
                }
            } else if let Some(previous) = key.previous.as_mut().filter(|old| old.phc == *phc)
                && previous.used.is_none_or(|last| last < used.at)
            {
                previous.used = Some(used.at);
                key.used = Some(used.clone());
            }
        }
        Ok(())
    }

    fn kept_answer(&self, key: &str, name: &str, since: Millis) -> Stored<Option<KeptAnswer>> {
        let state = self.locked();
        let instance = state.orgs.get(&OrgId::INSTANCE);
        Ok(instance.and_then(|org| answers::kept(&org.answers, key, name, since)))
    }

    fn forget_answers(&self, org: Option<OrgId>, before: Millis, limit: u64) -> Stored<u64> {
        let mut state = self.locked();
        let org = state.orgs.get_mut(&org.unwrap_or(OrgId::INSTANCE));
        Ok(org.map_or(0, |org| {
            answers::forget(Arc::make_mut(&mut org.answers), before, limit)
        }))
    }

    fn orgs_with_stale_access(&self) -> Stored<Vec<OrgId>> {
        let state = self.locked();
        let marked = state.orgs.iter().filter(|(_, org)| !org.stale.is_empty());
        Ok(marked.map(|(id, _)| *id).collect())
    }
}
