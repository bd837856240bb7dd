//! Steps on lists.

use serde_json::{Map, Value};

use super::super::element::{described, is_hollow, matching, meant, one_primary};
use super::super::step::{Spot, Verb};
use super::{Work, write};
use crate::error::Error;
use crate::filter::Filter;
use crate::lenient::{Leniency, note};
use crate::resource::Place;
use crate::resource::value::{few, identity, merge_equal, order};
use crate::schema::{Attribute, Mutability};

impl Work<'_> {
    pub(super) fn assign_in_list(
        &mut self,
        attribute: &Attribute,
        spot: &Spot,
        verb: Verb,
        value: &Value,
    ) -> Result<(), Error> {
        let old = self.list(attribute, spot)?;
        let sub = spot.target.sub.as_deref();
        let list = match (&spot.filter, sub) {
            (None, None) => whole(attribute, old, verb, value),
            (filter, sub) => {
                let (mut list, written) = self.selected(attribute, old, filter.as_ref(), verb)?;
                for &position in &written {
                    let Some(element) = list.get_mut(position) else {
                        continue;
                    };
                    match sub {
                        Some(sub) => put_sub(attribute, element, sub, verb, value)?,
                        None => put_element(attribute, element, filter.as_ref(), verb, value)?,
                    }
                }
                one_primary(&mut list, &written);
                merge_equal(attribute, list)
            }
        };
        self.put_list(attribute, spot, list)
    }

    pub(super) fn remove_in_list(
        &mut self,
        attribute: &Attribute,
        spot: &Spot,
    ) -> Result<(), Error> {
        let list = self.list(attribute, spot)?;
        let matched = match &spot.filter {
            Some(filter) => matching(&list, filter),
            None => meant(&attribute.name, &list)?,
        };
        if matched.is_empty() && spot.filter.is_some() {
            self.nothing_matched(attribute)?;
        }
        let mut matched = matched.into_iter().peekable();
        let mut left = Vec::with_capacity(list.len());
        for (position, mut element) in list.into_iter().enumerate() {
            let gone = match (matched.next_if_eq(&position), spot.target.sub.as_deref()) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(_), Some(sub)) => take_sub(attribute, &mut element, sub)?,
            };
            if !gone {
                left.push(element);
            }
        }
        self.put_list(attribute, spot, left)
    }

    /// RFC 7644 has `noTarget`. Lenient: what is to be gone is gone.
    fn nothing_matched(&mut self, attribute: &Attribute) -> Result<(), Error> {
        if !self.patch.mode.is_lenient() {
            return Err(no_target(attribute));
        }
        note(&mut self.leniencies, Leniency::NothingRemoved);
        Ok(())
    }

    /// The list, and the positions in it that are written; an element is built where none is.
    ///
    /// Entra ID replaces `emails[type eq "work"].value` before there is one, where the RFC has
    /// `noTarget`; lenient only. Adding builds in both modes.
    fn selected(
        &mut self,
        attribute: &Attribute,
        mut list: Vec<Value>,
        filter: Option<&Filter>,
        verb: Verb,
    ) -> Result<(Vec<Value>, Vec<usize>), Error> {
        let found = match filter {
            Some(filter) => matching(&list, filter),
            None => meant(&attribute.name, &list)?,
        };
        if !found.is_empty() {
            return Ok((list, found));
        }
        if let Some(filter) = filter {
            let element = if attribute.is_complex() {
                described(attribute, filter)
            } else {
                Some(Map::new())
            };
            if verb == Verb::Replace {
                if !self.patch.mode.is_lenient() {
                    return Err(no_target(attribute));
                }
                note(&mut self.leniencies, Leniency::ElementBuilt);
            }
            let element = element.ok_or_else(|| no_target(attribute))?;
            list.push(Value::Object(element));
        } else {
            list.push(Value::Object(Map::new()));
        }
        let built = list.len() - 1;
        Ok((list, vec![built]))
    }

    /// The list, taken out of the document unless it is needed there for comparison.
    fn list(&mut self, attribute: &Attribute, spot: &Spot) -> Result<Vec<Value>, Error> {
        let fixed = attribute.mutability == Mutability::Immutable;
        self.change(&spot.target, |home| {
            let stored = home.get_mut(attribute.name.as_ref());
            let list = stored.map(|list| if fixed { list.clone() } else { list.take() });
            Ok(match list {
                Some(Value::Array(list)) => list,
                _ => Vec::new(),
            })
        })
    }

    fn put_list(
        &mut self,
        attribute: &Attribute,
        spot: &Spot,
        list: Vec<Value>,
    ) -> Result<(), Error> {
        // After every operation, so that no number of them makes a list that costs more.
        few(&Place::top(&attribute.name), list.len())?;
        self.change(&spot.target, |home| {
            if list.is_empty() {
                return write::take(attribute, home);
            }
            write::put(attribute, home, Verb::Replace, &Value::Array(list))
        })
    }
}

/// The list without a filter: replaced, or joined with the new elements, of which a primary one
/// takes the mark from the old.
fn whole(attribute: &Attribute, old: Vec<Value>, verb: Verb, value: &Value) -> Vec<Value> {
    let new = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if verb == Verb::Replace {
        return new.to_vec();
    }
    let mut list = write::union(attribute, old, new);
    let primary = new
        .iter()
        .find(|element| element.get("primary") == Some(&Value::Bool(true)));
    if let Some(primary) = primary {
        let position = list
            .iter()
            .position(|element| same(attribute, element, primary));
        one_primary(&mut list, position.as_slice());
    }
    list
}

/// True for the element that an added one became: equal in type and value, or altogether when it
/// has no value.
fn same(attribute: &Attribute, element: &Value, added: &Value) -> bool {
    match identity(attribute, added) {
        Some(added) => identity(attribute, element) == Some(added),
        None => element == added,
    }
}

/// Writes one element: `Add` merges into it; `Replace` leaves nothing of it but what the filter
/// says, so that it is still the element that the path names.
fn put_element(
    attribute: &Attribute,
    element: &mut Value,
    filter: Option<&Filter>,
    verb: Verb,
    value: &Value,
) -> Result<(), Error> {
    let (Value::Object(old), Value::Object(new)) = (&*element, value) else {
        *element = value.clone();
        return Ok(());
    };
    let mut object = if verb == Verb::Add {
        old.clone()
    } else {
        let mut kept = filter
            .and_then(|filter| described(attribute, filter))
            .unwrap_or_default();
        let fixed = attribute.sub_attributes.iter().filter(|sub| {
            sub.mutability == Mutability::Immutable && old.contains_key(sub.name.as_ref())
        });
        for sub in fixed {
            let name = sub.name.as_ref();
            kept.insert(name.to_owned(), old.get(name).cloned().unwrap_or_default());
        }
        kept
    };
    for (name, value) in new {
        write::put_sub(attribute, &mut object, name, verb, value)?;
    }
    order(&attribute.sub_attributes, &mut object);
    *element = Value::Object(object);
    Ok(())
}

fn put_sub(
    attribute: &Attribute,
    element: &mut Value,
    sub: &str,
    verb: Verb,
    value: &Value,
) -> Result<(), Error> {
    match element {
        Value::Object(object) => write::put_sub(attribute, object, sub, verb, value),
        _ => Ok(()),
    }
}

/// Takes a sub-attribute out of an element; true when nothing of worth is left of it.
fn take_sub(attribute: &Attribute, element: &mut Value, sub: &str) -> Result<bool, Error> {
    if let (Some(row), Value::Object(object)) = (attribute.sub(sub), &mut *element) {
        write::take(row, object)?;
    }
    Ok(is_hollow(element))
}

fn no_target(attribute: &Attribute) -> Error {
    Error::no_target(format!("no element of {} matches the path", attribute.name))
}
