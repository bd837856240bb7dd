//! The one door: every request comes in here and every answer leaves from here.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{
            CACHE_CONTROL, ETAG, HeaderName, HeaderValue, VARY, WWW_AUTHENTICATE,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    web::{Data, Payload},
};
use app::Error;
use domain::Slug;
use tracing::{Instrument, Span, field};
use uuid::Uuid;

use crate::{
    api, auth, client, docs, guard::caught, media, ops, plane::Plane, refusal::Refusal, scim,
    state::State, traceparent::TraceParent,
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
        action = field::Empty, status = field::Empty, client_request_id = field::Empty,
        key = field::Empty, org = field::Empty, trace_id = field::Empty, parent_id = field::Empty
    );
    if let Some(parent) = TraceParent::of(request.headers()) {
        span.record("trace_id", parent.trace_id);
        span.record("parent_id", parent.parent_id);
        if let Some(adopt) = state.adopt {
            adopt(&span, &parent);
        }
    }
    if let Some(given) = given_id(&request) {
        span.record("client_request_id", given);
    }
    let in_flight = state.metrics.begin(&*state.app.clock);
    let mut response = answer(&state, &request, payload, id)
        .instrument(span.clone())
        .await;
    let status = response.status().as_u16();
    span.record("status", status);
    let ms = in_flight.answered(&request, status);
    span.in_scope(|| {
        let from = client::address(&request, &state.config.proxies);
        tracing::debug!(target: "access", status, ms, client = from.map(field::display), "answered");
    });
    add_headers(&mut response, id, request.method());
    response
}

/// Longest id of a client that is logged.
const LONGEST_ID: usize = 128;

/// The id that a client or a proxy has given to its request, where it is nothing but an id: it
/// stands in the log beside ours. The answer has ours, always: two requests may come with the same
/// one, and an answer has to lead to its row of the log.
fn given_id(request: &HttpRequest) -> Option<&str> {
    let mut given = request.headers().get_all("x-request-id");
    let (Some(id), None) = (given.next(), given.next()) else {
        return None;
    };
    let id = id.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let good = (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(plain);
    good.then_some(id)
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
    let mut response = match plane {
        Plane::Scim(_) => refusal.scim(media::scim_answer(request)),
        _ => refusal.problem(id),
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(auth::challenge(request.headers()));
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
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
            on_route(request, probe.template());
            ops::answer(state, *probe, request).await
        }
        Plane::Docs(page) => {
            on_route(request, page.template());
            docs::answer(*page, request.method())
        }
        Plane::Nowhere => Err(Error::not_found("page").into()),
    }
}

/// The route that a request took, as templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Taken {
    /// The SCIM mount or the admin API's prefix; empty for the probes and for what is nowhere.
    pub(crate) mount: String,
    /// What comes after it; empty where nothing was found.
    pub(crate) route: String,
}

/// Tells the span and the metrics below what a request came: a SCIM mount as its template, or the
/// admin API's prefix. Once for each request.
pub(crate) fn on_mount(request: &HttpRequest, mount: &str) {
    request.extensions_mut().insert(Taken {
        mount: mount.to_owned(),
        route: String::new(),
    });
    Span::current().record("mount", mount);
}

/// Tells the span and the metrics which route was taken, as its template: the number of templates
/// is bounded. Once for each request.
pub(crate) fn on_route(request: &HttpRequest, route: &str) {
    let mut extensions = request.extensions_mut();
    let mount = extensions.remove::<Taken>().unwrap_or_default().mount;
    extensions.insert(Taken {
        mount,
        route: route.to_owned(),
    });
    Span::current().record("route", route);
}

/// Tells the span whose organization it is about, by slug.
pub(crate) fn on_org(slug: &Slug) {
    Span::current().record("org", slug.as_str());
}

/// The method that a request is answered as: HEAD is GET, whose answer the server sends without
/// its body and with its length (RFC 9110 section 9.3.2).
pub(crate) fn method(request: &HttpRequest) -> &Method {
    match *request.method() {
        Method::HEAD => &Method::GET,
        ref other => other,
    }
}

/// Whether only the head of the answer is wanted: nothing is waited for then, and nothing streamed.
pub(crate) fn wants_head(request: &HttpRequest) -> bool {
    *request.method() == Method::HEAD
}

/// What every answer has.
pub(crate) fn add_headers(response: &mut HttpResponse, id: Uuid, method: &Method) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Every answer may hold personal data. What has an entity tag may be kept by the caller alone,
    // to be asked for again with it; a secret is only in answers to other methods.
    let reads = *method == Method::GET || *method == Method::HEAD;
    let kept = if reads && headers.contains_key(ETAG) {
        headers.insert(VARY, HeaderValue::from_static("authorization"));
        "private, no-cache"
    } else {
        "no-store"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
}
