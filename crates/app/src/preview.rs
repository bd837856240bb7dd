//! What a change of mapping, catalog or policies would do, before it is done: who gains, loses and
//! moves, at which scope, the seats before and after. The same facts, the same resolution and the
//! same plan as applying it.

mod difference;
mod request;
pub mod view;

pub use request::{Proposal, preview};
pub use view::PlanView;

use domain::Mapping;

use crate::{
    Error, Result, audit,
    mapping::Plan,
    port::{Tx, org::OrgSettings},
};
use difference::Difference;

/// The difference a new mapping would make. Its fingerprint is of this document over the rules that it
/// replaces, whoever it concerns today.
pub(crate) fn mapping(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    document: &Mapping,
    plan: &Plan,
) -> Result<Difference> {
    let wanted = audit::value(&(document, org.mapping_version));
    difference::difference(tx, org, org, Some(plan), &wanted)
}

/// The difference other settings would make. Its fingerprint is of this catalog and these policies over
/// those that they replace.
pub(crate) fn settings(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    after: &OrgSettings,
) -> Result<Difference> {
    let facts = |org: &OrgSettings| {
        let policies = org.facts.policies.to_map();
        audit::value(&(&org.facts.catalog, policies))
    };
    let wanted = audit::value(&[facts(org), facts(after)]);
    difference::difference(tx, org, after, None, &wanted)
}

const CHANGED: &str = "What this would do has changed since it was previewed, so nothing was \
     done. Preview it again, and apply it with the fingerprint of the new plan if it is still what \
     you want.";

impl Difference {
    /// Refuses to go on where this is not the difference that was previewed.
    ///
    /// # Errors
    /// [`Error::PlanChanged`] with the fingerprint there is now.
    pub(crate) fn must_be(&self, seen: &str) -> Result<()> {
        if self.fingerprint == seen {
            return Ok(());
        }
        Err(Error::PlanChanged {
            detail: CHANGED.to_owned(),
            fingerprint: self.fingerprint.clone(),
        })
    }
}
