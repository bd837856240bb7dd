//! Connection, policies and seat limit. The answer also tells the base URLs to paste into the
//! identity provider (D21).

use actix_web::HttpResponse;
use app::{
    Result,
    orgs::{PatchSettings, SettingsView, patch_settings},
    port::{Lock, org::OrgSettings},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{call::Call, input, openapi::SettingsDocument, tag};

#[derive(Serialize, ToSchema)]
#[schema(as = Settings)]
pub(crate) struct Answer {
    #[serde(flatten)]
    #[schema(value_type = SettingsDocument)]
    settings: SettingsView,
    scim_base_urls: Vec<String>,
}

/// GET `/orgs/{org}/settings`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    Ok(answer(call, &current(call).await?))
}

/// PATCH `/orgs/{org}/settings`.
pub(crate) async fn patch(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let command = PatchSettings {
        patch: input::body(body)?,
        if_version: tag::seen(call)?,
        if_plan: tag::plan(call)?,
        change: call.change(),
    };
    let work = call.work(Lock::Exclusive, move |tx| patch_settings(tx, &command))?;
    let org = call.state.hop.run(work).await?;
    call.state.app.settings_changed(&org);
    Ok(answer(call, &org))
}

/// The settings as they are now: what is changed next must not start from something old.
pub(super) async fn current(call: &Call<'_>) -> Result<OrgSettings> {
    let work = call.work(Lock::Read, |tx| Ok(OrgSettings::clone(&*tx.settings()?)))?;
    call.state.hop.quick(work).await
}

fn answer(call: &Call<'_>, org: &OrgSettings) -> HttpResponse {
    let body = Answer {
        settings: SettingsView::new(org),
        scim_base_urls: call.state.scim_base_urls(org.slug.as_str()),
    };
    tag::tagged(org.version, &body)
}
