//! Who is in a workspace or project: those whose effective access reaches it, whatever brought
//! them there. Adding and removing are manual grants.

use actix_web::HttpResponse;
use app::{
    App, Result,
    access::{
        AccessReply,
        view::{RoleView, UserView, role},
        worker,
    },
    places::{self, Place},
    port::{Lock, org::OrgSettings},
};
use domain::{GrantKind, UserId, expand};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    call::Call,
    cursor, grants, input,
    places::named,
    reply::{self, List},
    routes::Level,
};
use crate::refusal::to_json;

#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberView {
    user: UserView,
    /// In a project the role there, in a workspace the organization role.
    #[schema(required = true)]
    role: Option<RoleView>,
    /// In a workspace: `rule`, `manual` or `role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<&'static str>,
    /// In a project: whether the role is the organization role.
    #[serde(skip_serializing_if = "Option::is_none")]
    inherited: Option<bool>,
    /// Whether all this waits for the first sign-in.
    pending: bool,
}

/// The body of a PUT; none at all is a floor.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewMember, example = json!({"kind": "floor"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    role: Option<String>,
    /// `floor`: at least this; `fixed`: exactly this.
    #[serde(default = "floor")]
    #[schema(value_type = String)]
    kind: GrantKind,
}

fn floor() -> GrantKind {
    GrantKind::Floor
}

/// GET `…/members`, in the order of the users' ids. A page may hold fewer than `limit`.
pub(crate) async fn list(call: &Call<'_>, level: Level) -> Result<HttpResponse> {
    let place = named(call, level)?;
    let limit = input::limit(&call.query)?;
    let after = cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?.map(UserId);
    let wanted = place.clone();
    let work = call.work(Lock::Read, move |tx| {
        places::members(tx, &wanted, after, limit)
    })?;
    let org = call.org()?.clone();
    let text = call.state.hop.blocking(move |app| {
        // The list starts from stored access; nobody may be missing who gained it just now.
        worker::drain_org(app, org.id, worker::READERS_HELP)?;
        let page = work.wait(&*app.store)?;
        let reached = |reply| view(app, &org, &place, reply);
        let items: Vec<MemberView> = page.users.iter().filter_map(reached).collect();
        let next_cursor = page.next.map(|last| cursor::after(last.0.as_bytes()));
        Ok(to_json(&List { items, next_cursor }))
    });
    Ok(reply::text(text.await?))
}

/// PUT `…/members/{user}`: a manual grant here.
pub(crate) async fn put(call: &Call<'_>, level: Level, body: &[u8]) -> Result<HttpResponse> {
    let Body { role, kind } = input::optional(body)?;
    let place = named(call, level)?;
    let user = call.user(depth(level))?;
    grants::give(call, user, Some(place), None, role, kind).await
}

/// DELETE `…/members/{user}`: the manual grant here; what rules give stays.
pub(crate) async fn remove(call: &Call<'_>, level: Level) -> Result<HttpResponse> {
    let place = named(call, level)?;
    let user = call.user(depth(level))?;
    grants::take(call, user, Some(place), None).await
}

/// Which name of the path is the user's.
fn depth(level: Level) -> usize {
    match level {
        Level::Workspace => 1,
        Level::Project => 2,
    }
}

/// How the user reaches the place; none where they do not.
fn view(app: &App, org: &OrgSettings, place: &Place, reply: &AccessReply) -> Option<MemberView> {
    let catalog = &org.facts.catalog;
    let here = place.alone(&reply.places)?;
    let reach = expand(&reply.access, &org.facts.policies, &here);
    let (key, via, inherited) = match here.projects.first() {
        None => {
            let via = reach.workspaces.values().next()?.as_str();
            (reply.access.role.as_ref(), Some(via), None)
        }
        Some((project, _)) => {
            let found = reach.projects.get(project)?;
            (Some(&found.role), None, Some(found.inherited))
        }
    };
    Some(MemberView {
        user: UserView::new(app, &reply.subject),
        role: key.map(|key| role(catalog, key)),
        via,
        inherited,
        pending: reach.pending,
    })
}
