//! A dry run of any mapping, catalog or policies.

use std::collections::BTreeMap;

use domain::{Catalog, Mapping, UserId};
use uuid::Uuid;

use super::{difference::Difference, mapping, settings, view::PlanView};
use crate::{
    Result,
    access::Subject,
    mapping::plan,
    orgs,
    port::{Millis, Tx, org::OrgSettings, places::Atlas},
};

/// What might be changed.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// Another mapping.
    Mapping(Mapping),
    /// Another catalog.
    Catalog(Catalog),
    /// Other values of some policies.
    Policies(BTreeMap<String, Option<String>>),
}

/// Says what a change would do. Changes nothing.
///
/// # Errors
/// As applying it, but for a protected role that would be vacant, which the plan tells.
pub fn preview(tx: &mut dyn Tx, proposal: &Proposal, at: Millis) -> Result<PlanView> {
    let org = tx.settings()?;
    let found = match proposal {
        Proposal::Mapping(document) => {
            let ids: Vec<Uuid> = Vec::new();
            let plan = plan(tx, &org, document, &ids, at)?;
            mapping(tx, &org, document, &plan)?
        }
        Proposal::Catalog(catalog) => {
            orgs::check_catalog_uses(tx, &org, catalog)?;
            let mut after = OrgSettings::clone(&org);
            after.facts.catalog = catalog.clone();
            settings(tx, &org, &after)?
        }
        Proposal::Policies(changes) => {
            let mut after = OrgSettings::clone(&org);
            after.facts.policies = orgs::changed_policies(&org, changes)?;
            settings(tx, &org, &after)?
        }
    };
    let subjects = subjects(tx, &found)?;
    let mut places = Atlas::clone(&*tx.places()?);
    places.workspaces.extend(found.made.iter().cloned());
    Ok(PlanView::new(&org, &places, &found, &subjects))
}

fn subjects(tx: &mut dyn Tx, found: &Difference) -> Result<Vec<Subject>> {
    let ids: Vec<UserId> = found.changes.iter().map(|(user, ..)| *user).collect();
    crate::access::subjects(tx, &ids)
}
