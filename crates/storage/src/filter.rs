//! Filters as SQL: what has a column or a side table is answered by the database.
//!
//! [`push`] turns a filter into a condition that holds for *at least* every resource that matches
//! (a superset). Where it holds for exactly those it says so, and no document need be read.
//! Every condition is two-valued, so that `not` may stand in front of it.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`column`] | which attribute has which column: the one table |
//! | [`compare`] | a comparison with a column |
//! | [`element`] | side tables: e-mails, memberships |
//! | [`order`] | ORDER BY, and what comes after a place |

use domain::OrgId;
use scim::filter::Filter;

use crate::sql::Bind;

mod column;
mod compare;
mod element;
mod order;

pub(crate) use column::{Column, Kind};
pub(crate) use compare::probe;
pub(crate) use order::{Order, order};

/// A bound value that lives as long as the condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// As bound to a statement.
    pub(crate) fn bind(&self) -> Bind<'_> {
        match self {
            Value::Int(value) => Bind::Int(*value),
            Value::Bool(value) => Bind::Bool(*value),
            Value::Text(value) => Bind::Text(value),
            Value::Bytes(value) => Bind::Bytes(value),
        }
    }
}

/// A condition on the row `t` of the list's table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// As a template of [`crate::sql`].
    pub(crate) text: String,
    /// Its values in order.
    pub(crate) values: Vec<Value>,
    /// It holds for exactly those that match, not for more.
    pub(crate) exact: bool,
    /// An index leads to few rows.
    pub(crate) indexed: bool,
}

impl Condition {
    /// A condition that is exact and scans.
    pub(crate) fn new(text: impl Into<String>, values: Vec<Value>) -> Condition {
        Condition {
            text: text.into(),
            values,
            exact: true,
            indexed: false,
        }
    }

    /// Holds for all.
    fn always() -> Condition {
        Condition::new("1 = 1", Vec::new())
    }

    /// Holds for none.
    fn never() -> Condition {
        Condition {
            indexed: true,
            ..Condition::new("1 = 0", Vec::new())
        }
    }

    fn indexed(self) -> Condition {
        Condition {
            indexed: true,
            ..self
        }
    }

    fn superset(self) -> Condition {
        Condition {
            exact: false,
            ..self
        }
    }

    fn not(self) -> Condition {
        Condition {
            text: format!("NOT ({})", self.text),
            indexed: false,
            ..self
        }
    }
}

/// The filter's condition; none where it would hold for all.
pub(crate) fn push(kind: Kind, org: OrgId, filter: &Filter) -> Option<Condition> {
    match filter {
        Filter::And(terms) => all(terms.iter().map(|term| push(kind, org, term))),
        Filter::Or(terms) => any(kind, org, terms.iter().map(|term| push(kind, org, term))),
        Filter::Not(inner) => push(kind, org, inner)
            .filter(|inner| inner.exact)
            .map(Condition::not),
        Filter::Compare { target, op, value } => compare::compare(kind, org, target, *op, value),
        Filter::Present(target) => compare::present(kind, target),
        Filter::Element { target, filter } => element::element(kind, org, target, filter),
    }
}

/// All hold; what has no condition only makes the rest a superset.
fn all(terms: impl Iterator<Item = Option<Condition>>) -> Option<Condition> {
    let terms: Vec<_> = terms.collect();
    let exact = terms.iter().all(Option::is_some);
    let terms: Vec<_> = terms.into_iter().flatten().collect();
    if terms.is_empty() {
        return None;
    }
    let indexed = terms.iter().any(|term| term.indexed);
    let joined = join(terms, " AND ");
    Some(Condition {
        exact: exact && joined.exact,
        indexed,
        ..joined
    })
}

/// At least one holds. Probes of indexes become a union of ids: PostgreSQL would scan otherwise.
fn any(
    kind: Kind,
    org: OrgId,
    terms: impl Iterator<Item = Option<Condition>>,
) -> Option<Condition> {
    let terms: Option<Vec<_>> = terms.collect();
    let terms = terms?;
    if !terms.iter().all(|term| term.indexed) {
        return Some(join(terms, " OR "));
    }
    let table = kind.table();
    let probes = terms.into_iter().map(|term| {
        let mut values = vec![Value::Int(org.0)];
        values.extend(term.values);
        let text = format!(
            "SELECT t.id FROM {table} t WHERE t.org = ? AND ({})",
            term.text
        );
        Condition {
            text,
            values,
            ..term
        }
    });
    let union = join_plain(probes.collect(), " UNION ");
    Some(Condition {
        text: format!("t.id IN ({})", union.text),
        indexed: true,
        ..union
    })
}

fn join(terms: Vec<Condition>, word: &str) -> Condition {
    let wrap = |term: Condition| Condition {
        text: format!("({})", term.text),
        ..term
    };
    join_plain(terms.into_iter().map(wrap).collect(), word)
}

fn join_plain(terms: Vec<Condition>, word: &str) -> Condition {
    let exact = terms.iter().all(|term| term.exact);
    let texts: Vec<_> = terms.iter().map(|term| term.text.as_str()).collect();
    let text = texts.join(word);
    let values = terms.into_iter().flat_map(|term| term.values).collect();
    Condition {
        text,
        values,
        exact,
        indexed: false,
    }
}

#[cfg(test)]
mod tests;
