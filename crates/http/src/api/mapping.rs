//! The mapping document: which group means which role.

use actix_web::{HttpResponse, web::Bytes};
use app::{
    Result,
    mapping::{self, MappingReply, PutMapping},
    port::Lock,
};
use domain::{Mapping, RuleId};
use uuid::Uuid;

use super::{call::Call, input, tag};

/// GET `/orgs/{org}/mapping`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let work = call.work(Lock::Read, |tx| mapping::read(tx))?;
    Ok(answer(&call.state.hop.run(work).await?))
}

/// PUT `/orgs/{org}/mapping`: the whole document.
pub(crate) async fn put(call: &Call<'_>, body: Bytes) -> Result<HttpResponse> {
    let size = body.len();
    let document: Mapping = call
        .state
        .hop
        .compute(size, move || input::body(&body))
        .await?;
    let rules = document.organization.len() + document.workspaces.len() + document.projects.len();
    let command = PutMapping {
        ids: (0..rules).map(|_| RuleId(Uuid::now_v7())).collect(),
        document,
        if_version: tag::seen(call)?,
        change: call.change(),
    };
    let work = call.work(Lock::Exclusive, move |tx| mapping::replace(tx, &command))?;
    let reply = call.state.hop.run(work).await?;
    call.state.app.settings_changed(call.org()?);
    Ok(answer(&reply))
}

fn answer(reply: &MappingReply) -> HttpResponse {
    tag::tagged(reply.version, &reply.document)
}
