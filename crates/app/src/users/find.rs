//! Finding users for administrators and apps: every way is answered by an index.

use std::sync::Arc;

use domain::{GroupId, RoleKey, State, UniqueIdentifier, UserId, text::nearest};
use scim::{Kind, Mode, Registry, filter::Filter, fold};
use serde_json::Value;

use super::{identity::has_email, list::also_by_email};
use crate::{
    Error, Result,
    access::{self, AccessReply},
    port::{Tx, users::Search},
};

/// Whom to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// Everybody.
    All,
    /// Who has this `userName`; or this primary e-mail, where that identifies users (D6).
    UserName(String),
    /// Who has this e-mail, primary or not.
    Email(String),
    /// Who is directly in the group with this id or `displayName`.
    Group(String),
    /// Who has this organization role in effect. The caller has worked off what is stale before.
    Role(String),
}

/// A page of users to find.
#[derive(Clone, Debug)]
pub struct FindUsers {
    /// Whom.
    pub by: Find,
    /// Only those of the page in this state; the page is not filled up.
    pub state: Option<State>,
    /// Those with a greater id.
    pub after: Option<UserId>,
    /// Most of a page; of those with a role a page has 100 at most.
    pub limit: u64,
}

/// A page of users with their access.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// In id order.
    pub users: Vec<AccessReply>,
    /// Where the next page begins; none at the end.
    pub next: Option<UserId>,
}

/// Finds users. What a page costs depends on its limit, not on how many
/// users there are; a page of a group reads the ids of all its members.
///
/// # Errors
/// 422 for a role that the catalog does not have and for a group that is not there.
pub fn find(tx: &mut dyn Tx, query: &FindUsers) -> Result<UserPage> {
    let (mut users, next) = match &query.by {
        Find::All => {
            let users = access::page(tx, query.after, query.limit)?;
            let whole = users.len() as u64 >= query.limit;
            let next = users.last().map(|last| last.subject.id).filter(|_| whole);
            (users, next)
        }
        Find::Role(role) => holders(tx, role, query)?,
        Find::UserName(name) => {
            let filter = user_name(tx, name)?;
            matching(tx, filter, query)?
        }
        Find::Email(email) => {
            let filter = has_email(&*tx.settings()?, email)?;
            matching(tx, filter, query)?
        }
        Find::Group(group) => {
            let id = group_id(tx, group)?;
            members(tx, id, query)?
        }
    };
    users.retain(|reply| query.state.is_none_or(|state| reply.access.state == state));
    Ok(UserPage { users, next })
}

/// Users, and where the next page begins.
type Part = (Vec<AccessReply>, Option<UserId>);

/// The access of these, which are a whole page or the last one.
fn page(tx: &mut dyn Tx, ids: &[UserId], limit: u64) -> Result<Part> {
    let whole = ids.len() as u64 >= limit;
    let next = ids.last().copied().filter(|_| whole);
    Ok((access::of_users(tx, ids)?, next))
}

fn holders(tx: &mut dyn Tx, role: &str, query: &FindUsers) -> Result<Part> {
    /// How many the port tells at once.
    const MOST: u64 = 100;
    let org = tx.settings()?;
    let key = RoleKey::new(role)
        .ok()
        .filter(|key| org.facts.catalog.get(key).is_some())
        .ok_or_else(|| no_role(role, org.facts.catalog.keys()))?;
    let limit = query.limit.min(MOST);
    let rows = tx.holders(std::slice::from_ref(&key), query.after)?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let ids: Vec<UserId> = rows.iter().map(|row| row.user).take(most).collect();
    page(tx, &ids, limit)
}

fn no_role<'a>(role: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let known: Vec<&str> = known.collect();
    let all = known.join(", ");
    let detail = match nearest(role, known) {
        Some(near) => format!("The roles here are: {all}. Did you mean {near}?"),
        None => format!("The roles here are: {all}."),
    };
    Error::parameter("role", detail)
}

fn matching(tx: &mut dyn Tx, mut filter: Filter, query: &FindUsers) -> Result<Part> {
    if let Some(after) = query.after {
        filter = Filter::And(vec![filter, parse(&format!("id gt \"{after}\""))?]);
    }
    let search = Search {
        filter: Some(Arc::new(filter)),
        sort: None,
        after: None,
        start_index: 1,
        count: query.limit,
    };
    let rows = tx.search_users(&search)?.items;
    let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    page(tx, &ids, query.limit)
}

/// Reads the ids of the whole group, and nothing else of those who are not on the page.
fn members(tx: &mut dyn Tx, group: GroupId, query: &FindUsers) -> Result<Part> {
    let ids: Vec<UserId> = tx
        .member_ids(group)?
        .into_iter()
        .map(UserId)
        .filter(|id| query.after.is_none_or(|after| *id > after))
        .take(usize::try_from(query.limit).unwrap_or(usize::MAX))
        .collect();
    // Groups among the members are no users and fall out here.
    page(tx, &ids, query.limit)
}

fn user_name(tx: &mut dyn Tx, name: &str) -> Result<Filter> {
    let filter = parse(&format!("userName eq {}", Value::from(name)))?;
    match tx.settings()?.connection.unique_identifier {
        UniqueIdentifier::Email => also_by_email(filter),
        UniqueIdentifier::UserName => Ok(filter),
    }
}

fn group_id(tx: &mut dyn Tx, text: &str) -> Result<GroupId> {
    let by_id = match text.parse::<GroupId>() {
        Ok(id) => tx.group(id)?,
        Err(_) => None,
    };
    let found = match by_id {
        Some(group) => Some(group),
        None => tx.group_by_name(&fold::key(text))?,
    };
    let detail = "There is no group with this id or displayName.";
    found
        .map(|group| group.id)
        .ok_or_else(|| Error::parameter("group", detail))
}

fn parse(text: &str) -> Result<Filter> {
    Ok(Filter::parse(
        &Registry::core(),
        Kind::User,
        Mode::Strict,
        text,
    )?)
}
