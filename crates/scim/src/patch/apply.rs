//! Steps applied to a document.

mod list;
mod write;

use serde_json::{Map, Value};

use self::write::Fixed;
use super::step::{Action, Spot, Verb};
use super::{Patch, in_operation};
use crate::error::Error;
use crate::lenient::Leniency;
use crate::path::Target;
use crate::resource::value::order;
use crate::resource::{Place, Resource, check, immutable};
use crate::schema::{Attribute, Mutability};

/// Applies all steps, or none.
pub(super) fn apply(
    patch: &Patch,
    before: &Resource,
    id: &str,
) -> Result<(Resource, Vec<Leniency>), Error> {
    let mut work = Work {
        patch,
        id,
        after: before.clone(),
        operation: 0,
        built: Vec::new(),
        leniencies: Vec::new(),
    };
    for step in &patch.steps {
        work.operation = step.operation;
        work.step(&step.action)
            .map_err(|error| in_operation(step.operation, error))?;
    }
    work.drop_hollow(before)?;
    // An untouched document is not judged: rules may be stricter than when it was stored.
    if work.after != *before {
        immutable::keep(&patch.registry, before, &mut work.after)?;
        check::whole(&work.after)?;
    }
    Ok((work.after, work.leniencies))
}

struct Work<'p> {
    patch: &'p Patch,
    id: &'p str,
    after: Resource,
    /// The number of the operation at work.
    operation: usize,
    /// For which paths an element was built, and by which operation.
    built: Vec<(usize, Spot)>,
    leniencies: Vec<Leniency>,
}

impl<'p> Work<'p> {
    fn step(&mut self, action: &Action) -> Result<(), Error> {
        match action {
            Action::Id(value) if value.as_str() == Some(self.id) => Ok(()),
            Action::Id(_) => Err(Error::mutability(
                "id is readOnly and must be the one of the resource",
            )),
            Action::Assign { spot, verb, value } => self.assign(spot, *verb, value),
            Action::Remove(spot) => self.remove(spot),
            Action::RemoveEqual { spot, gone } => self.remove_equal(spot, gone),
            Action::RemoveExtension(urn) => self.remove_extension(urn),
        }
    }

    fn assign(&mut self, spot: &Spot, verb: Verb, value: &Value) -> Result<(), Error> {
        let attribute = self.attribute(&spot.target)?;
        if attribute.multi_valued {
            return self.assign_in_list(attribute, spot, verb, value);
        }
        self.change(&spot.target, |home| match spot.target.sub.as_deref() {
            None => write::put(attribute, home, verb, value),
            Some(sub) => write::put_inside(attribute, home, sub, verb, value),
        })
    }

    fn remove(&mut self, spot: &Spot) -> Result<(), Error> {
        let attribute = self.attribute(&spot.target)?;
        if attribute.multi_valued && (spot.filter.is_some() || spot.target.sub.is_some()) {
            return self.remove_in_list(attribute, spot);
        }
        self.change(&spot.target, |home| match spot.target.sub.as_deref() {
            None => write::take(attribute, home),
            Some(sub) => write::take_inside(attribute, home, sub),
        })
    }

    fn remove_extension(&mut self, urn: &str) -> Result<(), Error> {
        let registry = &self.patch.registry;
        let Some(schema) = registry.extension(self.patch.kind, urn) else {
            return Ok(());
        };
        let set = |attribute: &&Attribute| {
            let data = self.after.extension(&schema.id);
            data.is_some_and(|data| data.contains_key(attribute.name.as_ref()))
        };
        let fixed = |attribute: &&Attribute| attribute.mutability == Mutability::Immutable;
        if let Some(attribute) = schema.attributes.iter().filter(fixed).find(set) {
            let urn = Place::top(urn);
            return Err(immutable::is_set(&urn.inside(&attribute.name)));
        }
        self.after.attributes.shift_remove(urn);
        Ok(())
    }

    /// The schema's row for the top-level attribute.
    fn attribute(&self, target: &Target) -> Result<&'p Attribute, Error> {
        let schema = target.schema.as_deref();
        self.patch
            .registry
            .attribute(self.patch.kind, schema, &target.name)
            .map(|found| found.attribute)
            .ok_or_else(|| Error::invalid_path(format!("{target} is no attribute")))
    }

    /// Changes the object that holds the attribute: the document, or an extension's data, which
    /// is made when missing and goes when empty.
    fn change<T>(
        &mut self,
        target: &Target,
        change: impl FnOnce(&mut Map<String, Value>) -> Result<T, Fixed>,
    ) -> Result<T, Error> {
        let document = &mut self.after.attributes;
        let Some(urn) = &target.schema else {
            return change(document).map_err(|fixed| fixed.error(target));
        };
        let mut data = match document.get_mut(urn).map(Value::take) {
            Some(Value::Object(data)) => data,
            _ => Map::new(),
        };
        let result = change(&mut data);
        if data.is_empty() {
            document.shift_remove(urn);
        } else {
            if let Some(schema) = self.patch.registry.extension(self.patch.kind, urn) {
                order(&schema.attributes, &mut data);
            }
            document.insert(urn.clone(), Value::Object(data));
        }
        result.map_err(|fixed| fixed.error(target))
    }
}
