//! Where a filter's names are looked up: in resource types, or inside one element; and which resources a
//! name that says its type is about.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Filter, Literal, Op};
use crate::path::{self, Located, Miss, Named, Target};
use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Returned};

/// Stands for the sub-attributes of an attribute that we do not know, of which only the syntax
/// matters.
static ANY: LazyLock<Attribute> = LazyLock::new(|| Attribute::text("value", ""));

/// Where names are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'r, 'k> {
    /// Attributes of resource types.
    Resource(&'r Registry, &'k [Kind]),
    /// Sub-attributes of this one.
    Element(&'r Attribute),
    /// Names that are well formed.
    Anything,
}

impl<'r> Scope<'r, '_> {
    /// Finds an attribute. What is never answered is unknown here: a filter on it would tell what
    /// an answer does not.
    pub(super) fn find(self, name: &str) -> Result<Located<'r>, Miss> {
        let place = match self {
            Scope::Resource(registry, kinds) => resource_place(registry, kinds, name),
            Scope::Element(list) => element_place(list, name),
            Scope::Anything if path::is_name(name) => Ok(alone(&ANY)),
            Scope::Anything => Err(Miss::Malformed),
        }?;
        let hidden = |attribute: &Attribute| attribute.returned == Returned::Never;
        if hidden(place.top) || hidden(place.leaf()) {
            return Err(Miss::Unknown);
        }
        Ok(place)
    }
}

/// Binds a term whose name begins with the URI of a core schema to the resource type of that schema,
/// where there are several: on a resource of another type the attribute has no value, whatever that
/// type has under the same name.
pub(super) fn of_its_type(registry: &Registry, kinds: &[Kind], name: &str, term: Filter) -> Filter {
    let Some(kind) = path::its_type(kinds, name) else {
        return term;
    };
    let Ok(target) = Target::resolve(registry, kind, "meta.resourceType") else {
        return term;
    };
    let holds_without = term.matches(&Value::Object(Map::new()));
    let of_type = Filter::Compare {
        target,
        op: if holds_without { Op::Ne } else { Op::Eq },
        value: Literal::Text(kind.name().to_owned()),
    };
    let both = vec![of_type, term];
    if holds_without {
        Filter::any(both)
    } else {
        Filter::all(both)
    }
}

fn alone(top: &Attribute) -> Located<'_> {
    Located {
        schema: None,
        top,
        sub: None,
    }
}

fn resource_place<'r>(
    registry: &'r Registry,
    kinds: &[Kind],
    name: &str,
) -> Result<Located<'r>, Miss> {
    let mut miss = Miss::Malformed;
    for &kind in kinds {
        match path::named(registry, kind, name) {
            Ok(Named::Attribute(place)) => return Ok(place),
            Ok(Named::Core | Named::Extension(_)) | Err(Miss::Unknown) => miss = Miss::Unknown,
            Err(Miss::Malformed) => {}
        }
    }
    Err(miss)
}

/// In a list of simple values, `value` is the element.
fn element_place<'r>(list: &'r Attribute, name: &str) -> Result<Located<'r>, Miss> {
    let found = if list.is_complex() {
        list.sub(name)
    } else {
        path::is_element(name).then_some(list)
    };
    let top = found.ok_or(if path::is_name(name) {
        Miss::Unknown
    } else {
        Miss::Malformed
    })?;
    Ok(alone(top))
}
