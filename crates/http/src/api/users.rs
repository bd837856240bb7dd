//! Users as administrators and apps find them. What the identity provider says about them is the
//! SCIM surface's.

use actix_web::HttpResponse;
use app::{
    App, Error, Result,
    access::{
        self, AccessReply,
        view::{RoleView, UserView, role},
        worker,
    },
    port::{Lock, Tx, org::OrgSettings},
    representation::{self, time},
    users::{self, DeleteUser, FindUsers, NewUser, UserReply, Whom},
};
use domain::{ManagedBy, State, UniqueIdentifier, UserId};
use scim::{Kind, Mode, Registry};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    call::Call,
    cursor, input, once,
    reply::{self, List},
    tag,
};
use crate::{query::Query, refusal::to_json};

/// A user in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedUser)]
pub(crate) struct Item {
    #[serde(flatten)]
    user: UserView,
    state: &'static str,
    /// In effect.
    #[schema(required = true)]
    role: Option<RoleView>,
    /// What a first sign-in will bring into effect.
    #[schema(required = true)]
    pending_role: Option<RoleView>,
    seat: bool,
    /// `scim`: the identity provider; `admin`: it was made by hand, and no identity provider has
    /// written it yet.
    #[schema(value_type = String)]
    managed_by: Option<ManagedBy>,
}

impl Item {
    fn new(app: &App, org: &OrgSettings, reply: &AccessReply) -> Item {
        let access = &reply.access;
        let key = access.role.as_ref();
        let view = key.map(|key| role(&org.facts.catalog, key));
        let pending = access.state == State::NotActivated;
        Item {
            user: UserView::new(app, &reply.subject),
            state: access.state.as_str(),
            role: view.clone().filter(|_| !pending),
            pending_role: view.filter(|_| pending),
            seat: access.seat,
            managed_by: reply.subject.managed_by,
        }
    }
}

/// A user by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
#[serde(rename_all = "camelCase")]
pub(crate) struct One {
    #[serde(flatten)]
    item: Item,
    #[schema(required = true)]
    external_id: Option<String>,
    #[schema(required = true)]
    display_name: Option<String>,
    groups: Vec<GroupView>,
    #[serde(rename = "created_at")]
    created: String,
    #[serde(rename = "modified_at")]
    modified: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = GroupOfUser)]
pub(crate) struct GroupView {
    id: String,
    name: String,
}

/// A user made by hand.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewUser, example = json!({"userName": "ada@example.com", "email": "ada@example.com", "name": {"givenName": "Ada", "familyName": "Lovelace"}}))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Body {
    user_name: Option<String>,
    email: Option<String>,
    external_id: Option<String>,
    display_name: Option<String>,
    #[serde(default)]
    name: Name,
    active: Option<bool>,
}

#[derive(Default, Deserialize, Serialize, ToSchema)]
#[schema(as = UserName)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Name {
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted: Option<String>,
    #[serde(rename = "familyName", skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    #[serde(rename = "givenName", skip_serializing_if = "Option::is_none")]
    given: Option<String>,
}

/// GET `/orgs/{org}/users`: all, or those who are all that the parameters ask for.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let after = cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?.map(UserId);
    let query = FindUsers {
        whom: whom(&call.query)?,
        after,
        limit,
    };
    let stored = query.from_stored();
    let work = call.work(Lock::Read, move |tx| users::find(tx, &query))?;
    // A replica may not have what everybody's access was just brought up to.
    let work = work.lagging(call.lags && !stored);
    let org = call.org()?.clone();
    let text = call.state.hop.blocking(move |app| {
        if stored {
            // Found by stored access; nobody may be missing who came to it just now.
            worker::drain_org(app, org.id, worker::READERS_HELP)?;
        }
        let page = work.wait(&*app.store)?;
        let view = |reply| Item::new(app, &org, reply);
        let items: Vec<Item> = page.users.iter().map(view).collect();
        let next_cursor = page.next.map(|last| cursor::after(last.0.as_bytes()));
        Ok(to_json(&List { items, next_cursor }))
    });
    Ok(reply::text(text.await?))
}

fn whom(query: &Query) -> Result<Whom> {
    let text = |name: &str| match query.get(name) {
        Some("") => Err(Error::parameter(name, "Must not be empty.")),
        text => Ok(text.map(str::to_owned)),
    };
    Ok(Whom {
        user_name: text("userName")?,
        email: text("email")?,
        group: text("group")?,
        role: text("role")?,
        state: input::word(query, "state")?,
        workspace: text("workspace")?,
        project: text("project")?,
        managed_by: input::word(query, "managed_by")?,
    })
}

/// GET `/orgs/{org}/users/{id}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let id = call.user(0)?;
    let work = call.work(Lock::Read, move |tx| look(tx, id))?;
    let (user, access) = call.state.hop.quick(work).await?;
    let view = one(&call.state.app, call.org()?, &user, &access)?;
    Ok(tag::tagged(user.row.version, &view))
}

/// POST `/orgs/{org}/users`: by hand; the identity provider manages the user from its first write
/// on (D10).
pub(crate) async fn create(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let org = call.org()?;
    let by_email = org.connection.unique_identifier == UniqueIdentifier::Email;
    let document = document(input::body(body)?, by_email)?;
    let read = scim::resource::read(&Registry::core(), Kind::User, Mode::Strict, document)?;
    let (resource, _) = read.for_create();
    let command = NewUser {
        id: UserId(Uuid::now_v7()),
        change: call.change(),
        resource,
    };
    let lock = if by_email {
        Lock::Exclusive
    } else {
        Lock::Shared
    };
    let made = once::create(call, lock, body, move |tx, app, org| {
        users::create(tx, &command)?;
        let (user, access) = look(tx, command.id)?;
        let path = format!("/orgs/{}/users/{}", org.slug, user.row.id);
        Ok(once::made(
            path,
            user.row.version,
            &one(app, org, &user, &access)?,
        ))
    });
    made.await
}

/// The SCIM document of a user made by hand; where e-mails tell users apart, it is the `userName`
/// too (D6).
fn document(body: Body, by_email: bool) -> Result<Value> {
    if by_email && body.email.is_none() {
        let detail = "Is required: this organization tells its users apart by e-mail.";
        return Err(Error::field("email", detail));
    }
    let user_name = if by_email {
        body.user_name.or_else(|| body.email.clone())
    } else {
        body.user_name
    };
    let user_name = user_name.ok_or_else(|| Error::field("userName", "Is required."))?;
    let mut document = json!({
        "schemas": [Kind::User.core_urn()],
        "userName": user_name,
        "active": body.active.unwrap_or(true),
    });
    let optional = [
        ("externalId", body.external_id),
        ("displayName", body.display_name),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            document[name] = text.into();
        }
    }
    if let Some(email) = body.email {
        document["emails"] = json!([{ "value": email, "type": "work", "primary": true }]);
    }
    let name = json!(body.name);
    if name.as_object().is_some_and(|name| !name.is_empty()) {
        document["name"] = name;
    }
    Ok(document)
}

/// DELETE `/orgs/{org}/users/{id}`: as the identity provider's (D1).
pub(crate) async fn remove(call: &Call<'_>) -> Result<HttpResponse> {
    let command = DeleteUser {
        id: call.user(0)?,
        change: call.change(),
        conditions: tag::preconditions(call)?,
    };
    let work = call.work(Lock::Exclusive, move |tx| users::delete(tx, &command))?;
    call.state.hop.run(work).await?;
    call.state.app.nudge.raise();
    Ok(HttpResponse::NoContent().finish())
}

fn look(tx: &mut dyn Tx, id: UserId) -> Result<(UserReply, AccessReply)> {
    Ok((users::read(tx, id)?, access::read(tx, id)?))
}

fn one(app: &App, org: &OrgSettings, user: &UserReply, access: &AccessReply) -> Result<One> {
    let resource = representation::resource(Kind::User, &user.row.document)?;
    let group = |group: &app::port::groups::GroupRef| GroupView {
        id: group.id.to_string(),
        name: group.display_name.clone(),
    };
    Ok(One {
        item: Item::new(app, org, access),
        external_id: resource.external_id().map(str::to_owned),
        display_name: resource.display_name().map(str::to_owned),
        groups: user.groups.iter().map(group).collect(),
        created: time(user.row.created),
        modified: time(user.row.modified),
    })
}
