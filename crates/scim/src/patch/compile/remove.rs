//! `remove`, and what else takes values away.

use serde_json::Value;

use super::super::members;
use super::super::step::Action;
use super::aim::Aim;
use super::{Compiler, immutable_members, named, spot, writable};
use crate::error::Error;
use crate::filter::Filter;
use crate::lenient::{self, Leniency, note};
use crate::path::Located;
use crate::resource::value;

impl<'r> Compiler<'r> {
    pub(super) fn remove(&mut self, aim: Aim<'r>, value: Option<Value>) -> Result<(), Error> {
        match aim {
            Aim::Whole => Err(Error::no_target(
                "a removal needs a path that names what to remove",
            )),
            Aim::Nothing => Ok(()),
            Aim::Schemas => Err(Error::mutability("schemas is required")),
            Aim::Extension(schema) => {
                self.push(Action::RemoveExtension(schema.id.to_string()));
                Ok(())
            }
            Aim::Attribute { at, filter } if self.is_members(at) => {
                self.remove_members(at, filter, value)
            }
            Aim::Attribute { at, filter } => {
                let list = at.top.multi_valued && at.sub.is_none() && filter.is_none();
                match value.filter(|value| list && !value.is_null()) {
                    Some(value) => self.remove_equal(at, value),
                    None => self.remove_spot(at, filter),
                }
            }
        }
    }

    /// A removal of a list with a value. The RFC knows no value here and would remove all, which
    /// nobody means who names some: lenient removes those, as for members; else it is refused.
    fn remove_equal(&mut self, at: Located<'r>, mut value: Value) -> Result<(), Error> {
        writable(at)?;
        let (attribute, notes) = (at.top, &mut self.out.notes);
        if !notes.mode.is_lenient() {
            return Err(named(at, |place| {
                Error::invalid_value(format!(
                    "a removal has no value; name the elements by path: {place}[value eq \"…\"]"
                ))
            }));
        }
        note(&mut notes.leniencies, Leniency::ListRemoval);
        lenient::mend_value(attribute, &mut value, &mut notes.leniencies);
        let read = named(at, |place| value::read(attribute, value, place, notes))?;
        if let Some(Value::Array(gone)) = read {
            let spot = spot(at, None);
            self.push(Action::RemoveEqual { spot, gone });
        }
        Ok(())
    }

    pub(super) fn remove_spot(
        &mut self,
        at: Located<'r>,
        filter: Option<Filter>,
    ) -> Result<(), Error> {
        writable(at)?;
        if at.leaf().required && filter.is_none() {
            return Err(named(at, |place| {
                Error::mutability(format!("{place} is required and cannot be removed"))
            }));
        }
        self.push(Action::Remove(spot(at, filter)));
        Ok(())
    }

    fn remove_members(
        &mut self,
        at: Located<'r>,
        filter: Option<Filter>,
        value: Option<Value>,
    ) -> Result<(), Error> {
        if at.sub.is_some() {
            return Err(immutable_members());
        }
        let operation = match filter {
            Some(filter) => Some(members::remove_matching(filter)),
            None => members::remove(at.top, value, &mut self.out.notes)?,
        };
        self.out.members.extend(operation);
        Ok(())
    }
}
