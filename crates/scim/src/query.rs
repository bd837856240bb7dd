//! One query, however it was asked: the parameters of a GET (RFC 7644 section 3.4.2) and the
//! body of a `.search` (section 3.4.3) give the same [`Query`], which is checked in one place.

mod body;
mod paging;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::error::Error;
use crate::filter::Filter;
use crate::mode::Mode;
use crate::path;
use crate::profile::Rule;
use crate::projection::Projection;
use crate::registry::Registry;
use crate::schema::Kind;
use crate::sort::Sort;

pub use body::SEARCH_URN;
pub use paging::{Page, Paging};

/// What a client asks of a list. Texts are as sent; the methods resolve them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// `filter`. An empty one is a filter that does not parse, and never the whole list.
    pub filter: Option<String>,
    /// `sortBy`.
    pub sort_by: Option<String>,
    /// `sortOrder`.
    pub sort_order: Option<String>,
    /// `attributes`: names with commas between them.
    pub attributes: Option<String>,
    /// `excludedAttributes`: names with commas between them.
    pub excluded_attributes: Option<String>,
    /// Which part of the list.
    pub paging: Paging,
}

impl Query {
    /// Reads the parameters of a URL. `get` gives the decoded value of a parameter, empty where
    /// it was sent without one.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for `startIndex` or `count` that is no whole number, with a cursor
    /// `invalidCount`.
    pub fn from_parameters<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Query, Error> {
        let text = |name: &str| get(name).map(str::to_owned);
        Ok(Query {
            filter: text("filter"),
            sort_by: text("sortBy"),
            sort_order: text("sortOrder"),
            attributes: text("attributes"),
            excluded_attributes: text("excludedAttributes"),
            paging: Paging::parse(get("cursor"), get("startIndex"), get("count"))?,
        })
    }

    /// Reads the body of a `.search`. Member names ignore case, null is absent. Lenient mode does
    /// without `schemas`, takes numbers as text and a list of names as one text, and passes over
    /// unknown members.
    ///
    /// # Errors
    ///
    /// 400 `invalidSyntax` for a body that is no search request, `invalidValue` for a member of
    /// the wrong type; else as [`Query::from_parameters`].
    pub fn from_body(mode: Mode, body: Value) -> Result<Query, Error> {
        body::read(mode, body)
    }

    /// The filter, if there is one, on these resource types.
    ///
    /// # Errors
    ///
    /// As [`Filter::parse_across`].
    pub fn filter(
        &self,
        registry: &Registry,
        kinds: &[Kind],
        mode: Mode,
    ) -> Result<Option<Filter>, Error> {
        let read = |text| Filter::parse_across(registry, kinds, mode, text);
        self.filter.as_deref().map(read).transpose()
    }

    /// The order, if one was asked for.
    ///
    /// # Errors
    ///
    /// As [`Sort::parse`].
    pub fn sort(
        &self,
        registry: &Registry,
        kinds: &[Kind],
        mode: Mode,
    ) -> Result<Option<Sort>, Error> {
        let (by, order) = (self.sort_by.as_deref(), self.sort_order.as_deref());
        Sort::parse(registry, kinds, mode, by, order)
    }

    /// The projection for each of the resource types.
    ///
    /// # Errors
    ///
    /// As [`Projection::parse`]; in strict mode a name is refused only when no type has it.
    pub fn projections(
        &self,
        registry: &Registry,
        kinds: &[Kind],
        mode: Mode,
    ) -> Result<Vec<(Kind, Projection)>, Error> {
        let names = self.attributes.as_deref();
        let excluded = self.excluded_attributes.as_deref();
        let several = kinds.len() > 1;
        if several && mode.follows(Rule::KnownNames) {
            known(registry, kinds, "attributes", names)?;
            known(registry, kinds, "excludedAttributes", excluded)?;
        }
        let mode = if several { Mode::Lenient } else { mode };
        kinds
            .iter()
            .map(|&kind| {
                let projection = Projection::parse(registry, kind, mode, names, excluded)?;
                Ok((kind, projection))
            })
            .collect()
    }
}

/// What must be the same in all requests of one cursor walk, as bytes: which resources, and in which
/// order. Two different lists never have the same. It is made of what was understood and not of how
/// it was written, because RFC 9865 section 2 itself goes on from `userName` with `username`; what
/// is answered of a resource may change on the way, and `count` has an error of its own.
pub fn fingerprint(filter: Option<&Filter>, sort: Option<&Sort>) -> Vec<u8> {
    let by = sort.map(|sort| {
        let only = sort.only.map_or("", Kind::name);
        format!("{} {} {only}", sort.target, sort.order.as_str())
    });
    let mut bytes = Vec::new();
    for part in [filter.map(Filter::to_string), by] {
        let text = part.as_deref().unwrap_or_default();
        bytes.push(u8::from(part.is_some()));
        bytes.extend_from_slice(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// [`Rule::KnownNames`]: every name must be an attribute of one of the types.
fn known(
    registry: &Registry,
    kinds: &[Kind],
    parameter: &str,
    list: Option<&str>,
) -> Result<(), Error> {
    let names = list.unwrap_or_default().split(',').map(str::trim);
    for (index, name) in names.enumerate().filter(|(_, name)| !name.is_empty()) {
        if !kinds
            .iter()
            .any(|&kind| path::named(registry, kind, name).is_ok())
        {
            return Err(Error::invalid_syntax(format!(
                "{parameter}: entry {} is no attribute of any resource type",
                index + 1
            )));
        }
    }
    Ok(())
}
