//! Another name for people. The slug and the preset are for good.

use domain::Action;
use serde_json::json;

use super::create::{CHANGED, check_name};
use crate::{
    Result, audit,
    change::Change,
    port::{Tx, org::OrgSettings},
    version,
};

/// A PATCH of an organization. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct RenameOrg {
    /// The new name; none to leave it.
    pub name: Option<String>,
    /// The version the caller has seen; none to change whatever is there.
    pub if_version: Option<i64>,
    /// When, and through whom.
    pub change: Change,
}

/// Gives the organization another name.
///
/// # Errors
/// 412; the name is not right.
pub fn rename(tx: &mut dyn Tx, command: &RenameOrg) -> Result<OrgSettings> {
    let org = tx.settings()?;
    version::unchanged(command.if_version, org.version, CHANGED)?;
    let mut changed = OrgSettings::clone(&org);
    if let Some(name) = &command.name {
        check_name(name)?;
        changed.name.clone_from(name);
    }
    if changed != *org {
        changed.version += 1;
        tx.save_settings(&changed)?;
        let entry = audit::Entry {
            action: Action::OrgChanged,
            subject: org.slug.to_string(),
            before: json!({ "name": org.name }),
            after: json!({ "name": changed.name }),
        };
        audit::record(tx, &command.change, entry)?;
    }
    Ok(changed)
}
