//! From operations to steps: paths are resolved, values taken apart, mended and checked.

mod aim;
mod remove;

use serde_json::{Map, Value};

use self::aim::Aim;
use super::in_operation;
use super::members::{self, MemberOp};
use super::request::Operation;
use super::step::{Action, Spot, Step, Verb};
use crate::error::Error;
use crate::filter::Filter;
use crate::lenient::{self, Leniency, note};
use crate::path::Located;
use crate::profile::Rule;
use crate::registry::Registry;
use crate::resource::Place;
use crate::resource::value::{self, Notes};
use crate::schema::{Attribute, Kind, Mutability, Schema};

/// What reading gives.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) steps: Vec<Step>,
    pub(super) members: Vec<MemberOp>,
    pub(super) notes: Notes,
}

/// Compiles all operations, in order.
pub(super) fn compile(
    registry: &Registry,
    kind: Kind,
    notes: Notes,
    operations: Vec<Operation>,
) -> Result<Compiled, Error> {
    let mut compiler = Compiler {
        registry,
        kind,
        operation: 0,
        out: Compiled {
            steps: Vec::with_capacity(operations.len()),
            members: Vec::new(),
            notes,
        },
    };
    for operation in operations {
        let number = operation.number;
        compiler.operation = number;
        compiler
            .operation(operation)
            .map_err(|error| in_operation(number, error))?;
    }
    members::check_total(&compiler.out.members)?;
    Ok(compiler.out)
}

struct Compiler<'r> {
    registry: &'r Registry,
    kind: Kind,
    operation: usize,
    out: Compiled,
}

impl<'r> Compiler<'r> {
    fn operation(&mut self, operation: Operation) -> Result<(), Error> {
        let Operation {
            verb, path, value, ..
        } = operation;
        let mode = self.out.notes.mode;
        let aim = match &path {
            None if mode.follows(Rule::PathRequired) => {
                return Err(Error::invalid_syntax(
                    "on a strict connection every operation needs a path",
                ));
            }
            None => Aim::Whole,
            Some(path) => aim::read(self.registry, self.kind, path, &mut self.out.notes)?,
        };
        if verb == Verb::Remove {
            return self.remove(aim, value);
        }
        let value = value.ok_or_else(|| {
            Error::invalid_value("add and replace need a value; null stands for unassigned")
        })?;
        match aim {
            Aim::Whole => self.whole(verb, value),
            Aim::Extension(schema) => self.extension(schema, verb, value),
            Aim::Attribute { at, filter } => self.assign(at, filter, verb, value),
            Aim::Schemas => self.schemas(&value),
            Aim::Nothing => Ok(()),
        }
    }

    /// A value without path: its keys are paths. What only the server writes is passed over,
    /// because clients send back what they read; another `id` is a mistake that must be seen.
    fn whole(&mut self, verb: Verb, value: Value) -> Result<(), Error> {
        for (key, value) in self.keys(value)? {
            if key.eq_ignore_ascii_case("id") {
                self.push(Action::Id(value));
                continue;
            }
            match aim::key(self.registry, self.kind, &key, &mut self.out.notes)? {
                Aim::Attribute { at, .. } if is_read_only(at) => {}
                Aim::Attribute { at, filter } => self.assign(at, filter, verb, value)?,
                Aim::Extension(schema) => self.extension(schema, verb, value)?,
                Aim::Whole => self.whole(verb, value)?,
                Aim::Schemas => self.schemas(&value)?,
                Aim::Nothing => {}
            }
        }
        Ok(())
    }

    /// `schemas` follows from the data, whatever a client writes, and what it writes is not kept, so
    /// that there is nothing to note; [`Rule::KnownNames`] refuses URIs that are not known.
    fn schemas(&mut self, value: &Value) -> Result<(), Error> {
        let uris = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        let strict = self.out.notes.mode.follows(Rule::KnownNames);
        for uri in uris.iter().filter_map(Value::as_str).filter(|_| strict) {
            let known = uri.eq_ignore_ascii_case(self.kind.core_urn())
                || self.registry.extension(self.kind, uri).is_some();
            if !known {
                self.out.notes.unknown_schema(uri)?;
            }
        }
        Ok(())
    }

    /// Lenient: the object in a list of one.
    fn keys(&mut self, value: Value) -> Result<Map<String, Value>, Error> {
        match value {
            Value::Object(members) => Ok(members),
            Value::Array(mut items) if items.len() == 1 && self.out.notes.mode.is_lenient() => {
                note(&mut self.out.notes.leniencies, Leniency::OneElementList);
                self.keys(items.pop().unwrap_or_default())
            }
            _ => Err(Error::invalid_value(
                "value must be an object of attributes when there is no path",
            )),
        }
    }

    /// An extension's object merges; null takes its data out.
    fn extension(&mut self, schema: &'r Schema, verb: Verb, value: Value) -> Result<(), Error> {
        let members = match value {
            Value::Null => {
                self.push(Action::RemoveExtension(schema.id.to_string()));
                return Ok(());
            }
            Value::Object(members) => members,
            _ => {
                let problem = format!("{} must be an object", schema.id);
                return Err(Error::invalid_value(problem));
            }
        };
        for (name, value) in members {
            let path = format!("{}:{name}", schema.id);
            match aim::key(self.registry, self.kind, &path, &mut self.out.notes)? {
                Aim::Attribute { at, filter } if !is_read_only(at) => {
                    self.assign(at, filter, verb, value)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn assign(
        &mut self,
        at: Located<'r>,
        filter: Option<Filter>,
        verb: Verb,
        mut value: Value,
    ) -> Result<(), Error> {
        writable(at)?;
        if self.is_members(at) {
            return self.assign_members(at, filter.is_some(), verb, value);
        }
        let notes = &mut self.out.notes;
        let element = filter.is_some() && at.sub.is_none();
        let attribute = at.leaf();
        // A simple element has no parts.
        let has_parts = element && attribute.is_complex();
        if has_parts && notes.mode.follows(Rule::PartsOfElements) {
            return Err(whole_element(at));
        }
        if notes.mode.is_lenient() {
            if element {
                mend_element(attribute, &mut value, &mut notes.leniencies);
            } else {
                lenient::mend_value(attribute, &mut value, &mut notes.leniencies);
            }
        }
        let list = attribute.multi_valued && !element;
        if value.is_null() || (list && verb == Verb::Replace && is_empty_list(&value)) {
            return self.unassign(at, filter, list, verb);
        }
        if attribute.is_complex() && !attribute.multi_valued {
            return self.parts(at, verb, value);
        }
        let read = if element {
            value::read_element
        } else {
            value::read
        };
        let checked = named(at, |place| read(attribute, value, place, notes))?;
        if let Some(value) = checked {
            let spot = spot(at, filter);
            self.push(Action::Assign { spot, verb, value });
        }
        Ok(())
    }

    /// Null: adding nothing to a list leaves the list; else the spot becomes unassigned.
    fn unassign(
        &mut self,
        at: Located<'r>,
        filter: Option<Filter>,
        list: bool,
        verb: Verb,
    ) -> Result<(), Error> {
        if list && verb == Verb::Add {
            return Ok(());
        }
        if at.leaf().required && filter.is_none() {
            return Err(named(at, |place| {
                Error::invalid_value(format!("{place} is required and must not be empty"))
            }));
        }
        self.remove_spot(at, filter)
    }

    /// The object of a single complex attribute: its members one by one, so that those it does
    /// not name stay (RFC 7644 section 3.5.2.3) unless [`Rule::WholeReplacement`] takes them out.
    /// `value` goes first, because it makes an old `$ref` stale.
    fn parts(&mut self, at: Located<'r>, verb: Verb, value: Value) -> Result<(), Error> {
        let Value::Object(members) = value else {
            return named(at, |place| {
                let problem = format!("{place} must be an object");
                Err(Error::invalid_value(problem))
            });
        };
        if verb == Verb::Replace && self.out.notes.mode.follows(Rule::WholeReplacement) {
            self.take_unnamed(at, &members)?;
        }
        let (first, rest): (Vec<_>, Vec<_>) = members
            .into_iter()
            .partition(|(name, _)| name.eq_ignore_ascii_case("value"));
        for (name, value) in first.into_iter().chain(rest) {
            match at.top.sub(&name) {
                Some(sub) if sub.is_read_only() => {}
                Some(sub) => {
                    let at = Located {
                        sub: Some(sub),
                        ..at
                    };
                    self.assign(at, None, verb, value)?;
                }
                None => {
                    let notes = &mut self.out.notes;
                    named(at, |place| notes.unknown(&place.inside(&name)))?;
                }
            }
        }
        Ok(())
    }

    /// Takes out of a complex attribute what its new value does not name, except what is set once
    /// for all.
    fn take_unnamed(&mut self, at: Located<'r>, members: &Map<String, Value>) -> Result<(), Error> {
        let named = |sub: &Attribute| {
            members
                .keys()
                .any(|name| sub.name.eq_ignore_ascii_case(name))
        };
        let subs = at.top.sub_attributes.iter();
        for sub in subs.filter(|sub| sub.mutability == Mutability::ReadWrite && !named(sub)) {
            let at = Located {
                sub: Some(sub),
                ..at
            };
            self.remove_spot(at, None)?;
        }
        Ok(())
    }

    fn is_members(&self, at: Located<'_>) -> bool {
        self.kind == Kind::Group && at.schema.is_none() && at.top.name == "members"
    }

    /// A member cannot be changed, only added and removed.
    fn assign_members(
        &mut self,
        at: Located<'r>,
        filtered: bool,
        verb: Verb,
        value: Value,
    ) -> Result<(), Error> {
        if filtered || at.sub.is_some() {
            return Err(immutable_members());
        }
        let operation = members::assign(at.top, verb, value, &mut self.out.notes)?;
        self.out.members.extend(operation);
        Ok(())
    }

    fn push(&mut self, action: Action) {
        self.out.steps.push(Step {
            operation: self.operation,
            action,
        });
    }
}

fn whole_element(at: Located<'_>) -> Error {
    named(at, |place| {
        Error::invalid_path(format!(
            "on a strict connection the path goes on to a sub-attribute: {place}[…].value"
        ))
    })
}

fn immutable_members() -> Error {
    Error::mutability("a member cannot be changed; remove it and add another")
}

fn spot(at: Located<'_>, filter: Option<Filter>) -> Spot {
    Spot {
        target: at.target(),
        filter,
    }
}

fn is_read_only(at: Located<'_>) -> bool {
    at.top.is_read_only() || at.leaf().is_read_only()
}

fn writable(at: Located<'_>) -> Result<(), Error> {
    if is_read_only(at) {
        return Err(named(at, |place| {
            Error::mutability(format!("{place} is readOnly: only the server changes it"))
        }));
    }
    Ok(())
}

/// Mends what stands for one element: as the only one of a list.
fn mend_element(attribute: &Attribute, value: &mut Value, acted: &mut Vec<Leniency>) {
    let mut list = match value.take() {
        Value::Array(items) if items.len() == 1 => {
            note(acted, Leniency::OneElementList);
            Value::Array(items)
        }
        one => Value::Array(vec![one]),
    };
    lenient::mend_value(attribute, &mut list, acted);
    *value = match list {
        Value::Array(mut items) => items.pop().unwrap_or_default(),
        other => other,
    };
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Calls with the attribute's place in the document, for error texts.
fn named<T>(at: Located<'_>, call: impl FnOnce(&Place<'_>) -> T) -> T {
    let urn = at.schema.map(|schema| Place::top(&schema.id));
    let top = match &urn {
        Some(urn) => urn.inside(&at.top.name),
        None => Place::top(&at.top.name),
    };
    match at.sub {
        Some(sub) => call(&top.inside(&sub.name)),
        None => call(&top),
    }
}
