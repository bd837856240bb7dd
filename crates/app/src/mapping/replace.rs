//! Replacing the whole mapping: idempotent, and only what differs is written.

use domain::{Action, Mapping};
use uuid::Uuid;

use super::{MappingReply, plan, read::read};
use crate::{
    Result,
    access::{Unit, mark_below, settle_pending_departures, settle_stale},
    audit,
    change::Change,
    events,
    port::{Tx, org::OrgSettings},
    preview, version,
};

/// A PUT of the mapping. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PutMapping {
    /// The new document, whole.
    pub document: Mapping,
    /// The version the caller has seen; none to replace whatever is there.
    pub if_version: Option<i64>,
    /// The fingerprint of the plan that the caller has seen; none to apply whatever it does.
    pub if_plan: Option<String>,
    /// Ids for new rules and workspaces, drawn before.
    pub ids: Vec<Uuid>,
    /// When, and through whom.
    pub change: Change,
}

impl PutMapping {
    /// A replacement of whatever is there.
    pub fn new(document: Mapping, change: Change) -> PutMapping {
        let rules =
            document.organization.len() + document.workspaces.len() + document.projects.len();
        let ids = (0..rules * 2).map(|_| Uuid::now_v7()).collect();
        PutMapping {
            document,
            if_version: None,
            if_plan: None,
            ids,
            change,
        }
    }
}

/// Replaces the mapping and resolves everybody whom it concerns: some at once, the rest soon, and
/// nobody reads anything old meanwhile.
///
/// # Errors
/// 412; the plan is not the one that was seen; every rule that is not right, all at once; nobody
/// would have a protected role any more.
pub fn replace(tx: &mut dyn Tx, command: &PutMapping) -> Result<MappingReply> {
    let org = tx.settings()?;
    version::unchanged(
        command.if_version,
        org.mapping_version,
        "The mapping was changed since you read it; read it again.",
    )?;
    let change = &command.change;
    settle_pending_departures(tx, Unit::provisioned(&org, change))?;
    let plan = plan(tx, &org, &command.document, &command.ids, change.at)?;
    if let Some(seen) = &command.if_plan {
        preview::mapping(tx, &org, &command.document, &plan)?.must_be(seen)?;
    }
    if plan.is_nothing() {
        return read(tx);
    }
    let before = read(tx)?;
    let mut changed = OrgSettings::clone(&org);
    changed.mapping_version += 1;
    if !plan.workspaces.is_empty() {
        changed.version += 1;
        for workspace in &plan.workspaces {
            tx.save_workspace(workspace)?;
        }
    }
    tx.save_settings(&changed)?;
    let removed: Vec<_> = plan.removed.iter().map(|rule| rule.id).collect();
    tx.delete_rules(&removed)?;
    tx.insert_rules(&plan.added)?;
    tx.move_rules(&plan.moved)?;
    for rule in &plan.added {
        let group = rule
            .group
            .map(|group| tx.group(group))
            .transpose()?
            .flatten();
        if let Some(group) = group {
            events::rule_bound(tx, rule, &group, change)?;
        }
    }
    let unit = Unit::administered(&changed, change, "mapping");
    let touched: Vec<_> = plan.touched().into_iter().collect();
    mark_below(tx, unit, &touched, &[], false)?;
    settle_stale(tx, unit)?;
    let after = read(tx)?;
    let (was, is) = (&before.document, &after.document);
    let (before, after_) = audit::difference(&audit::value(was), &audit::value(is));
    let entry = audit::Entry {
        action: Action::MappingReplaced,
        subject: String::new(),
        before,
        after: after_,
    };
    audit::record(tx, change, entry)?;
    Ok(after)
}
