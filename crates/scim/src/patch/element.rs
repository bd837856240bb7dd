//! Elements of lists: which ones are meant, what is built where none is, what is left over.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::filter::{Filter, Literal, Op};
use crate::path::Target;
use crate::resource::value::identity;
use crate::schema::Attribute;

/// The positions of the elements that match.
pub(super) fn matching(list: &[Value], filter: &Filter) -> Vec<usize> {
    let matches =
        |(position, element): (usize, &Value)| filter.matches(element).then_some(position);
    list.iter().enumerate().filter_map(matches).collect()
}

/// The element that `emails.value`, without a filter, means: the primary one, else the only one.
/// Empty for an empty list.
///
/// # Errors
///
/// 400 `invalidPath` when there are several and none is primary.
pub(super) fn meant(target: &Target, list: &[Value]) -> Result<Vec<usize>, Error> {
    if let Some(primary) = list.iter().position(is_primary) {
        return Ok(vec![primary]);
    }
    match list.len() {
        0 => Ok(Vec::new()),
        1 => Ok(vec![0]),
        _ => Err(Error::invalid_path(format!(
            "{target}: the list has several values and none is primary; say which: \
             {}[type eq \"work\"]",
            target.name
        ))),
    }
}

/// What a filter says an element is: the values of `eq` terms joined by `and` on distinct
/// writable sub-attributes. `None` for every other filter, for which no element can be built.
pub(super) fn described(attribute: &Attribute, filter: &Filter) -> Option<Map<String, Value>> {
    let mut element = Map::new();
    let terms = match filter {
        Filter::And(terms) => terms.as_slice(),
        single => std::slice::from_ref(single),
    };
    for term in terms {
        let Filter::Compare {
            target,
            op: Op::Eq,
            value,
        } = term
        else {
            return None;
        };
        let sub = attribute.sub(&target.name)?;
        let value = plain(value)?;
        if sub.is_read_only() || element.insert(target.name.clone(), value).is_some() {
            return None;
        }
    }
    Some(element)
}

fn plain(literal: &Literal) -> Option<Value> {
    match literal {
        Literal::Text(text) => Some(Value::from(text.as_str())),
        Literal::Bool(truth) => Some(Value::Bool(*truth)),
        Literal::Number(number) => Some(Value::Number(number.clone())),
        Literal::DateTime(time) => Some(Value::from(time.to_string())),
        Literal::Null => None,
    }
}

/// True for an element that says only what kind of value it would be, without the value, in a list
/// whose elements could say more.
pub(super) fn is_hollow(attribute: &Attribute, element: &Value) -> bool {
    let says_kind = |name: &str| matches!(name, "type" | "primary" | "display");
    let mut rows = attribute.sub_attributes.iter();
    rows.any(|row| !says_kind(&row.name))
        && element
            .as_object()
            .is_some_and(|members| members.keys().all(|name| says_kind(name)))
}

/// Elements that a removal names: by value, and by type where it names one; those without a value
/// as a whole.
pub(super) struct Equals {
    named: HashSet<(String, String)>,
    whole: HashSet<String>,
}

impl Equals {
    pub(super) fn new(attribute: &Attribute, elements: &[Value]) -> Equals {
        let (mut named, mut whole) = (HashSet::new(), HashSet::new());
        for element in elements {
            match identity(attribute, element) {
                Some(of) => {
                    named.insert(of);
                }
                None => {
                    whole.insert(element.to_string());
                }
            }
        }
        Equals { named, whole }
    }

    pub(super) fn has(&self, attribute: &Attribute, element: &Value) -> bool {
        match identity(attribute, element) {
            Some((kind, value)) => {
                self.named.contains(&(String::new(), value.clone()))
                    || self.named.contains(&(kind, value))
            }
            None => self.whole.contains(&element.to_string()),
        }
    }
}

/// If one of the written elements is primary, the first of them is the only one in the list
/// (RFC 7644 section 3.5.2).
pub(super) fn one_primary(list: &mut [Value], written: &[usize]) {
    let first = written
        .iter()
        .copied()
        .find(|&position| list.get(position).is_some_and(is_primary));
    let Some(first) = first else {
        return;
    };
    for (position, element) in list.iter_mut().enumerate() {
        if position != first && is_primary(element) {
            element["primary"] = Value::Bool(false);
        }
    }
}

fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}
