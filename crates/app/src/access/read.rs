//! Reading effective access: the stored result, or a fresh one where facts changed since.

use domain::{Access, UserFacts, UserId, resolve};
use scim::Kind;

use crate::{
    Error, Result,
    port::{Tx, org::OrgSettings, users::UserRow},
    representation,
};

/// Whose access it is, as the answer names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Ours.
    pub id: UserId,
    /// As sent.
    pub user_name: String,
    /// The primary e-mail as sent.
    pub email: Option<String>,
    /// The SCIM attribute.
    pub active: bool,
}

/// Effective access of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessReply {
    /// Whose.
    pub subject: Subject,
    /// What they may do.
    pub access: Access,
}

/// One user's access, right at once after any acknowledged change.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: UserId) -> Result<AccessReply> {
    let row = tx.user(id)?.ok_or_else(|| Error::not_found("user"))?;
    let org = tx.settings()?;
    let mut found = fresh(tx, &org, &[id])?;
    let access = found
        .pop()
        .map_or_else(Access::nothing, |(_, access)| access);
    Ok(AccessReply {
        subject: subject(&row)?,
        access,
    })
}

/// A page of the whole organization's access in id order, after a user.
///
/// # Errors
/// The store is away.
pub fn page(tx: &mut dyn Tx, after: Option<UserId>, limit: u64) -> Result<Vec<AccessReply>> {
    let org = tx.settings()?;
    let rows = tx.access_page(after, limit)?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.user).collect();
    let stale: Vec<UserId> = rows
        .iter()
        .filter(|row| row.stale)
        .map(|row| row.user)
        .collect();
    let mut access: std::collections::BTreeMap<UserId, Access> =
        rows.into_iter().map(|row| (row.user, row.access)).collect();
    for (id, facts) in facts_of(tx, &stale)? {
        access.insert(id, resolve(&org.facts, &facts).access);
    }
    let users = tx.users(&ids)?;
    users
        .iter()
        .filter_map(|row| access.remove(&row.id).map(|access| (row, access)))
        .map(|(row, access)| {
            Ok(AccessReply {
                subject: subject(row)?,
                access,
            })
        })
        .collect()
}

/// Stored access where it is fresh, resolved on the fly where it is not.
fn fresh(tx: &mut dyn Tx, org: &OrgSettings, ids: &[UserId]) -> Result<Vec<(UserId, Access)>> {
    let rows = tx.access(ids)?;
    let stale: Vec<UserId> = rows
        .iter()
        .filter(|row| row.stale)
        .map(|row| row.user)
        .collect();
    let mut result: Vec<(UserId, Access)> = rows
        .into_iter()
        .filter(|row| !row.stale)
        .map(|row| (row.user, row.access))
        .collect();
    for (id, facts) in facts_of(tx, &stale)? {
        result.push((id, resolve(&org.facts, &facts).access));
    }
    Ok(result)
}

fn facts_of(tx: &mut dyn Tx, ids: &[UserId]) -> Result<Vec<(UserId, UserFacts)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(tx.user_facts(ids)?)
}

fn subject(row: &UserRow) -> Result<Subject> {
    let resource = representation::resource(Kind::User, &row.document)?;
    Ok(Subject {
        id: row.id,
        user_name: resource.user_name().unwrap_or_default().to_owned(),
        email: resource.primary_email().map(str::to_owned),
        active: resource.active(),
    })
}
