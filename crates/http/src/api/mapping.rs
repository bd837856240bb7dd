//! The mapping document: which group means which role. And what another mapping, catalog or other
//! policies would do.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web::Bytes};
use app::{
    Error, Result,
    error::Code,
    mapping::{self, MappingReply, PutMapping},
    port::Lock,
    preview::{self, Proposal},
};
use domain::{Mapping, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    call::Call,
    input,
    openapi::{MappingDocument, RoleDocument},
    reply, roles, tag,
};
use crate::refusal::to_json;

/// The body of a preview: exactly one of them.
#[derive(Deserialize, ToSchema)]
#[schema(as = Proposal, example = json!({"policies": {"nested_groups": "on"}}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Proposed {
    #[schema(value_type = Option<MappingDocument>)]
    mapping: Option<Mapping>,
    #[schema(value_type = Option<Vec<RoleDocument>>)]
    roles: Option<Vec<Role>>,
    policies: Option<BTreeMap<String, Option<String>>>,
}

impl Proposed {
    fn proposal(self) -> Result<Proposal> {
        match (self.mapping, self.roles, self.policies) {
            (Some(mapping), None, None) => Ok(Proposal::Mapping(mapping)),
            (None, Some(list), None) => Ok(Proposal::Catalog(roles::catalog(list)?)),
            (None, None, Some(policies)) => Ok(Proposal::Policies(policies)),
            _ => Err(Error::field(
                "body",
                "Must have exactly one of mapping, roles and policies.",
            )),
        }
    }
}

/// GET `/orgs/{org}/mapping`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let work = call.work(Lock::Read, |tx| mapping::read(tx))?;
    Ok(answer(&call.state.hop.run(work).await?))
}

/// PUT `/orgs/{org}/mapping`: the whole document. With `dry_run=true` nothing is changed and the
/// answer is the plan.
pub(crate) async fn put(call: &Call<'_>, body: Bytes) -> Result<HttpResponse> {
    let dry_run = input::flag(&call.query, "dry_run")?;
    let if_version = tag::seen(call)?;
    let if_plan = tag::plan(call)?;
    let size = body.len();
    let document: Mapping = call
        .state
        .hop
        .compute(size, move || input::body(&body))
        .await?;
    if dry_run {
        return plan(call, Proposal::Mapping(document), if_version).await;
    }
    let command = PutMapping {
        if_version,
        if_plan,
        ..PutMapping::new(document, call.change())
    };
    let work = call.work(Lock::Exclusive, move |tx| mapping::replace(tx, &command))?;
    let reply = call.state.hop.run(work).await?;
    call.state.app.settings_changed(call.org()?);
    Ok(answer(&reply))
}

/// POST `/orgs/{org}/mapping/preview`.
pub(crate) async fn preview(call: &Call<'_>, body: Bytes) -> Result<HttpResponse> {
    let size = body.len();
    let read = move || input::body::<Proposed>(&body)?.proposal();
    let proposal = call.state.hop.compute(size, read).await?;
    plan(call, proposal, None).await
}

async fn plan(
    call: &Call<'_>,
    proposal: Proposal,
    if_version: Option<i64>,
) -> Result<HttpResponse> {
    let at = call.state.app.clock.now();
    let work = call.work(Lock::Read, move |tx| {
        let version = tx.settings()?.mapping_version;
        if if_version.is_some_and(|seen| seen != version) {
            let detail = "The mapping was changed since you read it; read it again.";
            return Err(Error::new(Code::PreconditionFailed, detail));
        }
        preview::preview(tx, &proposal, at)
    })?;
    let text = call
        .state
        .hop
        .blocking(move |app| Ok(to_json(&work.wait(&*app.store)?)));
    Ok(reply::text(text.await?))
}

fn answer(reply: &MappingReply) -> HttpResponse {
    tag::tagged(reply.version, &reply.document)
}
