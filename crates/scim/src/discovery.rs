//! What the server can do and knows: ServiceProviderConfig, ResourceTypes, Schemas (RFC 7643
//! sections 5 to 7, RFC 7644 section 4).
//!
//! `base` is the URL of the mount, without a slash at the end.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::list::list_response;
use crate::registry::Registry;
use crate::schema::{Kind, Schema};
use crate::window::MAX_COUNT;

/// URI of the ServiceProviderConfig schema.
pub const CONFIG_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
/// URI of the ResourceType schema.
pub const RESOURCE_TYPE_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
/// URI of the Schema schema.
pub const SCHEMA_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// What the server can do today. Members are exactly those of RFC 7643, since clients such as
/// authentik parse strictly and take every integer for granted, also of what is not supported.
pub fn service_provider_config(base: &str) -> Value {
    json!({
        "schemas": [CONFIG_URN],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": MAX_COUNT },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "An API key of the organization in the Authorization header",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        },
    })
}

/// The list at `/ResourceTypes`.
pub fn resource_types(base: &str, registry: &Registry) -> Value {
    list(
        Kind::ALL
            .into_iter()
            .map(|kind| describe_kind(base, registry, kind))
            .collect(),
    )
}

/// One of `/ResourceTypes/{name}`; `None` for a name that there is not.
pub fn resource_type(base: &str, registry: &Registry, name: &str) -> Option<Value> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    Some(describe_kind(base, registry, kind))
}

/// The list at `/Schemas`.
pub fn schemas(base: &str, registry: &Registry) -> Value {
    list(
        registry
            .schemas()
            .map(|schema| describe_schema(base, schema))
            .collect(),
    )
}

/// One of `/Schemas/{urn}`, whose case is ignored; `None` for a URI that there is not.
pub fn schema(base: &str, registry: &Registry, urn: &str) -> Option<Value> {
    registry
        .schema(urn)
        .map(|schema| describe_schema(base, schema))
}

fn describe_kind(base: &str, registry: &Registry, kind: Kind) -> Value {
    let extensions: Vec<Value> = registry
        .extensions(kind)
        .map(|schema| json!({ "schema": schema.id, "required": false }))
        .collect();
    let name = kind.name();
    let mut body = json!({
        "schemas": [RESOURCE_TYPE_URN],
        "id": name,
        "name": name,
        "description": registry.core_schema(kind).description,
        "endpoint": kind.endpoint(),
        "schema": kind.core_urn(),
    });
    if !extensions.is_empty() {
        body["schemaExtensions"] = Value::Array(extensions);
    }
    body["meta"] = json!({
        "resourceType": "ResourceType",
        "location": format!("{base}/ResourceTypes/{name}"),
    });
    body
}

fn describe_schema(base: &str, schema: &Schema) -> Value {
    json!({
        "schemas": [SCHEMA_URN],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": schema.attributes,
        "meta": {
            "resourceType": "Schema",
            "location": format!("{base}/Schemas/{}", schema.id),
        },
    })
}

/// Discovery answers are never paged (RFC 7644 section 4).
fn list(resources: Vec<Value>) -> Value {
    let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    list_response(resources, total, 1)
}
