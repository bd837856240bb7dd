//! The role catalog.

use std::collections::BTreeSet;

use domain::{Catalog, RoleKey};

use crate::{
    Error, Result, access,
    change::Change,
    error::Code,
    port::{Tx, org::OrgSettings},
};

/// A PUT of the catalog. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PutRoles {
    /// The new catalog, whole, highest first.
    pub catalog: Catalog,
    /// The version the caller has seen; none to replace whatever is there.
    pub if_version: Option<i64>,
    /// When, and through whom.
    pub change: Change,
}

/// Replaces the catalog and resolves everybody.
///
/// # Errors
/// 412; 409 where a role that would go, or would not be mappable any more, is named by a rule or
/// is the default role.
pub fn put_roles(tx: &mut dyn Tx, command: &PutRoles) -> Result<OrgSettings> {
    let org = tx.settings()?;
    if command
        .if_version
        .is_some_and(|version| version != org.version)
    {
        return Err(Error::new(
            Code::PreconditionFailed,
            "The catalog was changed since you read it; read it again.",
        ));
    }
    check_uses(tx, &org, &command.catalog)?;
    let mut changed = OrgSettings::clone(&org);
    changed.facts.catalog = command.catalog.clone();
    if changed == *org {
        return Ok(changed);
    }
    changed.version += 1;
    tx.save_settings(&changed)?;
    tx.mark_everyone_stale()?;
    access::settle_stale(tx, &changed, &command.change)?;
    Ok(changed)
}

fn check_uses(tx: &mut dyn Tx, org: &OrgSettings, catalog: &Catalog) -> Result<()> {
    let mut used: BTreeSet<RoleKey> = tx.rules()?.into_iter().map(|rule| rule.role).collect();
    used.extend(org.facts.policies.default_role.clone());
    let lost: Vec<String> = used
        .into_iter()
        .filter(|key| !catalog.get(key).is_some_and(|role| role.mappable))
        .map(|key| key.to_string())
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Code::InUse,
        format!(
            "These roles are named by mapping rules or are the default role, and have to stay in \
             the catalog and mappable: {}. Change the mapping or policies.default_role first.",
            lost.join(", ")
        ),
    ))
}
