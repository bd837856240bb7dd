//! The role catalog.

use std::collections::BTreeSet;

use domain::{Action, Catalog, Gives, ProjectRole, RoleKey};

use crate::{
    Error, Result,
    access::{Unit, release_hold, settle_pending_departures, settle_stale},
    audit,
    change::Change,
    error::Code,
    port::{Tx, org::OrgSettings},
    preview, version,
};

/// A PUT of the catalog. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PutRoles {
    /// The new catalog, whole, highest first.
    pub catalog: Catalog,
    /// The version the caller has seen; none to replace whatever is there.
    pub if_version: Option<i64>,
    /// The fingerprint of the plan that the caller has seen; none to apply whatever it does.
    pub if_plan: Option<String>,
    /// When, and through whom.
    pub change: Change,
}

/// Replaces the catalog and resolves everybody.
///
/// # Errors
/// 412; the plan is not the one that was seen; 409 where a role that would go, or would not be
/// mappable any more, is in use, or nobody would have a protected role any more.
pub fn put_roles(tx: &mut dyn Tx, command: &PutRoles) -> Result<OrgSettings> {
    let org = tx.settings()?;
    version::unchanged(
        command.if_version,
        org.version,
        "The catalog was changed since you read it; read it again.",
    )?;
    check_uses(tx, &org, &command.catalog)?;
    let mut changed = OrgSettings::clone(&org);
    changed.facts.catalog = command.catalog.clone();
    if changed == *org {
        return Ok(changed);
    }
    let change = &command.change;
    settle_pending_departures(tx, Unit::provisioned(&org, change))?;
    if let Some(seen) = &command.if_plan {
        preview::settings(tx, &org, &changed)?.must_be(seen)?;
    }
    changed.version += 1;
    tx.save_settings(&changed)?;
    let unit = Unit::administered(&changed, change, "catalog");
    for hold in tx.holds()? {
        if changed.facts.catalog.get(&hold.role).is_none() {
            release_hold(tx, unit, hold.user, &hold.role)?;
        }
    }
    tx.mark_everyone_stale()?;
    settle_stale(tx, unit)?;
    let (was, is) = (&org.facts.catalog, &changed.facts.catalog);
    let (before, after) = audit::difference(&audit::value(was), &audit::value(is));
    let entry = audit::Entry {
        action: Action::RolesReplaced,
        subject: String::new(),
        before,
        after,
    };
    audit::record(tx, change, entry)?;
    Ok(changed)
}

/// A role that something names has to stay.
pub(crate) fn check_uses(tx: &mut dyn Tx, org: &OrgSettings, catalog: &Catalog) -> Result<()> {
    let mapped = tx.rules()?.into_iter().filter_map(|rule| match rule.gives {
        Gives::Organization(role) | Gives::Project(_, ProjectRole::Role(role)) => Some(role),
        _ => None,
    });
    let mut mapped: BTreeSet<RoleKey> = mapped.collect();
    mapped.extend(org.facts.policies.default_role.clone());
    let granted = tx.granted_roles()?;
    let is_mappable = |key: &RoleKey| catalog.get(key).is_some_and(|role| role.mappable);
    let lost: BTreeSet<String> = mapped
        .iter()
        .filter(|key| !is_mappable(key))
        .chain(granted.iter().filter(|key| catalog.get(key).is_none()))
        .map(ToString::to_string)
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    let lost: Vec<String> = lost.into_iter().collect();
    Err(Error::new(
        Code::InUse,
        format!(
            "These roles are named by mapping rules, manual grants or policies.default_role, and \
             have to stay in the catalog (mappable, where a rule or the default names them): {}. \
             Change what names them first.",
            lost.join(", ")
        ),
    ))
}
