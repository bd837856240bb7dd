//! The one door: every request comes in here and every answer leaves from here.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS},
    web::{Data, Payload},
};
use app::Error;
use tracing::{Instrument, Span, field};
use uuid::Uuid;

use crate::{
    api, docs, guard::caught, media, ops, plane::Plane, refusal::Refusal, scim, state::State,
};

/// Answers a request, whatever happens.
pub(crate) async fn entry(
    request: HttpRequest,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let id = Uuid::now_v7();
    // Never the path, the query or the body: they carry personal data.
    let span = tracing::info_span!(
        "request", %id, method = %request.method(), mount = field::Empty, route = field::Empty,
        action = field::Empty, status = field::Empty
    );
    let mut response = answer(&state, &request, payload, id)
        .instrument(span.clone())
        .await;
    let status = response.status().as_u16();
    span.record("status", status);
    span.in_scope(|| tracing::debug!(status, "answered"));
    add_headers(&mut response, id);
    response
}

async fn answer(
    state: &Data<State>,
    request: &HttpRequest,
    payload: Payload,
    id: Uuid,
) -> HttpResponse {
    let plane = Plane::of(&state.mounts, request.uri().path());
    let outcome = caught(dispatch(state, request, payload, &plane, id)).await;
    let refusal = match outcome {
        Ok(Ok(response)) => return response,
        Ok(Err(refusal)) => refusal,
        Err(_) => Refusal::panicked(),
    };
    refusal.log();
    match plane {
        Plane::Scim(_) => refusal.scim(media::scim_answer(request.headers())),
        _ => refusal.problem(id),
    }
}

async fn dispatch(
    state: &Data<State>,
    request: &HttpRequest,
    payload: Payload,
    plane: &Plane<'_>,
    id: Uuid,
) -> Result<HttpResponse, Refusal> {
    match plane {
        Plane::Scim(entered) => scim::answer(state, request, payload, entered, id).await,
        Plane::Api(rest) => api::answer(state, request, payload, rest, id).await,
        Plane::Probe(probe) => {
            on_route("", probe.template());
            ops::answer(state, *probe, request.method()).await
        }
        Plane::Docs(page) => {
            on_route("", page.template());
            docs::answer(*page, request.method())
        }
        Plane::Nowhere => Err(Error::not_found("page").into()),
    }
}

/// Tells the span which route was taken, as templates: their number is bounded.
pub(crate) fn on_route(mount: &str, route: &str) {
    let span = Span::current();
    span.record("mount", mount);
    span.record("route", route);
}

fn add_headers(response: &mut HttpResponse, id: Uuid) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Every answer may hold personal data or a secret.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
