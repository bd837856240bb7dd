//! The form of extension schemas, whose types are the protocol's; a test compares it with what is
//! really sent.

#![expect(dead_code, reason = "these types are only described")]

use utoipa::ToSchema;

/// An extension schema as RFC 7643 section 7 has it. What has a default there may be left out.
#[derive(ToSchema)]
#[schema(example = json!({
    "resource_type": "User", "id": "urn:example:params:scim:schemas:extension:acme:2.0:User",
    "name": "Acme", "attributes": [{ "name": "badge", "type": "string", "caseExact": true }],
}))]
pub(crate) struct ExtensionSchema {
    /// What it extends, `User` or `Group`; `User` where it is left out.
    #[schema(required = false)]
    resource_type: String,
    /// The URN that it is put under.
    id: String,
    /// For people.
    #[schema(required = false)]
    name: String,
    /// For people.
    #[schema(required = false)]
    description: String,
    /// What resources may have of it, at most 100.
    attributes: Vec<ExtensionAttribute>,
}

/// All extension schemas of the organization.
#[derive(ToSchema)]
pub(crate) struct ExtensionSchemas {
    schemas: Vec<ExtensionSchema>,
}

/// An attribute of an extension schema.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ExtensionAttribute {
    /// Letters, digits, `-` and `_`; case is ignored.
    name: String,
    /// `string`, `boolean`, `decimal`, `integer`, `dateTime`, `reference`, `binary` or `complex`.
    r#type: String,
    /// Whether there may be several values.
    #[schema(required = false)]
    multi_valued: bool,
    /// For people.
    #[schema(required = false)]
    description: String,
    /// Always false: no identity provider can be made to send it.
    #[schema(required = false)]
    required: bool,
    /// Whether filters tell upper from lower case.
    #[schema(required = false)]
    case_exact: bool,
    /// `readWrite` or `immutable`.
    #[schema(required = false)]
    mutability: String,
    /// `always` or `default`.
    #[schema(required = false)]
    returned: String,
    /// Always `none`.
    #[schema(required = false)]
    uniqueness: String,
    /// Values that are usual.
    #[schema(required = false)]
    canonical_values: Vec<String>,
    /// Of a `reference`: what it may point to.
    #[schema(required = false)]
    reference_types: Vec<String>,
    /// Of a `complex` attribute: its parts, at most 50, none of them complex or with several values.
    #[schema(required = false, no_recursion)]
    sub_attributes: Vec<ExtensionAttribute>,
}
