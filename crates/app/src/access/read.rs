//! Reading effective access: the stored result, or a fresh one where facts changed since.

use std::{collections::BTreeMap, sync::Arc};

use domain::{Access, Cause, ManagedBy, UniqueIdentifier, UserId, resolve};
use scim::{Kind, Resource};

use super::{facts, unit::Happened};
use crate::{
    Error, Result,
    port::{
        Millis, Tx,
        access::{AccessOfUser, AccessRow},
        history::HistoryRow,
        org::OrgSettings,
        places::Atlas,
        users::UserRow,
    },
    representation, version,
};

/// Whose access it is, as the answer names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Ours.
    pub id: UserId,
    /// As sent; empty for a user who was removed since.
    pub user_name: String,
    /// The primary e-mail as sent; `userName` where it stands for an e-mail that was not (D6).
    pub email: Option<String>,
    /// The SCIM attribute.
    pub active: bool,
    /// Who says so; none for a user who was removed since.
    pub managed_by: Option<ManagedBy>,
}

/// Effective access of one user, and what is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessReply {
    /// Whose.
    pub subject: Subject,
    /// What they may do: explicit rows.
    pub access: Access,
    /// What brought it about; of past access only.
    pub cause: Option<Cause>,
    /// The workspaces and projects there are now.
    pub places: Arc<Atlas>,
}

/// One user's access, right at once after any acknowledged change.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: UserId) -> Result<AccessReply> {
    let (row, access) = present(tx, id)?;
    reply(tx, &row, access)
}

/// As [`read`], with the entity tag; only the tag for a caller who has the access of this tag. It is
/// known from the versions of what is shown: nothing is expanded or rendered for it.
///
/// # Errors
/// Not found.
pub fn read_unless_known(
    tx: &mut dyn Tx,
    id: UserId,
    known: impl FnOnce(&str) -> bool,
) -> Result<(String, Option<AccessReply>)> {
    let (row, access) = present(tx, id)?;
    let stored = serde_json::to_string(&access).unwrap_or_default();
    let versions = format!("{id} {} {}", row.version, tx.revision()?);
    let tag = version::of_content(&[&versions, &stored]);
    if known(&tag) {
        return Ok((tag, None));
    }
    let reply = reply(tx, &row, access)?;
    Ok((tag, Some(reply)))
}

fn present(tx: &mut dyn Tx, id: UserId) -> Result<(UserRow, Access)> {
    let found = tx.access_of_user(id)?;
    let AccessOfUser { row, access } = found.ok_or_else(|| Error::not_found("user"))?;
    let access = match access {
        Some(found) if found.stale => {
            let org = tx.settings()?;
            fresh(tx, &org, vec![found])?.remove(&id)
        }
        found => found.map(|found| found.access),
    };
    Ok((row, access.unwrap_or_else(Access::nothing)))
}

fn reply(tx: &mut dyn Tx, row: &UserRow, access: Access) -> Result<AccessReply> {
    Ok(AccessReply {
        subject: subject(&*tx.settings()?, row)?,
        access,
        cause: None,
        places: tx.places()?,
    })
}

/// A page of the whole organization's access in id order, after a user.
///
/// # Errors
/// The store is away.
pub fn page(tx: &mut dyn Tx, after: Option<UserId>, limit: u64) -> Result<Vec<AccessReply>> {
    let org = tx.settings()?;
    let rows = tx.access_page(after, limit)?;
    let access = fresh(tx, &org, rows)?;
    named(tx, &org, access)
}

/// These users' access, with their names; in id order.
pub(crate) fn of_users(tx: &mut dyn Tx, ids: &[UserId]) -> Result<Vec<AccessReply>> {
    let org = tx.settings()?;
    let rows = tx.access(ids)?;
    let access = fresh(tx, &org, rows)?;
    named(tx, &org, access)
}

fn named(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    mut access: BTreeMap<UserId, Access>,
) -> Result<Vec<AccessReply>> {
    let ids: Vec<UserId> = access.keys().copied().collect();
    let places = tx.places()?;
    let users = tx.users(&ids)?;
    users
        .iter()
        .filter_map(|row| access.remove(&row.id).map(|access| (row, access)))
        .map(|(row, access)| {
            let places = Arc::clone(&places);
            Ok(AccessReply {
                subject: subject(org, row)?,
                access,
                cause: None,
                places,
            })
        })
        .collect()
}

/// The access that a user had at a past moment: explicit rows, with the places there are now. A
/// user who was removed since is found by id.
///
/// # Errors
/// Not found: never was, or was made later.
pub fn at(tx: &mut dyn Tx, id: UserId, at: Millis) -> Result<AccessReply> {
    let row = tx
        .access_at(id, at)?
        .ok_or_else(|| Error::not_found("user at this moment"))?;
    let now = tx.user(id)?;
    past(&*tx.settings()?, row, now.as_ref(), tx.places()?)
}

/// A page of the whole organization's access at a past moment, removed users included.
///
/// # Errors
/// The store is away.
pub fn page_at(
    tx: &mut dyn Tx,
    at: Millis,
    after: Option<UserId>,
    limit: u64,
) -> Result<Vec<AccessReply>> {
    let rows = tx.access_page_at(at, after, limit)?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.user).collect();
    let now: BTreeMap<UserId, UserRow> = tx
        .users(&ids)?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let (org, places) = (tx.settings()?, tx.places()?);
    rows.into_iter()
        .map(|row| {
            let now = now.get(&row.user);
            past(&org, row, now, Arc::clone(&places))
        })
        .collect()
}

fn past(
    org: &OrgSettings,
    row: HistoryRow,
    now: Option<&UserRow>,
    places: Arc<Atlas>,
) -> Result<AccessReply> {
    let subject = match now {
        Some(user) => subject(org, user)?,
        None => Subject {
            id: row.user,
            user_name: String::new(),
            email: None,
            active: false,
            managed_by: None,
        },
    };
    Ok(AccessReply {
        subject,
        access: row.access,
        cause: Some(row.cause),
        places,
    })
}

/// Stored access where it is fresh, resolved on the fly where it is not.
fn fresh(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    rows: Vec<AccessRow>,
) -> Result<BTreeMap<UserId, Access>> {
    let stale: BTreeMap<UserId, bool> = rows
        .iter()
        .filter(|row| row.stale)
        .map(|row| (row.user, row.left_group))
        .collect();
    let mut access: BTreeMap<UserId, Access> =
        rows.into_iter().map(|row| (row.user, row.access)).collect();
    let ids: Vec<UserId> = stale.keys().copied().collect();
    for (id, mut facts) in facts::load(tx, org, &ids)? {
        let left_group = stale.get(&id).copied().unwrap_or_default();
        let standing = Happened::Rules.turn(&org.facts, &facts, left_group);
        facts.left_mapped = standing.left_mapped;
        access.insert(id, resolve(&org.facts, &facts).access);
    }
    Ok(access)
}

/// Who these users are; those that are gone are left out.
pub(crate) fn subjects(tx: &mut dyn Tx, ids: &[UserId]) -> Result<Vec<Subject>> {
    let org = tx.settings()?;
    let users = tx.users(ids)?;
    users.iter().map(|row| subject(&org, row)).collect()
}

/// What of a document says whose it is.
const NAMING: &[&str] = &["userName", "emails", "active"];

pub(super) fn subject(org: &OrgSettings, row: &UserRow) -> Result<Subject> {
    let resource = representation::part(Kind::User, &row.document, NAMING)?;
    Ok(Subject {
        id: row.id,
        user_name: resource.user_name().unwrap_or_default().to_owned(),
        email: email(org, &resource).map(str::to_owned),
        active: resource.active(),
        managed_by: Some(row.managed_by),
    })
}

/// The primary e-mail. Where e-mails tell users apart and none was sent, a `userName` that looks
/// like an address stands for it.
fn email<'a>(org: &OrgSettings, resource: &'a Resource) -> Option<&'a str> {
    let sent = resource.primary_email();
    if org.connection.unique_identifier != UniqueIdentifier::Email
        || resource.emails().next().is_some()
    {
        return sent;
    }
    resource.user_name().filter(|name| name.contains('@'))
}
