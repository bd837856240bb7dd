//! What the server can do and knows (RFC 7644 section 4). Needs a key like everything else.

use actix_web::HttpResponse;
use app::Error;
use scim::discovery::{Discovery, Features};

use super::{Context, routes::Endpoint};
use crate::{refusal::Refusal, template::decode};

/// What this server has built; `/Roles` is told only where the organization wants it. Cursors hold no data and do not expire.
const FEATURES: Features = Features {
    bulk: true,
    sort: true,
    cursors: true,
    cursor_timeout: None,
    roles: false,
    interop_profile: false,
};

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
    let discovery = Discovery {
        base: context.links.base(),
        registry: &context.registry,
        features: Features {
            roles: context.org.facts.policies.advertise_roles,
            interop_profile: context.mode.conforms(),
            ..FEATURES
        },
    };
    let name = decode(name).unwrap_or_default();
    let found = match endpoint {
        Endpoint::Config => Some(discovery.service_provider_config()),
        Endpoint::Types => Some(discovery.resource_types()),
        Endpoint::Type => discovery.resource_type(&name),
        Endpoint::Schemas => Some(discovery.schemas()),
        Endpoint::Schema => discovery.schema(&name),
        Endpoint::List(_)
        | Endpoint::Bulk
        | Endpoint::Roles
        | Endpoint::SearchRoles
        | Endpoint::Role
        | Endpoint::Search(_)
        | Endpoint::Root
        | Endpoint::One(_)
        | Endpoint::NotBuilt => None,
    };
    let found = found.ok_or_else(|| Error::not_found("resource type or schema"))?;
    Ok(HttpResponse::Ok()
        .content_type(context.media)
        .body(found.to_string()))
}
