//! Comparison of single values.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::{Literal, Op};
use crate::date_time::Moment;
use crate::fold;

/// True when a stored value and a literal stand in this relation. False when their types differ,
/// whatever the operator: documents are validated, so that happens only with data that was
/// stored under an older schema.
pub(super) fn holds(value: &Value, op: Op, literal: &Literal, case_exact: bool) -> bool {
    match (value, literal) {
        (Value::String(stored), Literal::Text(text)) => texts(stored, op, text, case_exact),
        (Value::String(stored), Literal::DateTime(time)) => {
            Moment::read(stored).is_some_and(|stored| ordered(op, stored.cmp(time)))
        }
        (Value::Bool(stored), Literal::Bool(wanted)) => ordered(op, stored.cmp(wanted)),
        (Value::Number(stored), Literal::Number(number)) => {
            numbers(stored, number).is_some_and(|order| ordered(op, order))
        }
        _ => false,
    }
}

fn texts(stored: &str, op: Op, text: &str, case_exact: bool) -> bool {
    if case_exact {
        return plain(stored, op, text);
    }
    plain(&folded(stored), op, &folded(text))
}

fn plain(stored: &str, op: Op, text: &str) -> bool {
    match op {
        Op::Co => stored.contains(text),
        Op::Sw => stored.starts_with(text),
        Op::Ew => stored.ends_with(text),
        // Byte order is code point order, and the order of the storage's key columns.
        _ => ordered(op, stored.cmp(text)),
    }
}

/// The key of a text, without a copy for what is its own key already.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(fold::key(text))
    }
}

fn ordered(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Co | Op::Sw | Op::Ew => false,
    }
}

/// Whole numbers exactly, beyond the 53 bits of a float.
fn numbers(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// `pr` (RFC 7644 table 3): not null, not empty, and for lists and objects something in it.
pub(super) fn has_value(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => elements.iter().any(has_value),
        Value::Object(members) => members.values().any(has_value),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
