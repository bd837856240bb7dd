//! From a row of the table of routes to its handler.

use actix_web::{HttpResponse, web::Bytes};

use super::{
    access, audit, call::Call, events, grants, groups, keys, mapping, members, orgs, overview,
    people, places, requests, roles, routes::Endpoint, schemas, settings, stream, users,
};
use crate::refusal::Refusal;

/// Answers a call whose path, method, key and parameters fit the table.
pub(super) async fn to(
    call: &Call<'_>,
    endpoint: Endpoint,
    method: &str,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    Ok(match (endpoint, method) {
        (Endpoint::Orgs, "POST") => orgs::create(call, &body).await?,
        (Endpoint::Orgs, _) => orgs::list(call).await?,
        (Endpoint::Org, "PATCH") => orgs::rename(call, &body).await?,
        (Endpoint::Org, "DELETE") => orgs::delete(call).await?,
        (Endpoint::Org, _) => orgs::read(call).await?,
        (Endpoint::People, _) => people::find(call).await?,
        (Endpoint::Settings, "PATCH") => settings::patch(call, &body).await?,
        (Endpoint::Settings, _) => settings::read(call).await?,
        (Endpoint::Roles, "PUT") => roles::put(call, &body).await?,
        (Endpoint::Roles, _) => roles::read(call).await?,
        (Endpoint::Schemas, _) => schemas::list(call).await?,
        (Endpoint::Schema, "PUT") => schemas::put(call, &body).await?,
        (Endpoint::Schema, "DELETE") => schemas::remove(call).await?,
        (Endpoint::Schema, _) => schemas::read(call).await?,
        (Endpoint::Keys, "POST") => keys::create(call, &body).await?,
        (Endpoint::Keys, _) => keys::list(call).await?,
        (Endpoint::Key, "DELETE") => keys::revoke(call).await?,
        (Endpoint::Key, _) => keys::read(call).await?,
        (Endpoint::RotateKey, _) => keys::rotate(call, &body).await?,
        (Endpoint::Mapping, "PUT") => mapping::put(call, body).await?,
        (Endpoint::Mapping, _) => mapping::read(call).await?,
        (Endpoint::Preview, _) => mapping::preview(call, body).await?,
        (Endpoint::Events, _) => events::feed(call).await?,
        (Endpoint::EventStream, _) => stream::follow(call).await?,
        (Endpoint::Places(level), "POST") => places::create(call, level, &body).await?,
        (Endpoint::Places(level), _) => places::list(call, level).await?,
        (Endpoint::Place(level), "PUT") => places::rename(call, level, &body).await?,
        (Endpoint::Place(level), "DELETE") => places::remove(call, level).await?,
        (Endpoint::Place(level), _) => places::read(call, level).await?,
        (Endpoint::Members(level), _) => members::list(call, level).await?,
        (Endpoint::Member(level), "PUT") => members::put(call, level, &body).await?,
        (Endpoint::Member(level), _) => members::remove(call, level).await?,
        (Endpoint::Users, "POST") => users::create(call, &body).await?,
        (Endpoint::Users, _) => users::list(call).await?,
        (Endpoint::User, "DELETE") => users::remove(call).await?,
        (Endpoint::User, _) => users::read(call).await?,
        (Endpoint::Groups, "POST") => groups::create(call, &body).await?,
        (Endpoint::Groups, _) => groups::list(call).await?,
        (Endpoint::Group, "DELETE") => groups::remove(call).await?,
        (Endpoint::Group, _) => groups::read(call).await?,
        (Endpoint::UserAccess, _) => access::one(call).await?,
        (Endpoint::SignIn, _) => access::sign_in(call, &body).await?,
        (Endpoint::Grants, "PUT") => grants::put(call, &body).await?,
        (Endpoint::Grants, "DELETE") => grants::remove(call).await?,
        (Endpoint::Grants, _) => grants::list(call).await?,
        (Endpoint::Access, _) => access::page(call).await?,
        (Endpoint::Holds, _) => overview::holds(call).await?,
        (Endpoint::Jobs, _) => overview::jobs(call).await?,
        (Endpoint::Report, _) => overview::report(call).await?,
        (Endpoint::Reads, _) => requests::reads(call).await?,
        (Endpoint::Replay, _) => requests::replay(call).await?,
        (Endpoint::Request, _) => requests::read(call).await?,
        (Endpoint::Audit, _) => audit::list(call).await?,
        (Endpoint::Requests, _) => requests::list(call).await?,
    })
}
