//! Filters (RFC 7644 section 3.4.2.2): parsed against the schema table, printed, evaluated.
//!
//! ```text
//! filter     = conjunction *( "or" conjunction )
//! conjunction = factor *( "and" factor )
//! factor     = ["not"] "(" filter ")" / expression / element
//! expression = path "pr" / path operator literal
//! element    = path "[" filter "]" [ "." sub-attribute ( "pr" / operator literal ) ]
//! ```
//!
//! The end of `element` is not in the RFC; Entra ID looks users up by
//! `emails[type eq "work"].value eq "x"`. It means one element that satisfies both.
//!
//! ```
//! use rolecall_scim::{Filter, Kind, Mode, Registry};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), rolecall_scim::Error> {
//! let registry = Registry::core();
//! let parse = |text| Filter::parse(&registry, Kind::User, Mode::Strict, text);
//! let filter = parse(r#"USERNAME sw "ADA" and not (emails[type eq "home"])"#)?;
//! assert!(filter.matches(&json!({ "userName": "ada", "emails": [{ "value": "a", "type": "work" }] })));
//!
//! // It prints canonically, and what it prints means the same.
//! assert_eq!(filter.to_string(), r#"userName sw "ADA" and not (emails[type eq "home"])"#);
//!
//! let error = parse("active gt true").unwrap_err();
//! assert_eq!(error.detail, "filter, character 11: active: the operator gt does not apply to true or false");
//! # Ok(())
//! # }
//! ```

mod ast;
mod compare;
mod eval;
mod lex;
mod literal;
mod parse;
mod print;
mod scope;
#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::Kind;

pub use ast::{Filter, Literal, Op};
pub(crate) use parse::element_path;

/// Longest filter or PATCH path, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;
/// Deepest nesting of `(`, `not (` and `[`.
pub const MAX_DEPTH: usize = 32;
/// Most terms: comparisons, `pr`, element filters, `not`, `and`, `or`.
pub const MAX_NODES: usize = 200;

impl Filter {
    /// Reads a filter on one resource type.
    ///
    /// Lenient mode also takes unquoted text and `True` or `"False"` for booleans, which Entra ID
    /// sends. The limits of this module are decided while reading.
    ///
    /// # Errors
    ///
    /// 400 `invalidFilter` for everything: a text that does not parse, an attribute the type does
    /// not have (`password` among them), a literal or operator that does not fit the attribute.
    pub fn parse(registry: &Registry, kind: Kind, mode: Mode, text: &str) -> Result<Filter, Error> {
        Filter::parse_across(registry, &[kind], mode, text)
    }

    /// Reads a filter for a query over several resource types at the server root. An attribute is
    /// looked up in the types in the order given; on a resource of a type that does not have it,
    /// it has no value.
    ///
    /// # Errors
    ///
    /// As [`Filter::parse`]; an attribute is refused only when no type has it.
    pub fn parse_across(
        registry: &Registry,
        kinds: &[Kind],
        mode: Mode,
        text: &str,
    ) -> Result<Filter, Error> {
        parse::filter(registry, kinds, mode, text)
            .map_err(|fault| Error::invalid_filter(fault.detail("filter")))
    }
}
