//! From bytes and parameters to commands; the work is the engine's.

use actix_web::web::Bytes;
use app::{Error, Result};
use scim::{Incoming, Kind, Patch, Projection, Query};
use serde_json::Value;
use uuid::Uuid;

use super::Context;

/// A resource's id in a path, which is written in exactly one way.
///
/// # Errors
/// 404 for everything that is no id of ours, the same as for an id that is not there.
pub(crate) fn id(name: &str, kind: Kind) -> Result<Uuid> {
    Uuid::try_parse(name)
        .ok()
        .filter(|id| id.to_string() == name)
        .ok_or_else(|| not_found(kind))
}

/// The refusal of the use cases, for an id that cannot be one.
fn not_found(kind: Kind) -> Error {
    Error::not_found(match kind {
        Kind::User => "user",
        Kind::Group => "group",
    })
}

/// Which attributes the answer has.
///
/// # Errors
/// 400, as [`Projection::parse`].
pub(crate) fn projection(context: &Context<'_>, kind: Kind) -> Result<Projection> {
    let query = &context.query;
    let (only, without) = (query.get("attributes"), query.get("excludedAttributes"));
    Ok(Projection::parse(
        &context.registry,
        kind,
        context.mode,
        only,
        without,
    )?)
}

/// The parameters of a list.
///
/// # Errors
/// 400 for one that is sent twice, where only one can be meant; as [`Query::from_parameters`].
pub(crate) fn query(context: &Context<'_>) -> Result<Query> {
    let single = [
        "filter",
        "sortBy",
        "sortOrder",
        "startIndex",
        "count",
        "cursor",
    ];
    if let Some(name) = single.iter().find(|name| context.query.repeats(name)) {
        let detail = format!("{name} is sent more than once; send it once");
        return Err(scim::Error::invalid_value(detail).into());
    }
    Ok(Query::from_parameters(|name| context.query.get(name))?)
}

/// Whether the client asks for certain attributes at all.
pub(crate) fn asks_for_attributes(context: &Context<'_>) -> bool {
    let given = |name| {
        context
            .query
            .get(name)
            .is_some_and(|list| !list.trim().is_empty())
    };
    given("attributes") || given("excludedAttributes")
}

/// The body of a `.search`.
///
/// # Errors
/// 400 and 413, as [`Query::from_body`].
pub(crate) async fn search(context: &Context<'_>, body: Bytes) -> Result<Query> {
    let (mode, size) = (context.mode, body.len());
    let read = move || Ok(Query::from_body(mode, scim::json::parse(&body)?)?);
    context.state.hop.compute(size, read).await
}

/// What is to be read as a resource or a PATCH.
pub(crate) enum Input {
    /// The body of a request.
    Text(Bytes),
    /// A part of one that is parsed already, and how many bytes that one has.
    Value { value: Value, size: usize },
}

impl Input {
    fn size(&self) -> usize {
        match self {
            Input::Text(bytes) => bytes.len(),
            Input::Value { size, .. } => *size,
        }
    }

    fn parse(self) -> Result<Value> {
        match self {
            Input::Text(bytes) => Ok(scim::json::parse(&bytes)?),
            Input::Value { value, .. } => Ok(value),
        }
    }
}

/// The body of a POST or PUT.
///
/// # Errors
/// 400 and 413, as [`scim::resource::read`].
pub(crate) async fn resource(context: &Context<'_>, kind: Kind, body: Input) -> Result<Incoming> {
    let (registry, mode) = (context.registry.clone(), context.mode);
    let size = body.size();
    let read = move || Ok(scim::resource::read(&registry, kind, mode, body.parse()?)?);
    context.state.hop.compute(size, read).await
}

/// The body of a PATCH.
///
/// # Errors
/// 400 and 413, as [`Patch::parse`].
pub(crate) async fn patch(context: &Context<'_>, kind: Kind, body: Input) -> Result<Patch> {
    let (registry, mode) = (context.registry.clone(), context.mode);
    let size = body.size();
    let read = move || Ok(Patch::parse(&registry, kind, mode, body.parse()?)?);
    context.state.hop.compute(size, read).await
}
