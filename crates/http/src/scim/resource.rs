//! `/Users`, `/Groups` and what is below them.

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode},
    web::Bytes,
};
use app::list::Entry;
use scim::Kind;

use super::{
    Context,
    input::{self, Input},
    list::{self, Over},
    read,
    render::{self, Renderer},
    write::{self, Named},
};
use crate::refusal::Refusal;

/// GET and POST of a collection.
pub(crate) async fn collection(
    context: &Context<'_>,
    kind: Kind,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    match *context.method() {
        Method::POST => create(context, kind, body).await,
        _ => list::get(context, Over::One(kind)).await,
    }
}

/// GET, PUT, PATCH and DELETE of one resource.
pub(crate) async fn one(
    context: &Context<'_>,
    kind: Kind,
    name: &str,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    let named = Named::new(kind, name)?;
    match *context.method() {
        Method::PUT => put(context, named, body).await,
        Method::PATCH => patch(context, named, body).await,
        Method::DELETE => delete(context, named).await,
        _ => read::answer(context, named).await,
    }
}

async fn create(context: &Context<'_>, kind: Kind, body: Bytes) -> Result<HttpResponse, Refusal> {
    let renderer = Renderer::of(context, kind)?;
    let body = input::resource(context, kind, Input::Text(body)).await?;
    let show_members = renderer.projection.wants("members");
    let reply = write::create(context, body, show_members).await?;
    changed(context, StatusCode::CREATED, renderer, reply).await
}

async fn put(context: &Context<'_>, named: Named, body: Bytes) -> Result<HttpResponse, Refusal> {
    let kind = named.kind;
    let prepared = async {
        let renderer = Renderer::of(context, kind)?;
        let body = input::resource(context, kind, Input::Text(body)).await?;
        Ok((renderer, body))
    };
    let prepared = prepared.await;
    let (target, (renderer, body)) = named.ready(context, context.conditions(), prepared).await?;
    let show_members = renderer.projection.wants("members");
    let reply = write::put(context, target, body, show_members).await?;
    changed(context, StatusCode::OK, renderer, reply).await
}

async fn patch(context: &Context<'_>, named: Named, body: Bytes) -> Result<HttpResponse, Refusal> {
    let kind = named.kind;
    let prepared = async {
        let renderer = Renderer::of(context, kind)?;
        let patch = input::patch(context, kind, Input::Text(body)).await?;
        Ok((renderer, patch))
    };
    let prepared = prepared.await;
    let (target, (mut renderer, patch)) =
        named.ready(context, context.conditions(), prepared).await?;
    for path in patch.written() {
        renderer.projection.reveal(&context.registry, kind, &path);
    }
    let status = patched(kind, input::asks_for_attributes(context));
    let shown = status == StatusCode::OK;
    let show_members = shown && renderer.projection.wants("members");
    let reply = write::patch(context, target, patch, status, show_members).await?;
    if shown {
        return changed(context, status, renderer, reply).await;
    }
    let (tag, location) = (render::tag(&reply), renderer.location_of(&reply));
    Ok(render::described(status, tag, &location).finish())
}

/// What a PATCH is answered with: a group may have a million members, and nobody wants them back
/// for adding one (D8).
pub(super) fn patched(kind: Kind, asks_for_attributes: bool) -> StatusCode {
    match kind {
        Kind::Group if !asks_for_attributes => StatusCode::NO_CONTENT,
        _ => StatusCode::OK,
    }
}

async fn delete(context: &Context<'_>, named: Named) -> Result<HttpResponse, Refusal> {
    let (target, ()) = named.ready(context, context.conditions(), Ok(())).await?;
    write::delete(context, target).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn changed(
    context: &Context<'_>,
    status: StatusCode,
    renderer: Renderer,
    reply: Entry,
) -> Result<HttpResponse, Refusal> {
    let size = render::size(&reply);
    let answer = context
        .state
        .hop
        .compute(size, move || renderer.entry(&reply))
        .await?;
    Ok(render::resource(status, answer, context.media))
}
