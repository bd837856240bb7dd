//! Probes and metrics, for whoever runs rolecall. The probes need no key and tell nothing but yes or
//! no; metrics want an owner key, or are asked on a listener of their own (`metrics.bind`), which
//! answers nothing else.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::Method, web::Data};
use domain::key::Kind;

use crate::{
    auth,
    entry::add_headers,
    media::JSON,
    metrics::{self, Gauge},
    refusal::Refusal,
    state::State,
};

/// What is answered outside SCIM and the admin API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// The process answers.
    Live,
    /// The database answers too.
    Ready,
    /// Figures for Prometheus.
    Metrics,
}

impl Probe {
    pub(crate) const ALL: &[Probe] = &[Probe::Live, Probe::Ready, Probe::Metrics];

    pub(crate) fn of(path: &str) -> Option<Probe> {
        match path {
            "/livez" => Some(Probe::Live),
            "/readyz" => Some(Probe::Ready),
            "/metrics" => Some(Probe::Metrics),
            _ => None,
        }
    }

    /// For the span.
    pub(crate) fn template(self) -> &'static str {
        match self {
            Probe::Live => "/livez",
            Probe::Ready => "/readyz",
            Probe::Metrics => "/metrics",
        }
    }
}

/// Answers on the listener for everybody.
pub(crate) async fn answer(
    state: &State,
    probe: Probe,
    request: &HttpRequest,
) -> Result<HttpResponse, Refusal> {
    if probe == Probe::Metrics {
        auth::caller(state, request)
            .await?
            .must_be(&[Kind::Owner])?;
    }
    open(state, probe, request.method()).await
}

/// Answers on the operator's own listener, where no key is asked for.
pub(crate) async fn answer_operator(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let id = uuid::Uuid::now_v7();
    let outcome = match Probe::of(request.path()) {
        Some(probe) => open(&state, probe, request.method()).await,
        None => Err(app::Error::not_found("page").into()),
    };
    let mut response = outcome.unwrap_or_else(|refusal| {
        refusal.log();
        refusal.problem(id)
    });
    add_headers(&mut response, id, request.method());
    response
}

/// Load balancers ask with HEAD too.
async fn open(state: &State, probe: Probe, method: &Method) -> Result<HttpResponse, Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::method(["GET"].into_iter()));
    }
    let status = match probe {
        Probe::Live => "live",
        Probe::Ready => {
            state.hop.blocking(|app| Ok(app.store.ready()?)).await?;
            "ready"
        }
        Probe::Metrics => {
            let text = state.metrics.render(&figures(state).await);
            return Ok(HttpResponse::Ok().content_type(metrics::TEXT).body(text));
        }
    };
    Ok(HttpResponse::Ok()
        .content_type(JSON)
        .body(format!("{{\"status\":\"{status}\"}}")))
}

/// How long the database may take to tell its figures.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the parts tell. What has to be asked of the database is left out where it does not answer,
/// or where everything that could ask is busy: figures are wanted then more than ever.
async fn figures(state: &State) -> Vec<Gauge> {
    let mut all = metrics::parts::gauges(state);
    all.extend((state.gauges.here)());
    let asked = Arc::clone(&state.gauges.asked);
    let asked = state.hop.blocking(move |_| Ok(asked()));
    let told = tokio::time::timeout(PATIENCE, asked).await;
    let told = told.ok().and_then(Result::ok).flatten();
    all.push(metrics::parts::database_answers(told.is_some()));
    all.extend(told.unwrap_or_default());
    all
}
