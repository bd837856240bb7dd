//! API keys of an organization. A token is in the answer that made it and nowhere else.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    error::Code,
    keys::{self, EndedView, Ends, KeyView, NewKey, Rotation, USUAL_OVERLAP_DAYS},
    port::{
        Millis,
        hasher::Minted,
        keys::{KeyPlace, KeyRow},
    },
    representation::parse_time,
};
use domain::{address::Range, key::Kind};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    call::Call,
    cursor, input, once,
    reply::{self, List},
    tag,
};

#[derive(Deserialize, ToSchema)]
#[schema(as = NewKey, example = json!({"kind": "read", "name": "the app"}))]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "null and nothing differ")]
pub(crate) struct Body {
    /// `scim`, `admin` or `read`.
    #[schema(value_type = String)]
    kind: Kind,
    /// What people call it.
    #[serde(default)]
    name: String,
    /// Left out: after 365 days; null: never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    expires_at: Option<Option<String>>,
    /// Addresses and ranges from which it may be used, such as `203.0.113.0/24`; empty means from
    /// anywhere.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    allowed_from: Vec<Range>,
}

/// How a key is rotated.
#[derive(Deserialize, ToSchema)]
#[schema(as = RotateKey, example = json!({"overlap_days": 1}))]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "null and nothing differ")]
pub(crate) struct RotateBody {
    /// For how many days the old secret stays good, 0 to 7.
    #[serde(default = "usual_overlap")]
    overlap_days: u32,
    /// As in [`Body`]; left out, a key without an end stays without one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    expires_at: Option<Option<String>>,
    /// Rotates although the old secret of the rotation before was used since and would end early.
    #[serde(default)]
    force: bool,
}

fn usual_overlap() -> u32 {
    USUAL_OVERLAP_DAYS
}

/// Tells null from nothing.
#[expect(clippy::option_option, reason = "null and nothing differ")]
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(input).map(Some)
}

#[expect(clippy::option_option, reason = "null and nothing differ")]
fn ends(given: Option<Option<String>>) -> Result<Ends> {
    let text = match given {
        None => return Ok(Ends::Usual),
        Some(None) => return Ok(Ends::Never),
        Some(Some(text)) => text,
    };
    let detail = "Must be a time of RFC 3339 with its offset, such as 2027-01-31T12:00:00Z, or null \
                  for a key that never ends.";
    parse_time(&text)
        .map(Ends::At)
        .ok_or_else(|| Error::field("expires_at", detail))
}

/// A key just made or rotated, with its token.
#[derive(Serialize, ToSchema)]
#[schema(as = MintedKey)]
pub(crate) struct MintedView {
    #[serde(flatten)]
    key: KeyView,
    /// Told here and never again.
    token: String,
    /// The secret of the rotation before that was still good and ended with this one; left out where
    /// there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_secret: Option<EndedView>,
}

fn view(call: &Call<'_>, row: &KeyRow) -> KeyView {
    KeyView::new(row, call.state.app.clock.now())
}

fn with_token(call: &Call<'_>, row: &KeyRow, minted: Minted) -> MintedView {
    MintedView {
        key: view(call, row),
        token: minted.token,
        ended_secret: None,
    }
}

/// GET `/orgs/{org}/keys`: revoked ones too, oldest first.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let after = cursor::read(&call.query, place)?;
    let org = call.org()?.clone();
    let (rows, more) = call
        .state
        .hop
        .blocking(move |app| keys::list(app, Some(&org), after, limit))
        .await?;
    let last = rows.last().filter(|_| more);
    let page = List {
        next_cursor: last.map(|row| cursor_after(&row.place())),
        items: rows.iter().map(|row| view(call, row)).collect(),
    };
    Ok(reply::json(&mut HttpResponse::Ok(), &page))
}

fn cursor_after(place: &KeyPlace) -> String {
    let created = place.created.to_be_bytes();
    cursor::after(&[&created, place.id.as_bytes()].concat())
}

fn place(item: &[u8]) -> Option<KeyPlace> {
    let (created, id) = item.split_first_chunk()?;
    Some(KeyPlace {
        created: Millis::from_be_bytes(*created),
        id: String::from_utf8(id.to_vec()).ok()?,
    })
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
        ends: ends(body.expires_at)?,
        ranges: body.allowed_from,
    };
    let (org, change) = (call.org()?.clone(), call.change());
    let made = call
        .state
        .hop
        .changing(org.id, move |app| {
            keys::create(app, Some(&org), &new, &change)
        })
        .await?;
    let (row, minted) = made;
    let view = with_token(call, &row, minted);
    Ok(tag::created(keys::tag(&row), &view))
}

/// GET `/orgs/{org}/keys/{id}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let (org, id) = (call.org()?.clone(), call.name(0).to_owned());
    let row = call
        .state
        .hop
        .blocking(move |app| keys::read(app, Some(&org), &id))
        .await?;
    Ok(tag::tagged(keys::tag(&row), &view(call, &row)))
}

/// POST `/orgs/{org}/keys/{id}/rotate`.
pub(crate) async fn rotate(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    once::never(call)?;
    let body: RotateBody = input::optional(body)?;
    let rotation = Rotation {
        id: call.name(0).to_owned(),
        overlap_days: body.overlap_days,
        ends: ends(body.expires_at)?,
        force: body.force,
        seen: tag::condition(call)?,
    };
    let (org, change) = (call.org()?.clone(), call.change());
    let turned = call
        .state
        .hop
        .changing(org.id, move |app| {
            keys::rotate(app, Some(&org), &rotation, &change)
        })
        .await?;
    let view = MintedView {
        ended_secret: turned.ended.as_ref().map(EndedView::new),
        ..with_token(call, &turned.row, turned.minted)
    };
    Ok(tag::tagged(keys::tag(&turned.row), &view))
}

/// DELETE `/orgs/{org}/keys/{id}`.
pub(crate) async fn revoke(call: &Call<'_>) -> Result<HttpResponse> {
    let (org, id) = (call.org()?.clone(), call.name(0).to_owned());
    let (seen, change) = (tag::condition(call)?, call.change());
    call.state
        .hop
        .changing(org.id, move |app| {
            keys::revoke(app, Some(&org), &id, seen, &change)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
