//! Which attributes an answer carries: `attributes` and `excludedAttributes` (RFC 7644
//! section 3.9), and the characteristic `returned` of the schema table.
//!
//! ```
//! use rolecall_scim::{Kind, Mode, Projection, Registry};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), rolecall_scim::Error> {
//! let names = Some("name.givenName");
//! let projection = Projection::parse(&Registry::core(), Kind::User, Mode::Strict, names, None)?;
//! let mut user = json!({
//!     "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "0190", "userName": "ada",
//!     "name": { "givenName": "Ada", "familyName": "Lovelace" }, "title": "Countess",
//! });
//! projection.apply(&mut user);
//! assert_eq!(user["name"], json!({ "givenName": "Ada" }));
//! assert!(user.get("title").is_none() && user.get("id").is_some());
//! # Ok(())
//! # }
//! ```

mod shape;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::error::Error;
use crate::mode::Mode;
use crate::path::{self, Located, Miss, Named};
use crate::profile;
use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Returned, Schema};

use shape::Shape;

/// What to answer of a resource. Made once per request, applied to each resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    rule: Rule,
    /// What is never answered, or only when it was named.
    hidden: Shape,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// Everything that is not hidden.
    Default,
    /// These, and no others.
    Only(Shape),
    /// Everything but these.
    Without(Shape),
}

impl Projection {
    /// Reads the two query parameters; one without a name in it counts as absent. Names ignore case, may be
    /// qualified by a URI, and may be the URI of an extension alone, which means all of it.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` when both are given. By [`KnownNames`](profile::Rule::KnownNames) 400 `invalidSyntax` for a name
    /// that the resource type does not have and `invalidPath` for what is none; else both are ignored.
    pub fn parse(
        registry: &Registry,
        kind: Kind,
        mode: Mode,
        attributes: Option<&str>,
        excluded: Option<&str>,
    ) -> Result<Projection, Error> {
        let is_name = |name: &str| !name.trim().is_empty();
        let given = |list: Option<&str>| list.is_some_and(|list| list.split(',').any(is_name));
        if given(attributes) && given(excluded) {
            return Err(Error::invalid_value(
                "attributes and excludedAttributes exclude each other: send one of them",
            ));
        }
        let mut hidden = Shape::default();
        for_each(registry, kind, |place| {
            if matches!(returned(place), Returned::Never | Returned::Request) {
                hidden.add(place);
            }
        });
        let rule = if given(attributes) {
            let named = names(registry, kind, mode, "attributes", attributes)?;
            only(registry, kind, &named, &mut hidden)
        } else if given(excluded) {
            let named = names(registry, kind, mode, "excludedAttributes", excluded)?;
            without(&named)
        } else {
            Rule::Default
        };
        Ok(Projection { rule, hidden })
    }

    /// True when nothing is left out, so that a stored document can be sent as it is.
    pub fn is_whole(&self) -> bool {
        self.rule == Rule::Default && self.hidden.is_empty()
    }

    /// True when any part of this core or common attribute is in the answer, so that a caller
    /// knows whether `members` or `groups` must be loaded.
    pub fn wants(&self, name: &str) -> bool {
        !self.hidden.covers(name)
            && match &self.rule {
                Rule::Default => true,
                Rule::Only(shape) => shape.touches(name),
                Rule::Without(shape) => !shape.covers(name),
            }
    }

    /// Answers an attribute with `returned: request` that this request wrote, although it was not
    /// named (RFC 7643 section 2.2). No effect on other attributes.
    pub fn reveal(&mut self, registry: &Registry, kind: Kind, path: &str) {
        let Ok(Named::Attribute(place)) = path::named(registry, kind, path) else {
            return;
        };
        if returned(place) == Returned::Request {
            self.hidden.remove(place);
            if let Rule::Only(shape) = &mut self.rule {
                shape.add(place);
            }
        }
    }

    /// Takes out of a resource what is not to be answered.
    pub fn apply(&self, document: &mut Value) {
        let Value::Object(members) = document else {
            return;
        };
        match &self.rule {
            Rule::Default => {}
            Rule::Only(shape) => shape.keep(members),
            Rule::Without(shape) => shape.take_out(members),
        }
        self.hidden.take_out(members);
    }
}

/// The parsed names of one parameter.
fn names<'r>(
    registry: &'r Registry,
    kind: Kind,
    mode: Mode,
    parameter: &str,
    list: Option<&str>,
) -> Result<Vec<Named<'r>>, Error> {
    let mut named = Vec::new();
    for (index, text) in list.unwrap_or_default().split(',').enumerate() {
        let text = text.trim();
        match path::named(registry, kind, text) {
            Ok(found) => named.push(found),
            Err(_) if !mode.follows(profile::Rule::KnownNames) || text.is_empty() => {}
            Err(miss) => return Err(unknown(parameter, index, kind, miss)),
        }
    }
    Ok(named)
}

fn unknown(parameter: &str, index: usize, kind: Kind, miss: Miss) -> Error {
    let entry = format!("{parameter}: entry {}", index + 1);
    match miss {
        Miss::Malformed => Error::invalid_path(format!(
            "{entry} is not an attribute path such as name.familyName"
        )),
        Miss::Unknown => {
            Error::invalid_syntax(format!("{entry} is no attribute of {}", kind.name()))
        }
    }
}

/// The named attributes and those that are always answered. What is named is not hidden, unless
/// it never is answered.
fn only(registry: &Registry, kind: Kind, named: &[Named<'_>], hidden: &mut Shape) -> Rule {
    let mut shape = Shape::default();
    for_each(registry, kind, |place| {
        if returned(place) == Returned::Always && place.sub.is_none() {
            shape.add(place);
        }
    });
    for name in named {
        match *name {
            Named::Core => core(registry, kind, |place| shape.add(place)),
            Named::Extension(schema) => shape.add_extension(&schema.id),
            Named::Attribute(place) => {
                shape.add(place);
                add_always(place, &mut shape);
                if returned(place) == Returned::Request {
                    hidden.remove(place);
                }
            }
        }
    }
    Rule::Only(shape)
}

/// Sub-attributes that come along whichever of their siblings was named.
fn add_always(place: Located<'_>, shape: &mut Shape) {
    if place.sub.is_none() {
        return;
    }
    for sub in &place.top.sub_attributes {
        if sub.returned == Returned::Always {
            shape.add(Located {
                sub: Some(sub),
                ..place
            });
        }
    }
}

/// The named attributes, without those that are always answered.
fn without(named: &[Named<'_>]) -> Rule {
    let mut shape = Shape::default();
    for name in named {
        match *name {
            Named::Extension(schema) => leave_out_extension(schema, &mut shape),
            Named::Attribute(place) if returned(place) != Returned::Always => shape.add(place),
            // The core as a whole cannot be left out: userName and displayName identify.
            Named::Core | Named::Attribute(_) => {}
        }
    }
    Rule::Without(shape)
}

fn leave_out_extension(schema: &Schema, shape: &mut Shape) {
    for top in &schema.attributes {
        if top.returned != Returned::Always {
            shape.add(Located {
                schema: Some(schema),
                top,
                sub: None,
            });
        }
    }
}

fn returned(place: Located<'_>) -> Returned {
    place.leaf().returned
}

fn core<'r>(registry: &'r Registry, kind: Kind, mut visit: impl FnMut(Located<'r>)) {
    for top in &registry.core_schema(kind).attributes {
        visit(Located {
            schema: None,
            top,
            sub: None,
        });
    }
}

/// Visits every attribute and sub-attribute of a resource type.
fn for_each<'r>(registry: &'r Registry, kind: Kind, mut visit: impl FnMut(Located<'r>)) {
    let core = registry.core_schema(kind).attributes.iter();
    let plain = core.chain(registry.common()).map(|top| (None, top));
    let extended = registry.extensions(kind).flat_map(|schema| {
        let attributes: &'r [Attribute] = &schema.attributes;
        attributes.iter().map(move |top| (Some(schema), top))
    });
    for (schema, top) in plain.chain(extended) {
        visit(Located {
            schema,
            top,
            sub: None,
        });
        for sub in &top.sub_attributes {
            visit(Located {
                schema,
                top,
                sub: Some(sub),
            });
        }
    }
}
