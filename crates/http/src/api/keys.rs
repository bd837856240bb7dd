//! API keys of an organization. A token is in the answer that made it and nowhere else.

use actix_web::HttpResponse;
use app::{
    Actor, Error, Result,
    error::Code,
    keys::{self, NewKey},
    port::instance::KeyRow,
    representation::time,
};
use domain::key::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    call::Call,
    input, once,
    reply::{self, List},
};

#[derive(Deserialize, ToSchema)]
#[schema(as = NewKey, example = json!({"kind": "read", "name": "the app"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// `scim`, `admin` or `read`.
    #[schema(value_type = String)]
    kind: Kind,
    /// What people call it.
    #[serde(default)]
    name: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub(crate) struct KeyView {
    id: String,
    /// Only where the key was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// `scim`, `admin` or `read`.
    #[schema(value_type = String)]
    kind: Kind,
    name: String,
    made_by: String,
    created_at: String,
    #[schema(required = true)]
    expires_at: Option<String>,
    #[schema(required = true)]
    revoked_at: Option<String>,
}

impl KeyView {
    fn new(row: &KeyRow, token: Option<String>) -> KeyView {
        KeyView {
            id: row.id.clone(),
            token,
            kind: row.kind,
            name: row.name.clone(),
            made_by: row.made_by.clone(),
            created_at: time(row.created),
            expires_at: row.expires.map(time),
            revoked_at: row.revoked.map(time),
        }
    }
}

/// GET `/orgs/{org}/keys`: all of them, revoked ones too, oldest first.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let org = call.org()?.clone();
    let rows = call
        .state
        .hop
        .blocking(move |app| keys::list(app, Some(&org)))
        .await?;
    let items: Vec<KeyView> = rows.iter().map(|row| KeyView::new(row, None)).collect();
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List {
            items,
            next_cursor: None,
        },
    ))
}

/// POST `/orgs/{org}/keys`.
pub(crate) async fn create(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    once::never(call)?;
    let body: Body = input::body(body)?;
    if body.kind == Kind::Owner {
        // A key never makes a wider one.
        let detail = "Owner keys are made on the machine: rolecall key create --kind owner.";
        return Err(Error::new(Code::WrongKind, detail));
    }
    let new = NewKey {
        kind: body.kind,
        name: body.name,
        by: Actor::Key(call.caller.key.clone()),
    };
    let org = call.org()?.clone();
    let (row, minted) = call
        .state
        .hop
        .blocking(move |app| keys::create(app, Some(&org), &new))
        .await?;
    Ok(reply::json(
        &mut HttpResponse::Created(),
        &KeyView::new(&row, Some(minted.token)),
    ))
}

/// DELETE `/orgs/{org}/keys/{id}`.
pub(crate) async fn revoke(call: &Call<'_>) -> Result<HttpResponse> {
    let (org, id) = (call.org()?.clone(), call.name(0).to_owned());
    call.state
        .hop
        .blocking(move |app| keys::revoke(app, Some(&org), &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
