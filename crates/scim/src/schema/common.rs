//! Attributes that every resource has (RFC 7643 section 3.1). They belong to no schema and are
//! not listed under `/Schemas`.

use super::attribute::{Attribute, Type};

/// `schemas`, `id`, `externalId`, `meta`, in the order in which they are answered.
pub fn attributes() -> Vec<Attribute> {
    vec![
        Attribute::reference(
            "schemas",
            &["uri"],
            "URIs of the schemas that the resource uses",
        )
        .multi_valued()
        .required()
        .always_returned()
        .read_only(),
        Attribute::text("id", "Identifier that the server gave")
            .required()
            .case_exact()
            .always_returned()
            .server_unique()
            .read_only(),
        Attribute::text("externalId", "Identifier that the client gave").case_exact(),
        Attribute::complex(
            "meta",
            "What the server knows about the resource",
            vec![
                Attribute::text("resourceType", "Name of the resource type").case_exact(),
                Attribute::new("created", Type::DateTime, "When the resource was created"),
                Attribute::new(
                    "lastModified",
                    Type::DateTime,
                    "When the resource last changed",
                ),
                Attribute::reference("location", &["uri"], "URI of the resource"),
                Attribute::text("version", "Version of the resource, as in ETag").case_exact(),
            ],
        )
        .read_only(),
    ]
}
