//! PATCH (RFC 7644 section 3.5.2): read against the schema table, then applied to a document.
//!
//! Reading turns every operation into steps on single attributes: an operation without path is
//! taken apart by the keys of its value, an object for a complex attribute by its members. All
//! names, types and mutabilities are decided there, so that applying only moves values. What a
//! lenient connection mends is mended while reading, with two exceptions that depend on the
//! document (a value path that matches nothing).
//!
//! A group's members are not part of the document: they come out as [`MemberOp`]s.
//!
//! ```
//! use rolecall_scim::{Kind, MemberOp, Mode, Patch, Registry, Resource};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), rolecall_scim::Error> {
//! let body = json!({
//!     "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
//!     "Operations": [
//!         { "op": "replace", "path": "displayName", "value": "Reviewers" },
//!         { "op": "remove", "path": "members[value eq \"0190\"]" },
//!     ],
//! });
//! let patch = Patch::parse(&Registry::core(), Kind::Group, Mode::Strict, body)?;
//! let after = patch.apply(&Resource::new(Kind::Group), "0191")?;
//! assert_eq!(after.get("displayName").unwrap(), "Reviewers");
//! assert_eq!(patch.members(), [MemberOp::Remove(vec!["0190".to_owned()])]);
//! # Ok(())
//! # }
//! ```

mod apply;
mod compile;
mod element;
mod members;
mod request;
mod step;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::error::Error;
use crate::lenient::Leniency;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::resource::Resource;
use crate::resource::value::Notes;
use crate::schema::Kind;

pub use members::MemberOp;
pub use request::{MAX_OPERATIONS, PATCH_URN};

use step::Step;

/// A PATCH request that was understood. It may be applied to any resource of its type, any
/// number of times.
#[derive(Debug, Clone)]
pub struct Patch {
    registry: Registry,
    kind: Kind,
    mode: Mode,
    steps: Vec<Step>,
    members: Vec<MemberOp>,
    dropped: Vec<String>,
    leniencies: Vec<Leniency>,
}

impl Patch {
    /// Reads the body of a PATCH.
    ///
    /// # Errors
    ///
    /// 400, each naming the operation by its number: `invalidSyntax` for a body or `op` that is
    /// none, and in strict mode for unknown attributes and for an operation without path;
    /// `invalidPath` for a path that does not parse, and in strict mode for one that writes a whole
    /// element; `noTarget` for a removal without path; `invalidValue` for a missing value or one of the wrong type; `mutability` for what
    /// clients may not change. 413 above 1,000 operations or 100,000 members.
    pub fn parse(registry: &Registry, kind: Kind, mode: Mode, body: Value) -> Result<Patch, Error> {
        let mut notes = Notes::new(mode);
        let operations = request::read(body, &mut notes)?;
        let compiled = compile::compile(registry, kind, notes, operations)?;
        Ok(Patch {
            registry: registry.clone(),
            kind,
            mode,
            steps: compiled.steps,
            members: compiled.members,
            dropped: compiled.notes.dropped,
            leniencies: compiled.notes.leniencies,
        })
    }

    /// The document after the PATCH: all operations in order, or an error and nothing. `id` is
    /// the resource's own.
    ///
    /// # Errors
    ///
    /// 400 `noTarget` when a value path matches nothing and nothing may be built for it,
    /// `invalidPath` when a path leaves open which element of a list is meant, `mutability` for
    /// another `id` and for an immutable attribute that is set, `invalidValue` when the document
    /// would not be valid.
    pub fn apply(&self, before: &Resource, id: &str) -> Result<Resource, Error> {
        self.apply_noted(before, id).map(|(after, _)| after)
    }

    /// As [`Patch::apply`], with the mends that depended on the document.
    ///
    /// # Errors
    ///
    /// As [`Patch::apply`].
    pub fn apply_noted(
        &self,
        before: &Resource,
        id: &str,
    ) -> Result<(Resource, Vec<Leniency>), Error> {
        apply::apply(self, before, id)
    }

    /// What happens to the members of a group, in order. Empty for users.
    pub fn members(&self) -> &[MemberOp] {
        &self.members
    }

    /// True when no operation is left that could change the document (members aside).
    pub fn leaves_document(&self) -> bool {
        self.steps.is_empty()
    }

    /// The attributes that the PATCH writes, in attribute notation, for
    /// [`Projection::reveal`](crate::Projection::reveal).
    pub fn written(&self) -> impl Iterator<Item = String> + '_ {
        self.steps.iter().filter_map(Step::written)
    }

    /// Unknown attributes that were dropped, as sent.
    pub fn dropped(&self) -> &[String] {
        &self.dropped
    }

    /// Which mends acted while reading.
    pub fn leniencies(&self) -> &[Leniency] {
        &self.leniencies
    }
}

/// Says in an error which operation it is about; operations count from 1.
fn in_operation(number: usize, error: Error) -> Error {
    Error {
        detail: format!("operation {number}: {}", error.detail),
        ..error
    }
}
