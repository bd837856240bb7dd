//! What is granted by hand. It survives every sync (D15).

use actix_web::HttpResponse;
use app::{
    Error, Result,
    grants::{self, DeleteGrant, GrantView, PutGrant},
    places::Place,
    port::Lock,
};
use domain::{GrantKind, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{call::Call, input, reply::List, tag};

#[derive(Deserialize, ToSchema)]
#[schema(as = NewGrant, example = json!({"role": "admin", "kind": "floor"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// None for the organization.
    scope: Option<String>,
    role: Option<String>,
    /// `floor`: at least this; `fixed`: exactly this.
    #[schema(value_type = String)]
    kind: GrantKind,
}

/// GET `…/users/{id}/grants`.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let user = call.user(0)?;
    let work = call.work(Lock::Read, move |tx| grants::list(tx, user))?;
    let items = call.state.hop.quick(work).await?;
    let tag = grants::tag(&items);
    let list = List {
        items,
        next_cursor: None,
    };
    Ok(tag::tagged(tag, &list))
}

/// PUT `…/users/{id}/grants`: in place of the grant in the same scope.
pub(crate) async fn put(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let Body { scope, role, kind } = input::body(body)?;
    give(call, call.user(0)?, None, scope, role, kind).await
}

/// DELETE `…/users/{id}/grants?scope=`; without a scope the grant of an organization role.
pub(crate) async fn remove(call: &Call<'_>) -> Result<HttpResponse> {
    let scope = call.query.get("scope").filter(|scope| !scope.is_empty());
    take(call, call.user(0)?, None, scope.map(str::to_owned)).await
}

/// Grants by hand: at a place that the path names and that has to be there, or in a scope of the
/// body.
pub(super) async fn give(
    call: &Call<'_>,
    user: UserId,
    place: Option<Place>,
    scope: Option<String>,
    role: Option<String>,
    kind: GrantKind,
) -> Result<HttpResponse> {
    let command = PutGrant {
        user,
        scope: scope.or_else(|| place.as_ref().map(scope_of)),
        role,
        kind,
        change: call.change(),
    };
    let seen = tag::condition(call)?;
    let work = call.work(Lock::Shared, move |tx| {
        if let Some(place) = &place {
            place.is_there(&*tx.places()?)?;
        }
        grants::must_be(tx, command.user, seen.as_deref())?;
        grants::put(tx, &command)?;
        let there = grants::list(tx, command.user)?;
        let tag = grants::tag(&there);
        let mut same = there.into_iter().filter(|it| it.scope == command.scope);
        let view = same.next().ok_or_else(|| Error::not_found("grant"))?;
        Ok((tag, view))
    })?;
    let (tag, view): (String, GrantView) = call.state.hop.run(work).await?;
    Ok(tag::tagged(tag, &view))
}

/// Takes back what was granted by hand.
pub(super) async fn take(
    call: &Call<'_>,
    user: UserId,
    place: Option<Place>,
    scope: Option<String>,
) -> Result<HttpResponse> {
    let command = DeleteGrant {
        user,
        scope: scope.or_else(|| place.as_ref().map(scope_of)),
        change: call.change(),
    };
    let seen = tag::condition(call)?;
    let work = call.work(Lock::Shared, move |tx| {
        if let Some(place) = &place {
            place.is_there(&*tx.places()?)?;
        }
        grants::must_be(tx, command.user, seen.as_deref())?;
        grants::delete(tx, &command)
    })?;
    call.state.hop.run(work).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn scope_of(place: &Place) -> String {
    match place {
        Place::Workspace(slug) => slug.to_string(),
        Place::Project(path) => path.to_string(),
    }
}
