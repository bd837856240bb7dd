//! Organizations: what an owner makes and removes.

use actix_web::{
    HttpResponse,
    http::header::{HeaderValue, LOCATION},
};
use app::{
    Result,
    orgs::{self, NewOrg},
    port::org::OrgSettings,
};
use serde::Serialize;

use super::{
    call::Call,
    cursor, input,
    reply::{self, List},
};
use crate::plane::API;

#[derive(Serialize)]
struct OrgView {
    slug: String,
    name: String,
    preset: &'static str,
}

impl OrgView {
    fn new(org: &OrgSettings) -> OrgView {
        OrgView {
            slug: org.slug.to_string(),
            name: org.name.clone(),
            preset: org.preset.as_str(),
        }
    }
}

/// GET `/orgs`, by slug.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = usize::try_from(input::limit(&call.query)?).unwrap_or(usize::MAX);
    let after = cursor::read(&call.query, |item| String::from_utf8(item.to_vec()).ok())?;
    let orgs = call
        .state
        .hop
        .blocking(|app| Ok(app.store.instance().orgs()?))
        .await?;
    let mut rest = orgs
        .iter()
        .filter(|org| {
            after
                .as_deref()
                .is_none_or(|after| org.slug.as_str() > after)
        })
        .peekable();
    let items: Vec<OrgView> = rest.by_ref().take(limit).map(OrgView::new).collect();
    let more = rest.peek().is_some();
    let next_cursor = items
        .last()
        .filter(|_| more)
        .map(|last| cursor::after(last.slug.as_bytes()));
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

/// POST `/orgs`.
pub(crate) async fn create(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let new: NewOrg = input::body(body)?;
    let org = call
        .state
        .hop
        .blocking(move |app| orgs::create(app, &new))
        .await?;
    let mut response = HttpResponse::Created();
    let location = format!("{}{API}/orgs/{}", call.state.base, org.slug);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.insert_header((LOCATION, location));
    }
    Ok(reply::json(&mut response, &OrgView::new(&org)))
}

/// GET `/orgs/{org}`.
pub(crate) fn read(call: &Call<'_>) -> Result<HttpResponse> {
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &OrgView::new(call.org()?),
    ))
}

/// DELETE `/orgs/{org}`: with everything in it.
pub(crate) async fn delete(call: &Call<'_>) -> Result<HttpResponse> {
    let org = call.org()?.clone();
    call.state
        .hop
        .blocking(move |app| orgs::delete(app, &org))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
