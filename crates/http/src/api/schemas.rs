//! Extension schemas of an organization, in the JSON form of `/Schemas` (RFC 7643 section 7).

use actix_web::HttpResponse;
use app::{
    Error, Result,
    port::{Lock, schemas::SchemaRow},
    schemas::{self, DeleteSchema, PutSchema},
};
use scim::{Kind, Schema};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{call::Call, input, tag};
use crate::template::decode;

#[derive(Serialize)]
struct SchemaView<'a> {
    resource_type: &'static str,
    #[serde(flatten)]
    schema: &'a Schema,
}

impl<'a> From<&'a SchemaRow> for SchemaView<'a> {
    fn from(row: &'a SchemaRow) -> SchemaView<'a> {
        SchemaView {
            resource_type: row.kind.name(),
            schema: &row.schema,
        }
    }
}

#[derive(Serialize)]
struct SchemaList<'a> {
    schemas: Vec<SchemaView<'a>>,
}

/// GET `/orgs/{org}/schemas`.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let work = call.work(Lock::Read, schemas::list)?;
    let (version, rows) = call.state.hop.run(work).await?;
    let schemas = rows.iter().map(SchemaView::from).collect();
    Ok(tag::tagged(version, &SchemaList { schemas }))
}

/// GET `/orgs/{org}/schemas/{urn}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let urn = urn(call)?;
    let work = call.work(Lock::Read, move |tx| schemas::read(tx, &urn))?;
    let (version, row) = call.state.hop.run(work).await?;
    Ok(tag::tagged(version, &SchemaView::from(&row)))
}

/// PUT `/orgs/{org}/schemas/{urn}`.
pub(crate) async fn put(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let mut body: Map<String, Value> = input::body(body)?;
    let command = PutSchema {
        kind: resource_type(body.shift_remove("resource_type"))?,
        urn: urn(call)?,
        body: Value::Object(body),
        if_version: tag::seen(call)?,
        change: call.change(),
    };
    let work = call.work(Lock::Exclusive, move |tx| schemas::put(tx, &command))?;
    let reply = call.state.hop.run(work).await?;
    call.state.app.settings_changed(&reply.org);
    let (version, view) = (reply.org.schemas_version, SchemaView::from(&reply.row));
    Ok(if reply.created {
        tag::created(version, &view)
    } else {
        tag::tagged(version, &view)
    })
}

/// DELETE `/orgs/{org}/schemas/{urn}`. Much data goes in several units of work, no thread being
/// held between them; what is cut off is taken up by the next request.
pub(crate) async fn remove(call: &Call<'_>) -> Result<HttpResponse> {
    let command = DeleteSchema {
        urn: urn(call)?,
        force: input::flag(&call.query, "force")?,
        if_version: tag::seen(call)?,
        change: call.change(),
    };
    loop {
        let command = command.clone();
        let work = call.work(Lock::Exclusive, move |tx| schemas::delete(tx, &command))?;
        if call.state.hop.run(work).await? {
            call.state.app.settings_changed(call.org()?);
            return Ok(HttpResponse::NoContent().finish());
        }
    }
}

fn urn(call: &Call<'_>) -> Result<String> {
    decode(call.name(0)).ok_or_else(|| Error::not_found("schema"))
}

/// `User` where it is left out.
fn resource_type(value: Option<Value>) -> Result<Kind> {
    let Some(value) = value else {
        return Ok(Kind::User);
    };
    Kind::ALL
        .into_iter()
        .find(|kind| value == kind.name())
        .ok_or_else(|| Error::field("resource_type", "Must be User or Group."))
}
