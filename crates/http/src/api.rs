//! The admin API and the read plane: `/api/v1`, JSON, problem documents.
//!
//! Which kind of key may do what is in the one table of [`routes`]; nothing else decides it.

mod access;
mod audit;
mod call;
mod cursor;
mod dispatch;
mod events;
mod grants;
mod groups;
mod input;
mod keys;
mod mapping;
mod members;
mod once;
pub mod openapi;
mod orgs;
mod overview;
mod paging;
mod people;
mod places;
mod reply;
mod requests;
mod roles;
pub(crate) mod routes;
mod schemas;
mod settings;
mod stream;
mod tag;
mod users;

use actix_web::{
    HttpRequest, HttpResponse,
    http::Method,
    web::{Bytes, Data, Payload},
};
use app::{Caller, Code, Error};
use domain::key::Kind;
use uuid::Uuid;

use call::Call;

use crate::{
    auth, body,
    entry::{method, on_mount, on_org, on_route},
    media::{JSON, SCIM},
    plane::API,
    query::Query,
    refusal::Refusal,
    state::State,
    template::segments,
};

/// Kinds of keys that may enter at all.
const KINDS: &[Kind] = &[Kind::Admin, Kind::Read, Kind::Owner];

/// Answers a request below the admin API's prefix.
pub(crate) async fn answer(
    state: &Data<State>,
    request: &HttpRequest,
    payload: Payload,
    rest: &str,
    id: Uuid,
) -> Result<HttpResponse, Refusal> {
    on_mount(request, API);
    let caller = auth::caller(state, request).await?;
    state
        .rates
        .of_key(&caller.key)
        .map_err(|beyond| Refusal::later(beyond.seconds))?;
    caller.must_be(KINDS)?;
    let Some((route, names)) = routes::find(&segments(rest)) else {
        let detail = "There is no endpoint at this path.";
        return Err(Error::new(Code::NotFound, detail).into());
    };
    on_route(request, route.template);
    let method = method(request).as_str();
    let Some(verb) = route.verbs.iter().find(|verb| verb.method == method) else {
        let methods = route.verbs.iter().map(|verb| verb.method);
        return Err(Refusal::method(methods));
    };
    caller.must_be(verb.kinds)?;
    if let Some(action) = verb.action {
        tracing::Span::current().record("action", action.as_str());
    }
    let query = Query::parse(request.uri().query().unwrap_or_default());
    input::check_parameters(&query, verb.parameters)?;
    let call = Call {
        lags: verb.lags,
        ..open(state, request, caller, query, &names, id).await?
    };
    if let Some(org) = &call.org {
        on_org(&org.slug);
    }
    let body = match *request.method() {
        Method::POST | Method::PUT | Method::PATCH => {
            // Both, because clients are often shared with the SCIM side.
            body::collect(
                state,
                request,
                payload,
                &[JSON, SCIM],
                state.config.body_limit,
            )
            .await?
        }
        _ => Bytes::new(),
    };
    dispatch::to(&call, route.endpoint, verb.method, body).await
}

/// Finds the organization that the path names: the caller's own, or any for an owner.
async fn open<'a>(
    state: &'a Data<State>,
    request: &'a HttpRequest,
    caller: Caller,
    query: Query,
    names: &[&str],
    id: Uuid,
) -> Result<Call<'a>, Refusal> {
    let org = match (names.first(), caller.org) {
        (None, _) => None,
        (Some(slug), Some(own)) => {
            let org = state.org(own).await?;
            if org.slug.as_str() != *slug {
                return Err(Error::not_found("organization").into());
            }
            Some(org)
        }
        (Some(slug), None) => {
            let slug = (*slug).to_owned();
            Some(
                state
                    .hop
                    .blocking(move |app| app.org_by_slug(&slug))
                    .await?,
            )
        }
    };
    let names = names.iter().skip(1).map(|name| (*name).to_owned());
    Ok(Call {
        state,
        request,
        caller,
        query,
        names: names.collect(),
        id,
        lags: false,
        org,
    })
}
