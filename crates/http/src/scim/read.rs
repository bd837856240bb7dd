//! Reading one user or group. Members are read only where the answer shows them.

use actix_web::{HttpResponse, http::StatusCode};
use app::{Result, groups, list::Entry, port::Lock, users, version};
use domain::{GroupId, UserId};
use scim::{Kind, etag::Version};
use uuid::Uuid;

use super::{
    Context,
    render::{self, Renderer},
    write::Named,
};
use crate::refusal::Refusal;

/// Answers a GET of one resource.
pub(crate) async fn answer(context: &Context<'_>, named: Named) -> Result<HttpResponse, Refusal> {
    let Named { kind, id } = named;
    // The row alone tells whether the client has this version already.
    let known = find(context, kind, id).await?;
    let conditions = context.conditions()?;
    let renderer = Renderer::of(context, kind)?;
    conditions.check_match(version(&known))?;
    let tag = render::tag(&known);
    if !conditions.none_match(tag) {
        let location = context.links.of(kind, id);
        let mut response = render::described(StatusCode::NOT_MODIFIED, tag, &location);
        return Ok(response.finish());
    }
    let answer = if kind == Kind::Group && renderer.projection.wants("members") {
        let id = GroupId(id);
        let work = context.work(Lock::Read, move |tx| groups::read(tx, id, true));
        let whole = move |app: &app::App| renderer.entry(&Entry::Group(work.wait(&*app.store)?));
        context.state.hop.blocking(whole).await?
    } else {
        renderer.entry(&known)?
    };
    Ok(render::resource(StatusCode::OK, answer, context.media))
}

/// A resource without its members.
///
/// # Errors
/// Not found.
pub(super) async fn find(context: &Context<'_>, kind: Kind, id: Uuid) -> Result<Entry> {
    let work = context.work(Lock::Glance, move |tx| match kind {
        Kind::User => users::read(tx, UserId(id)).map(Entry::User),
        Kind::Group => groups::read(tx, GroupId(id), false).map(Entry::Group),
    });
    context.state.hop.quick(work).await
}

/// The resource's own version, on which writes are conditional.
pub(super) fn version(entry: &Entry) -> Version {
    version::etag(match entry {
        Entry::User(user) => user.row.version,
        Entry::Group(group) => group.row.version,
    })
}
