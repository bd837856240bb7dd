//! What the server can do and knows: ServiceProviderConfig, ResourceTypes, Schemas (RFC 7643
//! sections 5 to 7, RFC 7644 section 4).
//!
//! `base` is the URL of the mount, without a slash at the end.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::bulk;
use crate::list::list_response;
use crate::profile;
use crate::registry::Registry;
use crate::roles;
use crate::schema::{Kind, Schema};
use crate::window::MAX_COUNT;

/// URI of the ServiceProviderConfig schema.
pub const CONFIG_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
/// URI of the ResourceType schema.
pub const RESOURCE_TYPE_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
/// URI of the Schema schema.
pub const SCHEMA_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// What the caller has built and wants told. The default is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the answer"
)]
pub struct Features {
    /// `/Bulk`, with the limits of [`bulk`].
    pub bulk: bool,
    /// `sortBy` and `sortOrder`.
    pub sort: bool,
    /// Cursor pages beside index pages, which stay the default (RFC 9865 section 2.4).
    pub cursors: bool,
    /// Seconds that a cursor is good for, if that is limited.
    pub cursor_timeout: Option<u64>,
    /// The resource type of [`roles`].
    pub roles: bool,
    /// What is told, and that the connection conforms to the interoperability profile; set for
    /// connections in a mode that follows the rules of [`profile`].
    pub interop_profile: bool,
}

/// The answers of one mount.
#[derive(Debug, Clone, Copy)]
pub struct Discovery<'a> {
    /// URL of the mount, without a slash at the end.
    pub base: &'a str,
    /// The organization's schemas.
    pub registry: &'a Registry,
    /// What to tell.
    pub features: Features,
}

impl Discovery<'_> {
    /// `/ServiceProviderConfig`. Members are those of RFC 7643 and `pagination` of RFC 9865, since
    /// clients such as authentik parse strictly and take every integer for granted, also of what
    /// is not supported; `interopProfileConformant` only where it is true (section 4 of the
    /// profile).
    pub fn service_provider_config(&self) -> Value {
        config(self.base, &self.features)
    }

    /// The list at `/ResourceTypes`.
    pub fn resource_types(&self) -> Value {
        let kinds = Kind::ALL.into_iter();
        let mut types: Vec<Value> = kinds.map(|kind| self.kind(kind)).collect();
        types.extend(self.features.roles.then(|| describe_roles(self.base)));
        list(types)
    }

    /// One of `/ResourceTypes/{name}`; `None` for a name that there is not.
    pub fn resource_type(&self, name: &str) -> Option<Value> {
        if self.features.roles && name == roles::NAME {
            return Some(describe_roles(self.base));
        }
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
        Some(self.kind(kind))
    }

    /// The list at `/Schemas`.
    pub fn schemas(&self) -> Value {
        let schemas = self.registry.schemas();
        let mut described: Vec<Value> = schemas.map(|schema| self.describe(schema)).collect();
        described.extend(self.roles_schema());
        list(described)
    }

    /// One of `/Schemas/{urn}`, whose case is ignored; `None` for a URI that there is not.
    pub fn schema(&self, urn: &str) -> Option<Value> {
        if urn.eq_ignore_ascii_case(roles::ROLE_URN) {
            return self.roles_schema();
        }
        let schema = self.registry.schema(urn)?;
        Some(self.describe(schema))
    }

    fn describe(&self, schema: &Schema) -> Value {
        if self.features.interop_profile {
            return describe_schema(self.base, &profile::with_declared_types(schema));
        }
        describe_schema(self.base, schema)
    }

    fn kind(&self, kind: Kind) -> Value {
        describe_kind(self.base, self.registry, kind)
    }

    fn roles_schema(&self) -> Option<Value> {
        self.features.roles.then(|| self.describe(&roles::schema()))
    }
}

/// [`Discovery::service_provider_config`] with the least features.
pub fn service_provider_config(base: &str) -> Value {
    config(base, &Features::default())
}

/// [`Discovery::resource_types`] with the least features.
pub fn resource_types(base: &str, registry: &Registry) -> Value {
    least(base, registry).resource_types()
}

/// [`Discovery::resource_type`] with the least features.
pub fn resource_type(base: &str, registry: &Registry, name: &str) -> Option<Value> {
    least(base, registry).resource_type(name)
}

/// [`Discovery::schemas`] with the least features.
pub fn schemas(base: &str, registry: &Registry) -> Value {
    least(base, registry).schemas()
}

/// [`Discovery::schema`] with the least features.
pub fn schema(base: &str, registry: &Registry, urn: &str) -> Option<Value> {
    least(base, registry).schema(urn)
}

fn least<'a>(base: &'a str, registry: &'a Registry) -> Discovery<'a> {
    Discovery {
        base,
        registry,
        features: Features::default(),
    }
}

fn config(base: &str, features: &Features) -> Value {
    let (operations, payload) = if features.bulk {
        (bulk::MAX_OPERATIONS, bulk::MAX_PAYLOAD_BYTES)
    } else {
        (0, 0)
    };
    let mut config = json!({
        "schemas": [CONFIG_URN],
        "patch": { "supported": true },
        "bulk": {
            "supported": features.bulk,
            "maxOperations": operations,
            "maxPayloadSize": payload,
        },
        "filter": { "supported": true, "maxResults": MAX_COUNT },
        "changePassword": { "supported": false },
        "sort": { "supported": features.sort },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "An API key of the organization in the Authorization header",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
        }],
    });
    if features.cursors {
        config["pagination"] = pagination(features);
    }
    if features.interop_profile {
        config["interopProfileConformant"] = Value::Bool(true);
    }
    config["meta"] = json!({
        "resourceType": "ServiceProviderConfig",
        "location": format!("{base}/ServiceProviderConfig"),
    });
    config
}

fn pagination(features: &Features) -> Value {
    let mut pagination = json!({
        "cursor": true,
        "index": true,
        "defaultPaginationMethod": "index",
        "defaultPageSize": MAX_COUNT,
        "maxPageSize": MAX_COUNT,
    });
    if let Some(seconds) = features.cursor_timeout {
        pagination["cursorTimeout"] = Value::from(seconds);
    }
    pagination
}

fn describe_roles(base: &str) -> Value {
    json!({
        "schemas": [RESOURCE_TYPE_URN],
        "id": roles::NAME,
        "name": roles::NAME,
        "description": roles::schema().description,
        "endpoint": roles::ENDPOINT,
        "schema": roles::ROLE_URN,
        "meta": {
            "resourceType": "ResourceType",
            "location": format!("{base}/ResourceTypes/{}", roles::NAME),
        },
    })
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
