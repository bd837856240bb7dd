#![expect(clippy::unwrap_used, reason = "tests")]

mod fixed;
mod group;
mod idp;
mod model;
mod properties;
mod refusals;
mod user;

use serde_json::{Value, json};

use super::Patch;
use crate::error::{Error, ScimType};
use crate::mode::Mode;
use crate::registry::Registry;
use crate::resource::{self, Resource};
use crate::schema::{Attribute, Kind, Mutability, Schema, Type};

const ENTERPRISE: &str = crate::schema::ENTERPRISE_URN;
const BADGES: &str = "urn:example:badges:1.0";
const ID: &str = "0197-id";

/// The core, and an extension with what the core lacks: simple lists, numbers, immutable and
/// required attributes.
fn registry() -> Registry {
    let badge = Attribute::complex(
        "badge",
        "",
        vec![
            Attribute::text("number", "").immutable(),
            Attribute::text("color", ""),
            Attribute::text("issuer", "").read_only(),
        ],
    );
    Registry::core().with_extension(
        Kind::User,
        Schema {
            id: BADGES.into(),
            name: "Badges".into(),
            description: "Badges".into(),
            attributes: vec![
                Attribute::text("tags", "").multi_valued(),
                Attribute::new("floor", Type::Integer, ""),
                Attribute {
                    mutability: Mutability::Immutable,
                    ..Attribute::text("hired", "")
                },
                badge,
                Attribute::text("desk", "").read_only(),
            ],
        },
    )
}

fn document(kind: Kind, body: Value) -> Resource {
    resource::read(&registry(), kind, Mode::Lenient, body)
        .unwrap()
        .resource
}

fn message(operations: Value) -> Value {
    json!({ "schemas": [super::PATCH_URN], "Operations": operations })
}

fn run(mode: Mode, before: &Resource, operations: Value) -> Result<Value, Error> {
    let patch = Patch::parse(&registry(), before.kind, mode, message(operations))?;
    let after = patch.apply(before, ID)?;
    Ok(Value::Object(after.attributes))
}

/// Status is always 400 here; the keyword tells the cases apart.
fn keyword<T: std::fmt::Debug>(result: Result<T, Error>) -> ScimType {
    let error = result.unwrap_err();
    assert_eq!(error.status, 400, "{error}");
    assert!(error.detail.starts_with("operation "), "{error}");
    error.scim_type.unwrap()
}
