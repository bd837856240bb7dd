//! The role catalog, highest first.

use actix_web::HttpResponse;
use app::{
    Result,
    orgs::{PutRoles, put_roles},
    port::{Lock, org::OrgSettings},
};
use domain::{Catalog, Role};
use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use super::{call::Call, input, openapi::RoleDocument, settings, tag};

/// The whole catalog, highest first.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Roles, example = json!({"roles": [
    {"key": "owner", "name": "Owner", "sees_all_workspaces": true, "mappable": false, "protected": true},
    {"key": "admin", "name": "Admin", "sees_all_workspaces": true},
    {"key": "member", "name": "Member", "project_assignable": true},
]}))]
pub(crate) struct Document {
    #[schema(value_type = Vec<RoleDocument>)]
    roles: Vec<Role>,
}

/// GET `/orgs/{org}/roles`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    Ok(answer(&settings::current(call).await?))
}

/// PUT `/orgs/{org}/roles`.
pub(crate) async fn put(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let body: Document = input::body(body)?;
    let command = PutRoles {
        catalog: catalog(body.roles)?,
        if_version: tag::seen(call)?,
        if_plan: tag::plan(call)?,
        change: call.change(),
    };
    let work = call.work(Lock::Exclusive, move |tx| put_roles(tx, &command))?;
    let org = call.state.hop.run(work).await?;
    call.state.app.settings_changed(&org);
    Ok(answer(&org))
}

pub(super) fn catalog(roles: Vec<Role>) -> Result<Catalog> {
    Catalog::new(roles).map_err(|error| input::domain_fault(&error.to_string()))
}

fn answer(org: &OrgSettings) -> HttpResponse {
    tag::tagged(
        org.version,
        &Document {
            roles: org.facts.catalog.roles().to_vec(),
        },
    )
}
