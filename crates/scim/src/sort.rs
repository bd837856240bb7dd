//! Order of a list: `sortBy` and `sortOrder` (RFC 7644 section 3.4.2.3).
//!
//! A resource's place is its [`SortKey`]; resources with equal keys follow each other by `id`,
//! which is for the caller to compare, so that every order is total.

mod key;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use serde_json::Value;

use crate::error::Error;
use crate::mode::Mode;
use crate::path::{self, Facts, Miss, Named, Target};
use crate::profile::Rule;
use crate::registry::Registry;
use crate::schema::Kind;

pub use key::{Number, SortKey};

/// Direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// Smallest first, resources without a value last.
    #[default]
    Ascending,
    /// The exact opposite.
    Descending,
}

impl Order {
    /// Both, with their words.
    pub const ALL: [(Order, &'static str); 2] = [
        (Order::Ascending, "ascending"),
        (Order::Descending, "descending"),
    ];

    /// The word of the RFC.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::Ascending => "ascending",
            Order::Descending => "descending",
        }
    }

    /// Reads `sortOrder`; lenient mode ignores case. Absent is ascending.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for another word.
    pub fn parse(mode: Mode, text: Option<&str>) -> Result<Order, Error> {
        let Some(text) = text else {
            return Ok(Order::default());
        };
        Order::ALL
            .into_iter()
            .find(|(_, word)| *word == text || mode.is_lenient() && word.eq_ignore_ascii_case(text))
            .map(|(order, _)| order)
            .ok_or_else(|| Error::invalid_value("sortOrder must be ascending or descending"))
    }

    fn apply(self, ascending: Ordering) -> Ordering {
        match self {
            Order::Ascending => ascending,
            Order::Descending => ascending.reverse(),
        }
    }
}

/// What a list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sort {
    /// A simple attribute: a complex one was resolved to its `value`.
    pub target: Target,
    /// In which direction.
    pub order: Order,
    /// The resource type that `sortBy` was about, where there are several: resources of another have
    /// no value, whatever their type has under the same name.
    pub only: Option<Kind>,
}

impl Sort {
    /// Reads the two parameters. The attribute is looked up in the resource types in the order
    /// given, as for filters at the server root; a resource whose type does not have it has no
    /// value. `None` without `sortBy` (an empty one counts as absent), and in lenient mode for an
    /// attribute that no type has or that cannot be ordered.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for an unknown `sortOrder`; by [`Rule::KnownNames`] 400 `invalidSyntax` for
    /// an attribute that no type has, and `invalidPath` for what has no single value.
    pub fn parse(
        registry: &Registry,
        kinds: &[Kind],
        mode: Mode,
        sort_by: Option<&str>,
        sort_order: Option<&str>,
    ) -> Result<Option<Sort>, Error> {
        let order = Order::parse(mode, sort_order)?;
        let Some(text) = sort_by.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match resolve(registry, kinds, text) {
            Ok(target) => Ok(Some(Sort {
                target,
                order,
                only: path::its_type(kinds, text),
            })),
            Err(_) if !mode.follows(Rule::KnownNames) => Ok(None),
            Err(problem) => Err(problem.error()),
        }
    }

    /// The place of a resource. `document` is the resource as it is answered, with `groups` or
    /// `members` if the target names them.
    pub fn key(&self, document: &Value) -> SortKey {
        let kind = || document.get("meta")?.get("resourceType")?.as_str();
        if self.only.is_some_and(|only| kind() != Some(only.name())) {
            return SortKey::Missing;
        }
        key::of(&self.target, document)
    }

    /// Compares two places in the direction asked for. Equal ones go by `id`.
    pub fn compare(&self, one: &SortKey, other: &SortKey) -> Ordering {
        self.order.apply(one.cmp(other))
    }

    /// True when this core or common attribute decides, so that a caller knows whether `members`
    /// or `groups` must be loaded.
    pub fn mentions(&self, attribute: &str) -> bool {
        self.target.is_core(attribute) || attribute == "meta" && self.only.is_some()
    }
}

/// Why `sortBy` cannot be followed.
enum Problem {
    /// It names no attribute.
    Unknown,
    /// It is none, or nothing that has an order; the end of a sentence.
    Path(&'static str),
}

impl Problem {
    fn error(self) -> Error {
        match self {
            Problem::Unknown => {
                Error::invalid_syntax("sortBy is no attribute of the resource type")
            }
            Problem::Path(text) => Error::invalid_path(format!("sortBy {text}")),
        }
    }
}

fn resolve(registry: &Registry, kinds: &[Kind], text: &str) -> Result<Target, Problem> {
    let mut miss = Miss::Malformed;
    for &kind in kinds {
        match path::named(registry, kind, text) {
            Ok(Named::Attribute(place)) => return ordered(place),
            Ok(Named::Core | Named::Extension(_)) => return Err(Problem::Path(WHOLE)),
            Err(Miss::Unknown) => miss = Miss::Unknown,
            Err(Miss::Malformed) => {}
        }
    }
    Err(match miss {
        Miss::Malformed => Problem::Path("is not an attribute path such as name.familyName"),
        Miss::Unknown => Problem::Unknown,
    })
}

const WHOLE: &str = "must name one attribute such as userName or name.familyName";

/// A complex attribute means its `value`, as in filters.
fn ordered(place: path::Located<'_>) -> Result<Target, Problem> {
    let mut target = place.target();
    if place.leaf().is_complex() {
        let value = place.top.sub("value").ok_or(Problem::Path(WHOLE))?;
        target.sub = Some(value.name.to_string());
        target.leaf = Facts::of(value);
    }
    Ok(target)
}
