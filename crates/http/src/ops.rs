//! Probes for whoever runs rolecall. They need no key and tell nothing but yes or no.

use actix_web::{HttpResponse, http::Method};

use crate::{media::JSON, refusal::Refusal, state::State};

/// A probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// The process answers.
    Live,
    /// The database answers too.
    Ready,
}

impl Probe {
    pub(crate) fn of(path: &str) -> Option<Probe> {
        match path {
            "/livez" => Some(Probe::Live),
            "/readyz" => Some(Probe::Ready),
            _ => None,
        }
    }

    /// For the span.
    pub(crate) fn template(self) -> &'static str {
        match self {
            Probe::Live => "/livez",
            Probe::Ready => "/readyz",
        }
    }
}

/// Answers a probe. Load balancers ask with HEAD too.
pub(crate) async fn answer(
    state: &State,
    probe: Probe,
    method: &Method,
) -> Result<HttpResponse, Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::Method(vec!["GET", "HEAD"]));
    }
    let status = match probe {
        Probe::Live => "live",
        Probe::Ready => {
            state.hop.blocking(|app| Ok(app.store.ready()?)).await?;
            "ready"
        }
    };
    Ok(HttpResponse::Ok()
        .content_type(JSON)
        .body(format!("{{\"status\":\"{status}\"}}")))
}
