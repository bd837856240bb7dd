//! `/Groups` and `/Groups/{id}`. Members are read only where the answer shows them.

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode},
    web::Bytes,
};
use app::{
    Error, Result,
    groups::{self, DeleteGroup, GroupReply, NewGroup, PatchGroup, PutGroup},
    port::{Lock, requests::RequestNotes},
    version,
};
use domain::GroupId;
use scim::{Kind, etag::Preconditions};
use uuid::Uuid;

use super::{
    Context, input,
    list::{self, Over},
    notes,
    render::{self, Renderer},
};
use crate::refusal::Refusal;

/// GET and POST of the collection.
pub(crate) async fn collection(
    context: &Context<'_>,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    match *context.method() {
        Method::POST => create(context, body).await,
        _ => list::get(context, Over::One(Kind::Group)).await,
    }
}

/// GET, PUT, PATCH and DELETE of one group.
pub(crate) async fn one(
    context: &Context<'_>,
    name: &str,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    let id = GroupId(input::id(name, Kind::Group)?);
    match *context.method() {
        Method::PUT => put(context, id, body).await,
        Method::PATCH => patch(context, id, body).await,
        Method::DELETE => delete(context, id).await,
        _ => read(context, id).await,
    }
}

async fn create(context: &Context<'_>, body: Bytes) -> Result<HttpResponse, Refusal> {
    let renderer = renderer(context)?;
    let body = input::resource(context, Kind::Group, body).await?;
    let notes = notes::of_body(&context.org, &body);
    let (resource, members) = body.for_create();
    let command = NewGroup {
        id: GroupId(Uuid::now_v7()),
        change: context.change(),
        resource,
        members,
        show_members: renderer.projection.wants("members"),
    };
    let work = context.change_work(
        Lock::Exclusive,
        StatusCode::CREATED,
        notes,
        move |tx| groups::create(tx, &command),
        notes::group_changed,
    );
    let reply = context.state.hop.run(work).await?;
    changed(context, StatusCode::CREATED, renderer, reply).await
}

async fn read(context: &Context<'_>, id: GroupId) -> Result<HttpResponse, Refusal> {
    // The row alone tells whether the client has this version already.
    let known = find(context, id).await?;
    let conditions = context.conditions()?;
    let renderer = renderer(context)?;
    conditions.check_match(version::etag(known.row.version))?;
    if !conditions.none_match(version::etag(known.row.version)) {
        let answer = renderer.group(&known)?;
        let mut response =
            render::described(StatusCode::NOT_MODIFIED, answer.tag, &answer.location);
        return Ok(response.finish());
    }
    if !renderer.projection.wants("members") {
        return Ok(render::resource(
            StatusCode::OK,
            renderer.group(&known)?,
            context.media,
        ));
    }
    let work = context.work(Lock::Read, move |tx| groups::read(tx, id, true));
    let answer = context
        .state
        .hop
        .blocking(move |app| renderer.group(&work.wait(&*app.store)?))
        .await?;
    Ok(render::resource(StatusCode::OK, answer, context.media))
}

async fn put(context: &Context<'_>, id: GroupId, body: Bytes) -> Result<HttpResponse, Refusal> {
    let prepared = async {
        Ok((
            renderer(context)?,
            input::resource(context, Kind::Group, body).await?,
        ))
    };
    let (conditions, (renderer, body)) = ready(context, id, prepared.await).await?;
    let notes = notes::of_body(&context.org, &body);
    let command = PutGroup {
        id,
        change: context.change(),
        conditions,
        body,
        show_members: renderer.projection.wants("members"),
    };
    let work = context.change_work(
        Lock::Shared,
        StatusCode::OK,
        notes,
        move |tx| groups::put(tx, &command),
        notes::group_changed,
    );
    let reply = context.state.hop.run(work).await?;
    changed(context, StatusCode::OK, renderer, reply).await
}

async fn patch(context: &Context<'_>, id: GroupId, body: Bytes) -> Result<HttpResponse, Refusal> {
    let prepared = async {
        Ok((
            renderer(context)?,
            input::patch(context, Kind::Group, body).await?,
        ))
    };
    let (conditions, (mut renderer, patch)) = ready(context, id, prepared.await).await?;
    for path in patch.written() {
        renderer
            .projection
            .reveal(&context.state.registry, Kind::Group, &path);
    }
    let shown = input::asks_for_attributes(context);
    // A group may have a million members; nobody wants them back for adding one (D8).
    let status = if shown {
        StatusCode::OK
    } else {
        StatusCode::NO_CONTENT
    };
    let notes = notes::of_patch(&patch);
    let command = PatchGroup {
        id,
        change: context.change(),
        conditions,
        patch,
        show_members: shown && renderer.projection.wants("members"),
    };
    let work = context.change_work(
        Lock::Shared,
        status,
        notes,
        move |tx| groups::patch(tx, &command),
        notes::group_changed,
    );
    let reply = context.state.hop.run(work).await?;
    if shown {
        return changed(context, status, renderer, reply).await;
    }
    context.state.app.nudge.raise();
    let tag = version::etag(reply.row.version).into();
    let location = context.links.group(id.0);
    Ok(render::described(status, tag, &location).finish())
}

async fn delete(context: &Context<'_>, id: GroupId) -> Result<HttpResponse, Refusal> {
    let (conditions, ()) = ready(context, id, Ok(())).await?;
    let command = DeleteGroup {
        id,
        change: context.change(),
        conditions,
    };
    let work = context.change_work(
        Lock::Exclusive,
        StatusCode::NO_CONTENT,
        RequestNotes::default(),
        move |tx| groups::delete(tx, &command),
        move |(), notes| notes.changed.push(id.to_string()),
    );
    context.state.hop.run(work).await?;
    context.state.app.nudge.raise();
    Ok(HttpResponse::NoContent().finish())
}

/// The answer to a change: members may have been left to the worker, which is told.
async fn changed(
    context: &Context<'_>,
    status: StatusCode,
    renderer: Renderer,
    reply: GroupReply,
) -> Result<HttpResponse, Refusal> {
    context.state.app.nudge.raise();
    let size = render::group_size(&reply);
    let answer = context
        .state
        .hop
        .compute(size, move || renderer.group(&reply))
        .await?;
    Ok(render::resource(status, answer, context.media))
}

fn renderer(context: &Context<'_>) -> Result<Renderer> {
    let projection = input::projection(context, Kind::Group)?;
    Ok(Renderer {
        links: context.links.clone(),
        projection,
    })
}

/// The group without its members.
async fn find(context: &Context<'_>, id: GroupId) -> Result<GroupReply> {
    context
        .state
        .hop
        .quick(context.work(Lock::Read, move |tx| groups::read(tx, id, false)))
        .await
}

/// As with users: 404 and 412 before 400 (D40).
async fn ready<T>(
    context: &Context<'_>,
    id: GroupId,
    prepared: Result<T>,
) -> Result<(Preconditions, T)> {
    let conditions = context.conditions();
    match (conditions, prepared) {
        (Ok(conditions), Ok(prepared)) => Ok((conditions, prepared)),
        (conditions, prepared) => {
            let reply = find(context, id).await?;
            let conditions = conditions?;
            conditions.check_match(version::etag(reply.row.version))?;
            Err(prepared.err().unwrap_or_else(|| Error::not_found("group")))
        }
    }
}
