//! `/Users` and `/Users/{id}`.

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode},
    web::Bytes,
};
use app::{
    Error, Result,
    port::{Lock, requests::RequestNotes},
    users::{self, DeleteUser, NewUser, PatchUser, PutUser, UserReply},
    version,
};
use domain::{UniqueIdentifier, UserId};
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
        _ => list::get(context, Over::One(Kind::User)).await,
    }
}

/// GET, PUT, PATCH and DELETE of one user.
pub(crate) async fn one(
    context: &Context<'_>,
    name: &str,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    let id = UserId(input::id(name, Kind::User)?);
    match *context.method() {
        Method::PUT => put(context, id, body).await,
        Method::PATCH => patch(context, id, body).await,
        Method::DELETE => delete(context, id).await,
        _ => read(context, id).await,
    }
}

async fn create(context: &Context<'_>, body: Bytes) -> Result<HttpResponse, Refusal> {
    let renderer = renderer(context)?;
    let body = input::resource(context, Kind::User, body).await?;
    let notes = notes::of_body(&context.org, &body);
    let (resource, _) = body.for_create();
    let command = NewUser {
        id: UserId(Uuid::now_v7()),
        change: context.change(),
        resource,
    };
    // Telling users apart by e-mail needs it; asking for it at once saves a second start.
    let lock = match context.org.connection.unique_identifier {
        UniqueIdentifier::Email => Lock::Exclusive,
        UniqueIdentifier::UserName => Lock::Shared,
    };
    let work = context.change_work(
        lock,
        StatusCode::CREATED,
        notes,
        move |tx| users::create(tx, &command),
        notes::user_changed,
    );
    let reply = context.state.hop.run(work).await?;
    Ok(render::resource(
        StatusCode::CREATED,
        renderer.user(&reply)?,
        context.media,
    ))
}

async fn read(context: &Context<'_>, id: UserId) -> Result<HttpResponse, Refusal> {
    let reply = find(context, id).await?;
    let conditions = context.conditions()?;
    let renderer = renderer(context)?;
    let answer = renderer.user(&reply)?;
    conditions.check_match(version::etag(reply.row.version))?;
    if !conditions.none_match(answer.tag) {
        let mut response =
            render::described(StatusCode::NOT_MODIFIED, answer.tag, &answer.location);
        return Ok(response.finish());
    }
    Ok(render::resource(StatusCode::OK, answer, context.media))
}

async fn put(context: &Context<'_>, id: UserId, body: Bytes) -> Result<HttpResponse, Refusal> {
    let prepared = async {
        Ok((
            renderer(context)?,
            input::resource(context, Kind::User, body).await?,
        ))
    };
    let (conditions, (renderer, body)) = ready(context, id, prepared.await).await?;
    let notes = notes::of_body(&context.org, &body);
    let command = PutUser {
        id,
        change: context.change(),
        conditions,
        body,
    };
    let work = context.change_work(
        Lock::Shared,
        StatusCode::OK,
        notes,
        move |tx| users::put(tx, &command),
        notes::user_changed,
    );
    let reply = context.state.hop.run(work).await?;
    Ok(render::resource(
        StatusCode::OK,
        renderer.user(&reply)?,
        context.media,
    ))
}

async fn patch(context: &Context<'_>, id: UserId, body: Bytes) -> Result<HttpResponse, Refusal> {
    let prepared = async {
        Ok((
            renderer(context)?,
            input::patch(context, Kind::User, body).await?,
        ))
    };
    let (conditions, (mut renderer, patch)) = ready(context, id, prepared.await).await?;
    for path in patch.written() {
        renderer
            .projection
            .reveal(&context.state.registry, Kind::User, &path);
    }
    let notes = notes::of_patch(&patch);
    let roles = notes::writes_roles(&notes).then(|| context.org.clone());
    let command = PatchUser {
        id,
        change: context.change(),
        conditions,
        patch,
    };
    let work = context.change_work(
        Lock::Shared,
        StatusCode::OK,
        notes,
        move |tx| users::patch(tx, &command),
        move |reply, notes| {
            notes::user_changed(reply, notes);
            if let Some(org) = &roles {
                notes.unknown_roles = notes::unknown_roles_of(org, reply);
            }
        },
    );
    let reply = context.state.hop.run(work).await?;
    Ok(render::resource(
        StatusCode::OK,
        renderer.user(&reply)?,
        context.media,
    ))
}

async fn delete(context: &Context<'_>, id: UserId) -> Result<HttpResponse, Refusal> {
    let (conditions, ()) = ready(context, id, Ok(())).await?;
    let command = DeleteUser {
        id,
        change: context.change(),
        conditions,
    };
    let work = context.change_work(
        Lock::Exclusive,
        StatusCode::NO_CONTENT,
        RequestNotes::default(),
        move |tx| users::delete(tx, &command),
        move |(), notes| notes.changed.push(id.to_string()),
    );
    context.state.hop.run(work).await?;
    context.state.app.nudge.raise();
    Ok(HttpResponse::NoContent().finish())
}

fn renderer(context: &Context<'_>) -> Result<Renderer> {
    let projection = input::projection(context, Kind::User)?;
    Ok(Renderer {
        links: context.links.clone(),
        projection,
    })
}

async fn find(context: &Context<'_>, id: UserId) -> Result<UserReply> {
    context
        .state
        .hop
        .quick(context.work(Lock::Read, move |tx| users::read(tx, id)))
        .await
}

/// The conditions and what was prepared. Where the request is wrong in itself, a user that is not
/// there and a version that does not fit still come first (D40).
async fn ready<T>(
    context: &Context<'_>,
    id: UserId,
    prepared: Result<T>,
) -> Result<(Preconditions, T)> {
    let conditions = context.conditions();
    match (conditions, prepared) {
        (Ok(conditions), Ok(prepared)) => Ok((conditions, prepared)),
        (conditions, prepared) => {
            let reply = find(context, id).await?;
            let conditions = conditions?;
            conditions.check_match(version::etag(reply.row.version))?;
            Err(prepared.err().unwrap_or_else(|| Error::not_found("user")))
        }
    }
}
