//! Groups as administrators and apps find them. What the identity provider says about them is the
//! SCIM surface's; who is in one is told by `…/users?group=`.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    groups::{self, DeleteGroup, FindGroups, NewGroup},
    port::{Lock, groups::GroupRow},
    representation::{self, time},
};
use domain::GroupId;
use scim::{Kind, Mode, Registry};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    call::Call,
    cursor, input, once,
    reply::{self, List},
    tag,
};
use crate::refusal::to_json;

/// A group.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupView {
    id: String,
    display_name: String,
    #[schema(required = true)]
    external_id: Option<String>,
    #[serde(rename = "created_at")]
    created: String,
    #[serde(rename = "modified_at")]
    modified: String,
}

impl GroupView {
    fn new(row: &GroupRow) -> Result<GroupView> {
        let resource = representation::resource(Kind::Group, &row.document)?;
        Ok(GroupView {
            id: row.id.to_string(),
            display_name: row.display_name.clone(),
            external_id: resource.external_id().map(str::to_owned),
            created: time(row.created),
            modified: time(row.modified),
        })
    }
}

/// A group made by hand.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewGroup, example = json!({"displayName": "Engineering"}))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Body {
    display_name: String,
    external_id: Option<String>,
}

/// GET `/orgs/{org}/groups`: all, or the one with a `displayName`.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let name = call.query.get("displayName").map(str::to_owned);
    if name.as_deref() == Some("") {
        return Err(Error::parameter("displayName", "Must not be empty."));
    }
    let query = FindGroups {
        name,
        after: cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?.map(GroupId),
        limit: input::limit(&call.query)?,
    };
    let work = call.work(Lock::Read, move |tx| groups::find(tx, &query))?;
    let text = call.state.hop.blocking(move |app| {
        let page = work.wait(&*app.store)?;
        let items = page.groups.iter().map(GroupView::new);
        Ok(to_json(&List {
            items: items.collect::<Result<Vec<_>>>()?,
            next_cursor: page.next.map(|last| cursor::after(last.0.as_bytes())),
        }))
    });
    Ok(reply::text(text.await?))
}

/// GET `/orgs/{org}/groups/{id}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let id = group(call)?;
    let work = call.work(Lock::Read, move |tx| groups::read(tx, id, false))?;
    let row = call.state.hop.quick(work).await?.row;
    Ok(tag::tagged(row.version, &GroupView::new(&row)?))
}

/// POST `/orgs/{org}/groups`: by hand, for an identity provider that links to a group that is there
/// (Okta's Link Group). Its members are the identity provider's.
pub(crate) async fn create(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let sent: Body = input::body(body)?;
    let mut document = json!({
        "schemas": [Kind::Group.core_urn()],
        "displayName": sent.display_name,
    });
    if let Some(external_id) = sent.external_id {
        document["externalId"] = external_id.into();
    }
    let read = scim::resource::read(&Registry::core(), Kind::Group, Mode::Strict, document)?;
    let (resource, members) = read.for_create();
    let command = NewGroup {
        id: GroupId(Uuid::now_v7()),
        change: call.change(),
        resource,
        members,
        show_members: false,
    };
    // A rule may wait for the name.
    let made = once::create(call, Lock::Exclusive, body, move |tx, _, org| {
        let row = groups::create(tx, &command)?.row;
        let path = format!("/orgs/{}/groups/{}", org.slug, row.id);
        Ok(once::made(path, row.version, &GroupView::new(&row)?))
    });
    made.await
}

/// DELETE `/orgs/{org}/groups/{id}`: its members lose what it gave; its rules wait for the name.
pub(crate) async fn remove(call: &Call<'_>) -> Result<HttpResponse> {
    let command = DeleteGroup {
        id: group(call)?,
        change: call.change(),
        conditions: tag::preconditions(call)?,
    };
    let work = call.work(Lock::Exclusive, move |tx| groups::delete(tx, &command))?;
    call.state.hop.run(work).await?;
    call.state.app.nudge.raise();
    Ok(HttpResponse::NoContent().finish())
}

fn group(call: &Call<'_>) -> Result<GroupId> {
    let id = call.name(0).parse();
    id.map_err(|_| Error::not_found("group"))
}
