//! Probes and metrics, for whoever runs rolecall. The probes need no key and tell nothing but yes or
//! no; metrics want an owner key, or are asked on a listener of their own (`metrics.bind`), which
//! answers nothing else.

use actix_web::{HttpRequest, HttpResponse, http::Method, web::Data};
use domain::key::Kind;

use crate::{auth, media::JSON, metrics, refusal::Refusal, state::State};

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
    outcome.unwrap_or_else(|refusal| {
        refusal.log();
        refusal.problem(id)
    })
}

/// Load balancers ask with HEAD too.
async fn open(state: &State, probe: Probe, method: &Method) -> Result<HttpResponse, Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::Method(vec!["GET", "HEAD"]));
    }
    let status = match probe {
        Probe::Live => "live",
        Probe::Ready => {
            state.hop.blocking(|app| Ok(app.store.ready()?)).await?;
            "ready"
        }
        Probe::Metrics => {
            let gauges = state.gauges.clone();
            let figures = state.hop.blocking(move |_| Ok(gauges())).await?;
            let text = state.metrics.render(&figures);
            return Ok(HttpResponse::Ok().content_type(metrics::TEXT).body(text));
        }
    };
    Ok(HttpResponse::Ok()
        .content_type(JSON)
        .body(format!("{{\"status\":\"{status}\"}}")))
}
