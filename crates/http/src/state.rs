//! What every worker shares.

use std::{net::IpAddr, sync::Arc};

use app::{App, port::org::OrgSettings, schemas::Declared};
use domain::OrgId;
use tokio::sync::Semaphore;

use crate::{
    auth,
    config::{ConfigFault, HttpConfig},
    failures::Failures,
    hop::Hop,
    metrics::{Gauges, Metrics},
    mounts::Mounts,
    newsroom::{self, Newsroom},
    rates::Rates,
    traceparent::Adopt,
    turnstile::Turnstile,
};

/// How many keys may be proved by argon2, now and waiting.
pub(crate) struct Proving {
    pub(crate) admitted: Semaphore,
    pub(crate) running: Semaphore,
}

impl Proving {
    fn new() -> Proving {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Proving {
            admitted: Semaphore::new(cores + auth::WAITING),
            running: Semaphore::new(cores),
        }
    }
}

/// The application with everything the HTTP side makes of its configuration, built once.
pub struct State {
    pub(crate) app: Arc<App>,
    pub(crate) hop: Hop,
    pub(crate) newsroom: Newsroom,
    pub(crate) failures: Failures,
    pub(crate) proving: Proving,
    /// Who waits because wrong keys came from where they are, by source and key.
    pub(crate) slowed: Arc<Turnstile<(IpAddr, String)>>,
    /// Who follows or waits for events, by key.
    pub(crate) followers: Arc<Turnstile<String>>,
    pub(crate) rates: Rates,
    pub(crate) metrics: Metrics,
    pub(crate) gauges: Gauges,
    /// What makes the caller's span the parent of a request's; none where no traces are sent.
    pub(crate) adopt: Option<Adopt>,
    pub(crate) config: HttpConfig,
    pub(crate) mounts: Mounts,
    /// The public URL without a final slash.
    pub(crate) base: String,
}

impl State {
    /// Checks the configuration and puts the parts together.
    ///
    /// # Errors
    /// The first setting that is not right.
    pub fn new(app: Arc<App>, config: HttpConfig) -> Result<State, ConfigFault> {
        Ok(State {
            hop: Hop::new(Arc::clone(&app), &config),
            newsroom: Newsroom::default(),
            failures: Failures::default(),
            proving: Proving::new(),
            slowed: Turnstile::new(auth::SLOWED_OF_A_KEY, auth::SLOWED),
            followers: Turnstile::new(newsroom::OF_A_KEY, newsroom::OF_ALL),
            rates: Rates::new(
                config.requests_per_key,
                config.requests_per_address,
                &app.clock,
            ),
            metrics: Metrics::default(),
            gauges: Gauges::default(),
            adopt: None,
            app,
            mounts: Mounts::new(&config.mounts)?,
            base: config.base()?,
            config,
        })
    }

    /// With figures of other parts of the process in its metrics.
    #[must_use]
    pub fn with_gauges(mut self, gauges: Gauges) -> State {
        self.gauges = gauges;
        self
    }

    /// With traces whose spans have the callers' as parents.
    #[must_use]
    pub fn with_parents(mut self, adopt: Option<Adopt>) -> State {
        self.adopt = adopt;
        self
    }

    /// The application behind it.
    pub fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// Answers everybody who waits for events with what there is, and lets nobody wait any more. To
    /// be called before the server is stopped, which waits for its requests.
    pub fn stop_waiting(&self) {
        self.newsroom.close();
    }

    /// An organization's settings; from memory where they are there.
    pub(crate) async fn org(&self, id: OrgId) -> app::Result<Arc<OrgSettings>> {
        if self.app.remembers_org(id) {
            return self.app.org(id);
        }
        self.hop.blocking(move |app| app.org(id)).await
    }

    /// The schemas of an organization; from memory where they are there.
    pub(crate) async fn schemas(&self, org: &Arc<OrgSettings>) -> app::Result<Declared> {
        if self.app.remembers_schemas(org) {
            return self.app.schemas(org);
        }
        let org = Arc::clone(org);
        self.hop.blocking(move |app| app.schemas(&org)).await
    }

    /// The base URLs of an organization's SCIM surface, to be pasted into its identity provider.
    pub fn scim_base_urls(&self, slug: &str) -> Vec<String> {
        self.mounts
            .of_org(slug)
            .map(|path| format!("{}{path}", self.base))
            .collect()
    }
}
