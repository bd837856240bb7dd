//! Operations on the members of a group.

use serde_json::Value;

use super::step::Verb;
use crate::error::Error;
use crate::filter::{Filter, Literal, Op};
use crate::lenient::{self, Leniency, note};
use crate::resource::MemberRef;
use crate::resource::members::{self, MAX_MEMBERS};
use crate::resource::value::Notes;
use crate::schema::Attribute;

/// A change of a group's members. Whether the members exist, and whether the change changes
/// anything, is for the caller to find out.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberOp {
    /// These as well.
    Add(Vec<MemberRef>),
    /// Without those of these ids; an id that is no member is fine.
    Remove(Vec<String>),
    /// Without those that match. The filter is on one member as it is answered: an object with
    /// `value`, `$ref`, `type`, `display`.
    RemoveMatching(Filter),
    /// These and no others. Never empty.
    Replace(Vec<MemberRef>),
    /// None.
    Clear,
}

impl MemberOp {
    /// How many members it names.
    pub fn named(&self) -> usize {
        match self {
            MemberOp::Add(members) | MemberOp::Replace(members) => members.len(),
            MemberOp::Remove(ids) => ids.len(),
            MemberOp::RemoveMatching(_) | MemberOp::Clear => 0,
        }
    }
}

/// Reads `add` and `replace` on `members`; `None` when nothing is to do. Null is no members.
pub(super) fn assign(
    attribute: &Attribute,
    verb: Verb,
    value: Value,
    notes: &mut Notes,
) -> Result<Option<MemberOp>, Error> {
    let members = read(attribute, value, notes)?;
    Ok(match (verb, members.is_empty()) {
        (Verb::Replace, true) => Some(MemberOp::Clear),
        (Verb::Replace, false) => Some(MemberOp::Replace(members)),
        (_, true) => None,
        (_, false) => Some(MemberOp::Add(members)),
    })
}

/// Reads `remove` on `members`.
///
/// Entra ID, JumpCloud, authentik and Rauthy send
/// `{"op": "Remove", "path": "members", "value": [{"value": "id"}]}` and mean only these. The RFC
/// knows no value here and would remove all, which nobody means: strict mode refuses.
pub(super) fn remove(
    attribute: &Attribute,
    value: Option<Value>,
    notes: &mut Notes,
) -> Result<Option<MemberOp>, Error> {
    let value = match value {
        None | Some(Value::Null) => return Ok(Some(MemberOp::Clear)),
        Some(value) => value,
    };
    if !notes.mode.is_lenient() {
        return Err(Error::invalid_value(
            "a removal has no value; name the members by path: members[value eq \"id\"]",
        ));
    }
    note(&mut notes.leniencies, Leniency::MemberListRemoval);
    let members = read(attribute, value, notes)?;
    let ids: Vec<String> = members.into_iter().map(|member| member.value).collect();
    Ok((!ids.is_empty()).then_some(MemberOp::Remove(ids)))
}

/// `remove` on `members[…]`. Okta and Entra ID name one member by its id.
pub(super) fn remove_matching(filter: Filter) -> MemberOp {
    match ids(&filter) {
        Some(ids) => MemberOp::Remove(ids),
        None => MemberOp::RemoveMatching(filter),
    }
}

/// The ids, if the filter is `value eq "id"`, or several of these joined by `or`.
fn ids(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare {
            target,
            op: Op::Eq,
            value: Literal::Text(id),
        } if target.name == "value" => Some(vec![id.clone()]),
        Filter::Or(terms) => {
            let each: Option<Vec<Vec<String>>> = terms.iter().map(ids).collect();
            Some(each?.concat())
        }
        _ => None,
    }
}

/// Refuses requests that name too many members over all their operations.
pub(super) fn check_total(operations: &[MemberOp]) -> Result<(), Error> {
    let total: usize = operations.iter().map(MemberOp::named).sum();
    if total > MAX_MEMBERS {
        return Err(Error::too_large(
            "members: a request may name 100,000 members at most",
        ));
    }
    Ok(())
}

fn read(
    attribute: &Attribute,
    mut value: Value,
    notes: &mut Notes,
) -> Result<Vec<MemberRef>, Error> {
    if notes.mode.is_lenient() {
        lenient::mend_value(attribute, &mut value, &mut notes.leniencies);
    }
    members::read(value, notes)
}
