//! The filter as a tree. Every name in it is resolved and every literal has the type of its
//! attribute, so that what reads it (the evaluator, the storage) never sees raw names.

use crate::date_time::Moment;
use crate::path::Target;

/// A filter (RFC 7644 section 3.4.2.2).
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All hold. At least two terms, none of them an `And`.
    And(Vec<Filter>),
    /// At least one holds. At least two terms, none of them an `Or`.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// A comparison. The target ends in a simple attribute: a complex one was resolved to its
    /// `value`, except in a comparison with null.
    Compare {
        /// What is compared. On a list, any element may match.
        target: Target,
        /// How.
        op: Op,
        /// With what.
        value: Literal,
    },
    /// The attribute has a value; an empty list or text is none.
    Present(Target),
    /// One and the same element of a list (or the one object of a complex attribute) satisfies
    /// the inner filter, whose targets are named by the sub-attribute alone.
    Element {
        /// The list or object: never has a sub-attribute.
        target: Target,
        /// On one element. In a list of simple values the element itself is called `value`.
        filter: Box<Filter>,
    },
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal: any value differs, or there is none.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

/// What is compared with, in the type of the attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// For String, Reference and Binary. Not folded: fold it when the attribute is not caseExact.
    Text(String),
    /// For Boolean.
    Bool(bool),
    /// For Integer and Decimal.
    Number(serde_json::Number),
    /// For DateTime.
    DateTime(Moment),
    /// For every type, with [`Op::Eq`] (not present) and [`Op::Ne`] (present) only.
    Null,
}

impl Op {
    /// Every operator with its spelling.
    pub const ALL: [(Op, &'static str); 9] = [
        (Op::Eq, "eq"),
        (Op::Ne, "ne"),
        (Op::Co, "co"),
        (Op::Sw, "sw"),
        (Op::Ew, "ew"),
        (Op::Gt, "gt"),
        (Op::Ge, "ge"),
        (Op::Lt, "lt"),
        (Op::Le, "le"),
    ];

    /// The spelling of the RFC.
    pub fn as_str(self) -> &'static str {
        Op::ALL
            .iter()
            .find(|(op, _)| *op == self)
            .map_or("", |(_, text)| text)
    }

    /// Reads an operator; case is ignored.
    pub(super) fn read(text: &str) -> Option<Op> {
        Op::ALL
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(text))
            .map(|(op, _)| *op)
    }

    /// True for `co`, `sw` and `ew`.
    pub fn is_substring(self) -> bool {
        matches!(self, Op::Co | Op::Sw | Op::Ew)
    }

    /// True for `gt`, `ge`, `lt` and `le`.
    pub fn is_order(self) -> bool {
        matches!(self, Op::Gt | Op::Ge | Op::Lt | Op::Le)
    }
}

impl Filter {
    /// Terms joined by `and`; terms that are `And` themselves are taken apart.
    pub fn all(terms: Vec<Filter>) -> Filter {
        join(terms, Filter::And, |term| match term {
            Filter::And(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// Terms joined by `or`; terms that are `Or` themselves are taken apart.
    pub fn any(terms: Vec<Filter>) -> Filter {
        join(terms, Filter::Or, |term| match term {
            Filter::Or(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// True when the filter names this core or common attribute, so that a caller knows whether
    /// `members` or `groups` must be loaded before [`Filter::matches`].
    pub fn mentions(&self, attribute: &str) -> bool {
        match self {
            Filter::And(terms) | Filter::Or(terms) => {
                terms.iter().any(|term| term.mentions(attribute))
            }
            Filter::Not(inner) => inner.mentions(attribute),
            Filter::Compare { target, .. }
            | Filter::Present(target)
            | Filter::Element { target, .. } => {
                target.schema.is_none() && target.name.eq_ignore_ascii_case(attribute)
            }
        }
    }
}

fn join(
    mut terms: Vec<Filter>,
    wrap: fn(Vec<Filter>) -> Filter,
    take_apart: fn(Filter) -> Result<Vec<Filter>, Filter>,
) -> Filter {
    if terms.len() == 1
        && let Some(only) = terms.pop()
    {
        return only;
    }
    let mut flat = Vec::with_capacity(terms.len());
    for term in terms {
        match take_apart(term) {
            Ok(inner) => flat.extend(inner),
            Err(other) => flat.push(other),
        }
    }
    wrap(flat)
}
