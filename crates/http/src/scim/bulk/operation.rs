//! One operation, run as a request of its own would be.

use actix_web::http::StatusCode;
use app::list::Entry;
use scim::{
    Kind,
    bulk::{Method, Operation, Outcome, Resolved},
    etag::Preconditions,
};
use serde_json::Value;

use crate::{
    refusal::Refusal,
    scim::{
        Context,
        input::{self, Input},
        render, resource,
        write::{self, Named},
    },
};

/// An operation that succeeded.
pub(super) struct Done {
    pub outcome: Outcome,
    /// The id of the resource that it made.
    pub created: Option<String>,
}

/// Runs an operation whose references are replaced; `size` is that of the whole message.
///
/// # Errors
/// Whatever a request of its own would be refused with, in the same order.
pub(super) async fn run(
    context: &Context<'_>,
    operation: &Operation,
    resolved: Resolved,
    size: usize,
) -> Result<Done, Refusal> {
    let kind = operation.kind;
    let name = resolved.id.as_deref().unwrap_or_default();
    let input = Input::Value {
        value: resolved.data.unwrap_or_default(),
        size,
    };
    let conditions = Ok(operation.preconditions.clone());
    let (status, entry) = match operation.method {
        Method::Post => {
            let body = input::resource(context, kind, input).await?;
            let entry = write::create(context, body, false).await?;
            (StatusCode::CREATED, entry)
        }
        Method::Put => {
            let named = Named::new(kind, name)?;
            let body = input::resource(context, kind, input).await;
            let (target, body) = named.ready(context, conditions, body).await?;
            let entry = write::put(context, target, body, false).await?;
            (StatusCode::OK, entry)
        }
        Method::Patch => {
            let status = resource::patched(kind, false);
            (
                status,
                patch(context, kind, name, operation.preconditions.clone(), input).await?,
            )
        }
        Method::Delete => {
            let named = Named::new(kind, name)?;
            let location = context.links.of(kind, named.id);
            let (target, ()) = named.ready(context, conditions, Ok(())).await?;
            write::delete(context, target).await?;
            let status = StatusCode::NO_CONTENT.as_u16();
            return Ok(Done {
                outcome: Outcome::done(status, location, None),
                created: None,
            });
        }
    };
    let id = render::id(&entry);
    let version = render::tag(&entry).to_string();
    let location = context.links.of(kind, id);
    Ok(Done {
        outcome: Outcome::done(status.as_u16(), location, Some(version)),
        created: (operation.method == Method::Post).then(|| id.to_string()),
    })
}

/// Adds to a new resource what its creation had to leave out; answers its version.
///
/// # Errors
/// Whatever a PATCH would be refused with.
pub(super) async fn complete(
    context: &Context<'_>,
    kind: Kind,
    name: &str,
    body: Value,
    size: usize,
) -> Result<Option<String>, Refusal> {
    let input = Input::Value { value: body, size };
    let entry = patch(context, kind, name, Preconditions::default(), input).await?;
    Ok(Some(render::tag(&entry).to_string()))
}

async fn patch(
    context: &Context<'_>,
    kind: Kind,
    name: &str,
    conditions: Preconditions,
    input: Input,
) -> Result<Entry, Refusal> {
    let named = Named::new(kind, name)?;
    let body = input::patch(context, kind, input).await;
    let (target, body) = named.ready(context, Ok(conditions), body).await?;
    let status = resource::patched(kind, false);
    Ok(write::patch(context, target, body, status, false).await?)
}
