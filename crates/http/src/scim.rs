//! The SCIM surface (RFC 7644). The key decides the organization; where a mount's path names one it
//! has to be the key's.
//!
//! The order of refusals: 401, 429 for a key that sends more than its share, 403 for a key of the
//! wrong kind, 404 for another organization's path, 403 while the connection is switched off, then
//! what the request itself gets wrong.

mod bulk;
mod context;
mod discovery;
mod input;
mod list;
mod read;
mod render;
mod resource;
mod roles;
mod routes;
mod seal;
mod trace;
mod write;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::Method, web::Payload};
use app::{Error, error::Code, requests};
use scim::bulk::MAX_PAYLOAD_BYTES;
use uuid::Uuid;

pub(crate) use context::Context;
use list::Over;
use routes::Endpoint;
use trace::Trace;

use crate::{
    auth, body,
    entry::{method, on_mount, on_org, on_route},
    media::{JSON, SCIM},
    mounts::Entered,
    refusal::Refusal,
    state::State,
    template::segments,
};

/// Answers a request below a mount. What is refused gets its row of the provisioning log here;
/// what succeeds has it in the unit of work that changed something.
pub(crate) async fn answer(
    state: &State,
    request: &HttpRequest,
    payload: Payload,
    entered: &Entered<'_>,
    id: Uuid,
) -> Result<HttpResponse, Refusal> {
    let mut trace = Trace::new(state, request, id);
    let outcome = dispatch(state, request, payload, entered, &mut trace).await;
    match &outcome {
        Ok(_) => trace.answered(state),
        Err(refusal) => trace.refused(state, request, refusal).await,
    }
    outcome
}

async fn dispatch(
    state: &State,
    request: &HttpRequest,
    payload: Payload,
    entered: &Entered<'_>,
    trace: &mut Trace,
) -> Result<HttpResponse, Refusal> {
    on_mount(request, &entered.mount.template);
    let path = segments(entered.rest);
    let found = routes::find(&path);
    if let Some((route, names)) = &found {
        trace.went_to(route, method(request), names);
    }
    let caller = auth::caller(state, request).await?;
    trace.came_from(&caller);
    state.rates.of_key(&caller.key).map_err(|beyond| {
        if !beyond.is_news {
            trace.leave_out();
        }
        Refusal::later(beyond.seconds)
    })?;
    let mut context = Context::open(state, request, entered, caller, trace.row.clone()).await?;
    on_org(&context.org.slug);
    let Some((route, names)) = found else {
        return Err(Error::not_found("resource or endpoint").into());
    };
    on_route(request, route.template);
    if route.endpoint == Endpoint::NotBuilt {
        let detail = format!("{} is not available on this server.", route.template);
        return Err(scim::Error::not_implemented(detail).into());
    }
    if !route.methods.contains(&method(request).as_str()) {
        return Err(Refusal::method(route.methods.iter().copied()));
    }
    let body = match *request.method() {
        Method::POST | Method::PUT | Method::PATCH => {
            let limit = match route.endpoint {
                Endpoint::Bulk => MAX_PAYLOAD_BYTES.min(state.config.body_limit),
                _ => state.config.body_limit,
            };
            body::collect(state, request, payload, &[SCIM, JSON], limit).await?
        }
        _ => actix_web::web::Bytes::new(),
    };
    if context.org.connection.log_bodies && route.endpoint.is_of_resources() {
        context.body = requests::kept(&body).map(Arc::new);
        trace.body.clone_from(&context.body);
    }
    let name = names.first().copied().unwrap_or_default();
    match route.endpoint {
        Endpoint::List(kind) => resource::collection(&context, kind, body).await,
        Endpoint::Root => list::get(&context, Over::All).await,
        Endpoint::Search(over) => list::search(&context, over, body).await,
        Endpoint::One(kind) => resource::one(&context, kind, name, body).await,
        Endpoint::Roles => roles::list(&context),
        Endpoint::SearchRoles => roles::search(&context, body).await,
        Endpoint::Role => roles::one(&context, name),
        Endpoint::Bulk => bulk::answer(&context, body).await,
        _ => discovery::answer(&context, route.endpoint, name),
    }
}

/// SCIM is off; says how to switch it on.
fn disabled(slug: &str) -> Error {
    Error::new(
        Code::ConnectionDisabled,
        format!(
            "SCIM is not enabled for this organization. Enable it with `rolecall connection enable \
             --org {slug}`, or PATCH /api/v1/orgs/{slug}/settings with an admin key and \
             {{\"connection\": {{\"enabled\": true}}}}."
        ),
    )
}
