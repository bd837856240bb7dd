//! Organizations: what an owner makes and removes.

use actix_web::HttpResponse;
use app::{
    Result,
    idempotency::Once,
    orgs::{self, NewOrg, RenameOrg},
    port::{Lock, answers::Answer, org::OrgSettings},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{call::Call, input, once, paging::ByName, reply, settings, tag};

#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
pub(crate) struct OrgView {
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

/// What may be changed; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = RenameOrganization, example = json!({"name": "Acme, Inc."}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    name: Option<String>,
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
    let (retry, change) = (once::retry(call, body)?, call.change());
    let made = call.state.hop.blocking(move |app| match &retry {
        Some(retry) => orgs::create_once(app, &new, &change, retry, rendered),
        None => Ok(Once::Made(rendered(&*orgs::create(app, &new, &change)?))),
    });
    Ok(once::answer(call, made.await?))
}

fn rendered(org: &OrgSettings) -> Answer {
    let path = format!("/orgs/{}", org.slug);
    once::made(path, org.version, &OrgView::new(org))
}

/// GET `/orgs/{org}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let org = settings::current(call).await?;
    Ok(tag::tagged(org.version, &OrgView::new(&org)))
}

/// PATCH `/orgs/{org}`: another name for people.
pub(crate) async fn rename(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let Rename { name } = input::body(body)?;
    let command = RenameOrg {
        name,
        if_version: tag::seen(call)?,
        change: call.change(),
    };
    let work = call.work(Lock::Exclusive, move |tx| orgs::rename(tx, &command))?;
    let org = call.state.hop.run(work).await?;
    call.state.app.settings_changed(&org);
    Ok(tag::tagged(org.version, &OrgView::new(&org)))
}

/// DELETE `/orgs/{org}`: with everything in it.
pub(crate) async fn delete(call: &Call<'_>) -> Result<HttpResponse> {
    let (org, change) = (call.org()?.clone(), call.change());
    let seen = tag::seen(call)?;
    call.state
        .hop
        .changing(org.id, move |app| orgs::delete(app, &org, seen, &change))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
