//! Attribute paths: `[urn:]attribute[.sub]` (RFC 7644 section 3.10), resolved against the schema
//! table, so that nothing behind this module compares names again.

mod notation;
#[cfg(test)]
mod tests;

use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Mutability, Returned, Schema, Type};

use notation::Notation;

/// What the schema says about one attribute, as far as filters and PATCH need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Data type.
    pub kind: Type,
    /// True when the value is a list.
    pub multi_valued: bool,
    /// True when text compares with case.
    pub case_exact: bool,
    /// True when a resource cannot be without it.
    pub required: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is answered.
    pub returned: Returned,
}

/// An attribute or sub-attribute under its canonical name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// URI of the extension that declares it; `None` for core and common attributes.
    pub schema: Option<String>,
    /// Canonical name of the top-level attribute. Inside an element filter: of the sub-attribute.
    pub name: String,
    /// Canonical name of the sub-attribute.
    pub sub: Option<String>,
    /// Facts of the top-level attribute.
    pub top: Facts,
    /// Facts of what the path ends in: the sub-attribute if there is one.
    pub leaf: Facts,
}

/// Why a path names no attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// It is not an attribute path.
    Malformed,
    /// It is one, and no attribute of the resource type.
    Unknown,
}

/// What a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Named<'r> {
    /// The URI of the core schema, alone.
    Core,
    /// The URI of an extension, alone.
    Extension(&'r Schema),
    /// An attribute.
    Attribute(Located<'r>),
}

/// An attribute in the schema table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Located<'r> {
    /// The extension that declares it.
    pub(crate) schema: Option<&'r Schema>,
    /// The top-level attribute.
    pub(crate) top: &'r Attribute,
    /// The sub-attribute, where the path has one.
    pub(crate) sub: Option<&'r Attribute>,
}

impl Facts {
    /// The facts of an attribute.
    pub fn of(attribute: &Attribute) -> Facts {
        Facts {
            kind: attribute.kind,
            multi_valued: attribute.multi_valued,
            // Schema URIs compare without case (RFC 7643 section 2.1), references with.
            case_exact: attribute.case_exact && attribute.name != "schemas",
            required: attribute.required,
            mutability: attribute.mutability,
            returned: attribute.returned,
        }
    }
}

impl Target {
    /// Resolves a path; names and URIs are compared without case.
    pub fn resolve(registry: &Registry, kind: Kind, text: &str) -> Result<Target, Miss> {
        match named(registry, kind, text)? {
            Named::Attribute(place) => Ok(place.target()),
            Named::Core | Named::Extension(_) => Err(Miss::Unknown),
        }
    }

    /// True when it is this core or common attribute, whatever the sub-attribute.
    pub fn is_core(&self, name: &str) -> bool {
        self.schema.is_none() && self.name == name
    }

    /// A sub-attribute seen from inside its element.
    pub(crate) fn within(attribute: &Attribute) -> Target {
        let facts = Facts::of(attribute);
        Target {
            schema: None,
            name: attribute.name.to_string(),
            sub: None,
            top: facts,
            leaf: facts,
        }
    }
}

/// The canonical notation; a path that was resolved from it resolves to the same again.
impl std::fmt::Display for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(schema) = &self.schema {
            write!(out, "{schema}:")?;
        }
        out.write_str(&self.name)?;
        match &self.sub {
            Some(sub) => write!(out, ".{sub}"),
            None => Ok(()),
        }
    }
}

impl<'r> Located<'r> {
    /// The attribute that the path ends in.
    pub(crate) fn leaf(&self) -> &'r Attribute {
        self.sub.unwrap_or(self.top)
    }

    /// The owned form.
    pub(crate) fn target(&self) -> Target {
        Target {
            schema: self.schema.map(|schema| schema.id.to_string()),
            name: self.top.name.to_string(),
            sub: self.sub.map(|sub| sub.name.to_string()),
            top: Facts::of(self.top),
            leaf: Facts::of(self.leaf()),
        }
    }
}

/// Resolves an attribute path or a schema URI that stands alone.
pub(crate) fn named<'r>(registry: &'r Registry, kind: Kind, text: &str) -> Result<Named<'r>, Miss> {
    if text.eq_ignore_ascii_case(&registry.core_schema(kind).id) {
        return Ok(Named::Core);
    }
    if text.contains(':')
        && let Some(schema) = registry.extension(kind, text)
    {
        return Ok(Named::Extension(schema));
    }
    let notation = Notation::read(text, |urn| registry.schema(urn).is_some())?;
    let found = registry
        .attribute(kind, notation.urn, notation.name)
        .ok_or(Miss::Unknown)?;
    let sub = match notation.sub {
        None => None,
        Some(name) if found.attribute.has_simple_elements() && is_element(name) => None,
        Some(name) => Some(found.attribute.sub(name).ok_or(Miss::Unknown)?),
    };
    Ok(Named::Attribute(Located {
        schema: found.schema,
        top: found.attribute,
        sub,
    }))
}

/// The one of several resource types that a path is about, which begins with the URI of its core
/// schema; none where there is only one type.
pub(crate) fn its_type(kinds: &[Kind], text: &str) -> Option<Kind> {
    let names = |kind: &Kind| {
        let urn = kind.core_urn();
        text.get(..urn.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(urn))
    };
    kinds
        .iter()
        .copied()
        .find(names)
        .filter(|_| kinds.len() > 1)
}

/// The name of a simple element: RFC 7644 has none for it, and RFC 7643 section 2.4 calls what is
/// significant in an element `value`.
pub(crate) fn is_element(name: &str) -> bool {
    name.eq_ignore_ascii_case("value")
}

/// True when the text is a name of the grammar (RFC 7643 section 2.1); `$` only for `$ref`.
pub(crate) fn is_name(text: &str) -> bool {
    notation::is_name(text)
}
