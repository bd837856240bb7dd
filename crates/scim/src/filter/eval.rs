//! Evaluation on a document.

use serde_json::Value;

use super::compare::{has_value, holds};
use super::{Filter, Literal, Op};
use crate::path::Target;
use crate::schema::Type;

impl Filter {
    /// Whether a resource matches. `document` is the resource as it is answered, with everything
    /// that the filter [mentions](Filter::mentions) (`id`, `meta`, `schemas`, `groups`, `members`).
    pub fn matches(&self, document: &Value) -> bool {
        match self {
            Filter::And(terms) => terms.iter().all(|term| term.matches(document)),
            Filter::Or(terms) => terms.iter().any(|term| term.matches(document)),
            Filter::Not(inner) => !inner.matches(document),
            Filter::Present(target) => present(document, target),
            Filter::Compare { target, op, value } => compare(document, target, *op, value),
            Filter::Element { target, filter } => {
                top(document, target).is_some_and(|value| match value {
                    Value::Array(elements) => {
                        elements.iter().any(|element| filter.matches(element))
                    }
                    Value::Null => false,
                    single => filter.matches(single),
                })
            }
        }
    }
}

fn present(document: &Value, target: &Target) -> bool {
    any_leaf(document, target, None, &mut has_value)
}

fn compare(document: &Value, target: &Target, op: Op, literal: &Literal) -> bool {
    let case_exact = target.leaf.case_exact;
    let absent = is_primary(target).then_some(&NOT_PRIMARY);
    match (op, literal) {
        (Op::Eq, Literal::Null) => !present(document, target),
        (_, Literal::Null) => present(document, target),
        (Op::Ne, _) => {
            let mut none = true;
            let differs = any_leaf(document, target, absent, &mut |value| {
                none = false;
                !holds(value, Op::Eq, literal, case_exact)
            });
            none || differs
        }
        _ => any_leaf(document, target, absent, &mut |value| {
            holds(value, op, literal, case_exact)
        }),
    }
}

/// RFC 7643 section 2.4: an element that does not say whether it is primary is not.
static NOT_PRIMARY: Value = Value::Bool(false);

/// The sub-attribute `primary`, seen from the resource or from inside the element.
fn is_primary(target: &Target) -> bool {
    let named = match &target.sub {
        Some(sub) => sub == "primary",
        None => target.is_core("primary"),
    };
    named && target.leaf.kind == Type::Boolean
}

/// Whether any value that the target names satisfies the test; null is no value. `absent` is what an
/// element without the sub-attribute has.
fn any_leaf(
    document: &Value,
    target: &Target,
    absent: Option<&Value>,
    test: &mut dyn FnMut(&Value) -> bool,
) -> bool {
    let Some(value) = top(document, target) else {
        return target.sub.is_none() && absent.is_some_and(test);
    };
    each(value, &mut |element| match &target.sub {
        None => test(element),
        Some(sub) => element
            .get(sub)
            .or(absent)
            .is_some_and(|value| each(value, &mut |value| test(value))),
    })
}

fn each(value: &Value, test: &mut dyn FnMut(&Value) -> bool) -> bool {
    match value {
        Value::Null => false,
        Value::Array(elements) => elements
            .iter()
            .any(|element| !element.is_null() && test(element)),
        single => test(single),
    }
}

/// The value of the top-level attribute. A simple element of a list is its own `value`.
fn top<'d>(document: &'d Value, target: &Target) -> Option<&'d Value> {
    match (document, &target.schema) {
        (Value::Object(members), None) => members.get(&target.name),
        (Value::Object(members), Some(schema)) => members.get(schema)?.get(&target.name),
        (simple, None) => Some(simple),
        _ => None,
    }
}
