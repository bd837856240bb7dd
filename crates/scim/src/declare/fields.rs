//! The members of an object, taken one by one, with a fault for each that has the wrong type.

use serde_json::{Map, Value};

use super::{Collected, MAX_VALUES};

/// What is left of an object; its names ignore case, as attribute names do.
pub(super) struct Fields {
    members: Map<String, Value>,
    /// Where the object stands; empty at the top.
    at: String,
}

impl Fields {
    pub(super) fn new(members: Map<String, Value>, at: String) -> Fields {
        Fields { members, at }
    }

    /// Where a member stands.
    pub(super) fn place(&self, name: &str) -> String {
        if self.at.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.at)
        }
    }

    /// Takes a member; null is absent.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let known = self
            .members
            .keys()
            .find(|known| known.eq_ignore_ascii_case(name))?
            .clone();
        self.members
            .shift_remove(&known)
            .filter(|value| !value.is_null())
    }

    pub(super) fn skip(&mut self, names: &[&str]) {
        for name in names {
            self.take(name);
        }
    }

    /// A text without control characters, up to so many characters long.
    pub(super) fn text(
        &mut self,
        name: &str,
        longest: usize,
        faults: &mut Collected,
    ) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if is_plain(&text, longest) => Some(text),
            _ => {
                let problem =
                    format!("must be a string of at most {longest} characters without controls");
                faults.add(&self.place(name), problem);
                None
            }
        }
    }

    /// True or false; absent is the default.
    pub(super) fn flag(&mut self, name: &str, default: bool, faults: &mut Collected) -> bool {
        match self.take(name) {
            None => default,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                faults.add(&self.place(name), "must be true or false");
                default
            }
        }
    }

    /// A list of texts; absent is empty.
    pub(super) fn texts(&mut self, name: &str, faults: &mut Collected) -> Vec<String> {
        let list = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(list)) if list.len() <= MAX_VALUES => list,
            Some(_) => {
                let problem = format!("must be a list of at most {MAX_VALUES} strings");
                faults.add(&self.place(name), problem);
                return Vec::new();
            }
        };
        let mut texts = Vec::with_capacity(list.len());
        for (index, value) in list.into_iter().enumerate() {
            match value {
                Value::String(text) if !text.is_empty() && is_plain(&text, MAX_VALUE) => {
                    texts.push(text);
                }
                _ => faults.add(
                    &format!("{}[{index}]", self.place(name)),
                    format!("must be a string of 1 to {MAX_VALUE} characters without controls"),
                ),
            }
        }
        texts
    }

    /// A fault when something is left.
    pub(super) fn end(self, known: &str, faults: &mut Collected) {
        if !self.members.is_empty() {
            let place = if self.at.is_empty() {
                "schema"
            } else {
                &self.at
            };
            faults.add(place, format!("has a member that is not known: {known}"));
        }
    }
}

/// Longest canonical value or reference type, in characters.
const MAX_VALUE: usize = 200;

fn is_plain(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control)
}
