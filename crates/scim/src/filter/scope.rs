//! Where a filter's names are looked up: in resource types, or inside one element.

use std::sync::LazyLock;

use crate::path::{self, Located, Miss, Named};
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
        name.eq_ignore_ascii_case("value").then_some(list)
    };
    let top = found.ok_or(if path::is_name(name) {
        Miss::Unknown
    } else {
        Miss::Malformed
    })?;
    Ok(alone(top))
}
