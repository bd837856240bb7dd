//! The application as the adapters hold it: the ports, and what is remembered between requests.

use std::sync::Arc;

use domain::OrgId;

use crate::{
    access,
    cache::Cache,
    error::{Error, Result},
    keys::Uses,
    nudge::Nudge,
    port::{Clock, Hasher, Store, keys::KeyRow, org::OrgSettings},
    pulse::Pulse,
    requests::{Durations, Reads},
    retention::Keep,
    schemas::Remembered,
};

/// How old an organization's settings or a key's row may be before they are read again, in
/// milliseconds. Revocations and switches are seen by every process within 5 s; this is well below.
pub const STALE_AFTER: i64 = 1_000;

/// Everything a use case needs that is not in its command.
pub struct App {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Makes and checks keys.
    pub hasher: Arc<dyn Hasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Wakes the workers of this process.
    pub nudge: Nudge,
    /// When those workers last did their round.
    pub pulse: Pulse,
    /// How many users a change resolves in its own transaction; [`access::AT_ONCE`] at first. Tests
    /// set less, so that a small organization is worked off like a large one.
    pub at_once: usize,
    /// How long past access, the provisioning log and jobs are kept; at first for ever.
    pub keep: Keep,
    /// How long logged requests took, until it is filled in.
    pub durations: Durations,
    /// How often the identity providers read, until it is written.
    pub reads: Reads,
    /// When keys were used, until it is written.
    pub uses: Uses,
    pub(crate) keys: Cache<String, Arc<KeyRow>>,
    pub(crate) orgs: Cache<OrgId, Arc<OrgSettings>>,
    pub(crate) schemas: Remembered,
    slugs: Cache<String, OrgId>,
    secret: [u8; 32],
}

impl App {
    /// Puts the ports together and reads the instance's secret.
    ///
    /// # Errors
    /// The store is away.
    pub fn new(
        store: Arc<dyn Store>,
        hasher: Arc<dyn Hasher>,
        clock: Arc<dyn Clock>,
    ) -> Result<App> {
        let secret = store.instance().secret()?;
        Ok(App {
            store,
            hasher,
            clock,
            nudge: Nudge::default(),
            pulse: Pulse::default(),
            at_once: access::AT_ONCE,
            keep: Keep::default(),
            durations: Durations::default(),
            reads: Reads::default(),
            uses: Uses::default(),
            keys: Cache::new(STALE_AFTER),
            orgs: Cache::new(STALE_AFTER),
            schemas: Remembered::default(),
            slugs: Cache::new(STALE_AFTER),
            secret,
        })
    }

    /// An organization's settings, at the most [`STALE_AFTER`] old. What is decided inside a unit
    /// of work reads them again under its lock.
    ///
    /// # Errors
    /// Not found; the store is away.
    pub fn org(&self, id: OrgId) -> Result<Arc<OrgSettings>> {
        let found = self.orgs.get(&id, self.clock.ticks(), || {
            Ok::<_, Error>(self.store.instance().org(id)?.map(Arc::new))
        })?;
        found.ok_or_else(|| Error::not_found("organization"))
    }

    /// An organization by the name it has in URLs.
    ///
    /// # Errors
    /// Not found; the store is away.
    pub fn org_by_slug(&self, slug: &str) -> Result<Arc<OrgSettings>> {
        let id = self.slugs.get(&slug.to_owned(), self.clock.ticks(), || {
            Ok::<_, Error>(self.store.instance().org_by_slug(slug)?.map(|org| org.id))
        })?;
        self.org(id.ok_or_else(|| Error::not_found("organization"))?)
    }

    /// Whether settings can be had without asking the store.
    pub fn remembers_org(&self, id: OrgId) -> bool {
        self.orgs.has(&id, self.clock.ticks())
    }

    /// Forgets what was remembered of an organization, after a change made here.
    pub(crate) fn forget_org(&self, org: &OrgSettings) {
        self.orgs.remove(&org.id);
        self.slugs.remove(&org.slug.to_string());
    }

    /// The instance's secret, from which person keys are derived.
    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}
