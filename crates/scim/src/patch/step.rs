//! The steps that operations are taken apart into.

use serde_json::Value;

use crate::filter::Filter;
use crate::path::Target;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Remove,
    Replace,
}

impl Verb {
    /// Every verb with its word.
    pub(super) const ALL: [(Verb, &'static str); 3] = [
        (Verb::Add, "add"),
        (Verb::Remove, "remove"),
        (Verb::Replace, "replace"),
    ];
}

/// One change, and the number of the operation it comes from.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) operation: usize,
    pub(super) action: Action,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    /// A value without path repeats the resource's `id`; it must be the same.
    Id(Value),
    /// Writes a value that was checked: an element where the spot has a filter and no
    /// sub-attribute, a whole list for a list, never an object for a single complex attribute.
    Assign {
        spot: Spot,
        /// `Add` or `Replace`.
        verb: Verb,
        value: Value,
    },
    /// Makes it unassigned.
    Remove(Spot),
    /// Takes elements out of a list, those that equal one of these.
    RemoveEqual { spot: Spot, gone: Vec<Value> },
    /// Takes all data of an extension out.
    RemoveExtension(String),
}

/// Where: an attribute or sub-attribute, of some elements if there is a filter.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) target: Target,
    pub(super) filter: Option<Filter>,
}

impl Step {
    /// The attribute it writes, in attribute notation.
    pub(super) fn written(&self) -> Option<String> {
        match &self.action {
            Action::Assign { spot, .. } => Some(spot.target.to_string()),
            _ => None,
        }
    }
}
