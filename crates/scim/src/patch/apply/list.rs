//! Steps on lists.

use serde_json::{Map, Value};

use super::super::element::{Equals, described, is_hollow, matching, meant, one_primary};
use super::super::in_operation;
use super::super::step::{Spot, Verb};
use super::write::Fixed;
use super::{Work, write};
use crate::error::Error;
use crate::filter::Filter;
use crate::lenient::{Leniency, note};
use crate::path::Target;
use crate::resource::value::{few, identity, merge_equal, order};
use crate::resource::{Place, Resource};
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
                let (mut list, written) = self.selected(attribute, old, spot, verb)?;
                for &position in &written {
                    let Some(element) = list.get_mut(position) else {
                        continue;
                    };
                    match sub {
                        Some(sub) => put_sub(attribute, element, sub, verb, value),
                        None => put_element(attribute, element, filter.as_ref(), verb, value),
                    }
                    .map_err(|fixed| fixed.error(&spot.target))?;
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
            None => meant(&spot.target, &list)?,
        };
        if matched.is_empty() && spot.filter.is_some() {
            self.nothing_matched(spot)?;
        }
        let mut matched = matched.into_iter().peekable();
        let mut left = Vec::with_capacity(list.len());
        for (position, mut element) in list.into_iter().enumerate() {
            let gone = match (matched.next_if_eq(&position), spot.target.sub.as_deref()) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(_), Some(sub)) => take_sub(attribute, &mut element, sub)
                    .map_err(|fixed| fixed.error(&spot.target))?,
            };
            if !gone {
                left.push(element);
            }
        }
        self.put_list(attribute, spot, left)
    }

    /// Takes the elements that equal one of these out. Lenient connections only.
    pub(super) fn remove_equal(&mut self, spot: &Spot, gone: &[Value]) -> Result<(), Error> {
        let attribute = self.attribute(&spot.target)?;
        let mut list = self.list(attribute, spot)?;
        let (gone, before) = (Equals::new(attribute, gone), list.len());
        list.retain(|element| !gone.has(attribute, element));
        if list.len() == before {
            self.nothing_matched(spot)?;
        }
        self.put_list(attribute, spot, list)
    }

    /// What was built for a path and has no more in it than which kind of value it would be goes
    /// again. Only at the end: Entra ID writes `type`, `display` and `value` of a new element by
    /// operations of their own, in any order.
    pub(super) fn drop_hollow(&mut self, before: &Resource) -> Result<(), Error> {
        for (operation, spot) in std::mem::take(&mut self.built) {
            let attribute = self.attribute(&spot.target)?;
            let old = stored(before, &spot.target).and_then(Value::as_array);
            let mut list = self.list(attribute, &spot)?;
            let matches = |element: &Value| match &spot.filter {
                Some(filter) => filter.matches(element),
                None => true,
            };
            let hollow = |element: &Value| {
                is_hollow(attribute, element)
                    && matches(element)
                    && !old.is_some_and(|old| old.contains(element))
            };
            if !self.patch.mode.is_lenient() && list.iter().any(hollow) {
                return Err(in_operation(operation, no_target(&spot.target)));
            }
            list.retain(|element| !hollow(element));
            self.put_list(attribute, &spot, list)?;
        }
        Ok(())
    }

    /// RFC 7644 has `noTarget`. Lenient: what is to be gone is gone.
    fn nothing_matched(&mut self, spot: &Spot) -> Result<(), Error> {
        if !self.patch.mode.is_lenient() {
            return Err(no_target(&spot.target));
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
        spot: &Spot,
        verb: Verb,
    ) -> Result<(Vec<Value>, Vec<usize>), Error> {
        let found = match &spot.filter {
            Some(filter) => matching(&list, filter),
            None => meant(&spot.target, &list)?,
        };
        if !found.is_empty() {
            return Ok((list, found));
        }
        if let Some(filter) = &spot.filter {
            let element = if attribute.is_complex() {
                described(attribute, filter)
            } else {
                Some(Map::new())
            };
            if verb == Verb::Replace {
                if !self.patch.mode.is_lenient() {
                    return Err(no_target(&spot.target));
                }
                note(&mut self.leniencies, Leniency::ElementBuilt);
            }
            let element = element.ok_or_else(|| no_target(&spot.target))?;
            list.push(Value::Object(element));
        } else {
            list.push(Value::Object(Map::new()));
        }
        self.built.push((self.operation, spot.clone()));
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
        let urn = spot.target.schema.as_deref().map(Place::top);
        few(&Place::below(urn.as_ref(), &attribute.name), list.len())?;
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
) -> Result<(), Fixed> {
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
) -> Result<(), Fixed> {
    match element {
        Value::Object(object) => write::put_sub(attribute, object, sub, verb, value),
        _ => Ok(()),
    }
}

/// Takes a sub-attribute out of an element; true when nothing of worth is left of it.
fn take_sub(attribute: &Attribute, element: &mut Value, sub: &str) -> Result<bool, Fixed> {
    if let (Some(row), Value::Object(object)) = (attribute.sub(sub), &mut *element) {
        write::take(row, object)?;
    }
    Ok(is_hollow(attribute, element))
}

fn stored<'d>(document: &'d Resource, target: &Target) -> Option<&'d Value> {
    match &target.schema {
        None => document.get(&target.name),
        Some(urn) => document.extension(urn)?.get(&target.name),
    }
}

/// Says which list it is, without the sub-attribute.
fn no_target(target: &Target) -> Error {
    let urn = target.schema.as_deref().map(Place::top);
    let list = Place::below(urn.as_ref(), &target.name);
    Error::no_target(format!("no element of {list} matches the path"))
}
