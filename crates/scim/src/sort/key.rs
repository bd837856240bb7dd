//! The value that places a resource.

use std::cmp::Ordering;

use serde_json::Value;

use crate::date_time::Moment;
use crate::fold::{self, MAX_KEY_BYTES};
use crate::path::Target;
use crate::schema::Type;

/// The place of a resource in ascending order. Keys of one attribute have one type, so the order
/// of the variants matters only for the last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// False before true.
    Boolean(bool),
    /// By value.
    Number(Number),
    /// By moment, whatever the offset it was written with.
    Moment(Moment),
    /// By code points: the folded key where the attribute ignores case, else the text. At most
    /// [`MAX_KEY_BYTES`] long, as the key columns of the storage are; longer text is placed by
    /// its beginning.
    Text(String),
    /// No value (absent, null, or an empty text or list): after everything else.
    Missing,
}

/// A JSON number with the order of the numbers: exact, and total over whole numbers and
/// fractions together.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// A whole number.
    Whole(i128),
    /// What has a fraction, or is too large for the other. Never NaN.
    Fraction(f64),
}

/// Above this a float has no fraction and may not fit the whole numbers.
const LARGE: f64 = 1e30;

impl Number {
    /// The number of a JSON value.
    pub fn of(number: &serde_json::Number) -> Number {
        match number.as_i128() {
            Some(whole) => Number::Whole(whole),
            None => Number::of_float(number.as_f64().unwrap_or_default()),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole, and within 10^30")]
    fn of_float(float: f64) -> Number {
        if float.abs() < LARGE && float.fract() == 0.0 {
            Number::Whole(float as i128)
        } else {
            Number::Fraction(float)
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (*self, *other) {
            (Number::Whole(one), Number::Whole(other)) => one.cmp(&other),
            (Number::Fraction(one), Number::Fraction(other)) => one.total_cmp(&other),
            (Number::Whole(one), Number::Fraction(other)) => mixed(one, other),
            (Number::Fraction(one), Number::Whole(other)) => mixed(other, one).reverse(),
        }
    }
}

/// Through floats alone 2^53 and 2^53 + 1 would both equal a third number, and the order would
/// not be one.
#[expect(clippy::cast_possible_truncation, reason = "a floor within 10^30")]
fn mixed(whole: i128, fraction: f64) -> Ordering {
    if fraction >= LARGE {
        return Ordering::Less;
    }
    if fraction <= -LARGE {
        return Ordering::Greater;
    }
    let floor = fraction.floor() as i128;
    // A fraction is never whole, so it is above its floor.
    whole.cmp(&floor).then(Ordering::Less)
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

/// The key of a document.
pub(super) fn of(target: &Target, document: &Value) -> SortKey {
    leaf(target, document)
        .and_then(|value| read(target, value))
        .unwrap_or(SortKey::Missing)
}

fn leaf<'d>(target: &Target, document: &'d Value) -> Option<&'d Value> {
    let parent = match &target.schema {
        None => document,
        Some(urn) => document.get(urn)?,
    };
    let top = one_of(parent.get(&target.name)?)?;
    match &target.sub {
        None => Some(top),
        Some(sub) => one_of(top.get(sub)?),
    }
}

/// Of a list the element marked primary, else the first.
fn one_of(value: &Value) -> Option<&Value> {
    let Value::Array(elements) = value else {
        return Some(value);
    };
    elements
        .iter()
        .find(|element| element.get("primary") == Some(&Value::Bool(true)))
        .or_else(|| elements.first())
}

/// `None` for a value of another type, which only data from an older schema has.
fn read(target: &Target, value: &Value) -> Option<SortKey> {
    match (target.leaf.kind, value) {
        (Type::DateTime, Value::String(text)) => Moment::read(text).map(SortKey::Moment),
        (_, Value::String(text)) => self::text(text, target.leaf.case_exact),
        (_, Value::Bool(flag)) => Some(SortKey::Boolean(*flag)),
        (_, Value::Number(number)) => Some(SortKey::Number(Number::of(number))),
        _ => None,
    }
}

fn text(text: &str, case_exact: bool) -> Option<SortKey> {
    let mut key = if case_exact {
        text.to_owned()
    } else {
        fold::key(text)
    };
    key.truncate(key.floor_char_boundary(MAX_KEY_BYTES));
    (!text.is_empty()).then_some(SortKey::Text(key))
}
