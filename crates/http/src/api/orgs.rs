//! Organizations: what an owner makes and removes.

use actix_web::HttpResponse;
use app::{
    Result,
    orgs::{self, NewOrg},
    port::org::OrgSettings,
};
use serde::Serialize;

use super::{call::Call, input, paging::ByName, reply};

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
    let page = ByName::read(&call.query)?;
    let orgs = call
        .state
        .hop
        .blocking(|app| Ok(app.store.instance().orgs()?))
        .await?;
    let list = page.cut(orgs.iter(), |org| org.slug.as_str(), OrgView::new);
    Ok(reply::json(&mut HttpResponse::Ok(), &list))
}

/// POST `/orgs`.
pub(crate) async fn create(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let new: NewOrg = input::body(body)?;
    let change = call.change();
    let org = call
        .state
        .hop
        .blocking(move |app| orgs::create(app, &new, &change))
        .await?;
    let path = format!("/orgs/{}", org.slug);
    Ok(reply::created(&call.state.base, &path, &OrgView::new(&org)))
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
    let (org, change) = (call.org()?.clone(), call.change());
    call.state
        .hop
        .blocking(move |app| orgs::delete(app, &org, &change))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
