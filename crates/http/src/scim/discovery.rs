//! What the server can do and knows (RFC 7644 section 4). Needs a key like everything else.

use actix_web::HttpResponse;
use app::Error;
use scim::discovery;

use super::{Context, routes::Endpoint};
use crate::{refusal::Refusal, template::decode};

/// Answers a discovery endpoint; `name` is what the path ends in.
pub(crate) fn answer(
    context: &Context<'_>,
    endpoint: Endpoint,
    name: &str,
) -> Result<HttpResponse, Refusal> {
    // Section 4: a filter here is refused, so that no client takes the answer for a filtered one.
    if context.query.get("filter").is_some() {
        let detail = "Discovery endpoints cannot be filtered; leave the filter out.";
        return Err(scim::Error::forbidden(detail).into());
    }
    let (base, registry) = (context.links.base(), &context.state.registry);
    let name = decode(name).unwrap_or_default();
    let found = match endpoint {
        Endpoint::Config => Some(discovery::service_provider_config(base)),
        Endpoint::Types => Some(discovery::resource_types(base, registry)),
        Endpoint::Type => discovery::resource_type(base, registry, &name),
        Endpoint::Schemas => Some(discovery::schemas(base, registry)),
        Endpoint::Schema => discovery::schema(base, registry, &name),
        Endpoint::List(_) | Endpoint::One(_) | Endpoint::NotBuilt => None,
    };
    let found = found.ok_or_else(|| Error::not_found("resource type or schema"))?;
    Ok(HttpResponse::Ok()
        .content_type(context.media)
        .body(found.to_string()))
}
