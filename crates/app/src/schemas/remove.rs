//! Removing a schema. Data of it is never left behind where nobody could read or change it: it
//! keeps the schema, or goes with it when that is asked for.

use domain::{Action, GroupId, UserId};
use scim::Kind;
use serde_json::Value;
use uuid::Uuid;

use super::{CHANGED, change::told, read};
use crate::{
    Error, Result, audit,
    change::Change,
    error::Code,
    groups,
    port::{Tx, org::OrgSettings, schemas::SchemaRow},
    representation, users, version,
};

/// How many resources lose their data in one unit of work.
const SLICE: usize = 500;

/// A DELETE. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct DeleteSchema {
    /// Which; case is ignored.
    pub urn: String,
    /// Remove the data that users and groups have of it, too.
    pub force: bool,
    /// The version of the set that the caller has seen; none to change whatever is there.
    pub if_version: Option<i64>,
    /// When, and through whom.
    pub change: Change,
}

/// Removes a schema. Where its data goes too, one unit of work takes it from 500 resources at the
/// most: false means that there is more, and that the schema is still there; call it again.
///
/// # Errors
/// Not found; 412; 409 while users or groups have data of it, unless `force`.
pub fn delete(tx: &mut dyn Tx, command: &DeleteSchema) -> Result<bool> {
    tx.need_exclusive()?;
    let (seen, row) = read(tx, &command.urn)?;
    version::unchanged(command.if_version, seen, CHANGED)?;
    let limit = SLICE as u64 + 1;
    let with_data = tx.with_data_of(row.kind, &row.schema.id, limit)?;
    if !with_data.is_empty() && !command.force {
        return Err(in_use(row.kind));
    }
    for id in with_data.iter().take(SLICE) {
        strip(tx, &row, *id, &command.change)?;
    }
    if with_data.len() > SLICE {
        return Ok(false);
    }
    tx.delete_schema(&row.schema.id)?;
    let mut org = OrgSettings::clone(&*tx.settings()?);
    org.schemas_version += 1;
    tx.save_settings(&org)?;
    let entry = audit::Entry {
        action: Action::SchemaRemoved,
        subject: row.schema.id.to_string(),
        before: told(&row),
        after: Value::Null,
    };
    audit::record(tx, &command.change, entry)?;
    Ok(true)
}

/// Takes the schema's data out of one document, as a PATCH would.
fn strip(tx: &mut dyn Tx, row: &SchemaRow, id: Uuid, change: &Change) -> Result<()> {
    let urn = row.schema.id.as_ref();
    match row.kind {
        Kind::User => {
            let Some(user) = tx.user_for_update(UserId(id))? else {
                return Ok(());
            };
            let before = representation::resource(Kind::User, &user.document)?;
            let mut after = before.clone();
            after.attributes.shift_remove(urn);
            users::store(tx, user, (&before, &after), Vec::new(), change)?;
        }
        Kind::Group => {
            let Some(group) = tx.group_for_update(GroupId(id))? else {
                return Ok(());
            };
            let before = representation::resource(Kind::Group, &group.document)?;
            let mut after = before.clone();
            after.attributes.shift_remove(urn);
            groups::replace_document(tx, group, &before, &after, change)?;
        }
    }
    Ok(())
}

fn in_use(kind: Kind) -> Error {
    let who = match kind {
        Kind::User => "Users",
        Kind::Group => "Groups",
    };
    Error::new(
        Code::InUse,
        format!(
            "{who} have data of this schema; remove it first (by SCIM PATCH, or in the identity \
             provider), or send ?force=true to remove it with the schema."
        ),
    )
}
