//! Finding users for administrators and apps: every way is answered by an index.

use std::sync::Arc;

use domain::{GroupId, RoleKey, State, UniqueIdentifier, UserId, text::nearest};
use scim::{Kind, Mode, Registry, filter::Filter, fold};
use serde_json::Value;

use super::{identity::has_email, list::also_by_email};
use crate::{
    Error, Result,
    access::{self, AccessReply},
    port::{Tx, roster::Common, users::Search},
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
    /// Who has this organization role, in effect or pending until the first sign-in.
    Role(String),
}

/// A page of users to find.
#[derive(Clone, Debug)]
pub struct FindUsers {
    /// Whom.
    pub by: Find,
    /// Only those in this state.
    pub state: Option<State>,
    /// Those with a greater id.
    pub after: Option<UserId>,
    /// Most of a page.
    pub limit: u64,
}

impl FindUsers {
    /// Whether it is answered from stored access: then what is stale has to be worked off before
    /// ([`access::worker::drain_org`]), so that nobody is missing.
    pub fn from_stored(&self) -> bool {
        self.state.is_some() || matches!(self.by, Find::Role(_))
    }
}

/// A page of users with their access.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// In id order.
    pub users: Vec<AccessReply>,
    /// Where the next page begins; none at the end.
    pub next: Option<UserId>,
}

/// Finds users. Pages are whole; what one costs depends on its limit, not on how many users there
/// are. Of a group, those in a rare state are looked for among its members.
///
/// # Errors
/// 422 for a role that the catalog does not have and for a group that is not there.
pub fn find(tx: &mut dyn Tx, query: &FindUsers) -> Result<UserPage> {
    let (users, next) = match &query.by {
        Find::All => roster(tx, Common::default(), query)?,
        Find::Role(role) => {
            let role = Some(role_key(tx, role)?);
            let common = Common {
                role,
                ..Common::default()
            };
            roster(tx, common, query)?
        }
        Find::UserName(name) => {
            let filter = user_name(tx, name)?;
            matching(tx, filter, query)?
        }
        Find::Email(email) => {
            let filter = has_email(&*tx.settings()?, email)?;
            matching(tx, filter, query)?
        }
        Find::Group(group) => {
            let group = Some(group_id(tx, group)?);
            let common = Common {
                group,
                ..Common::default()
            };
            roster(tx, common, query)?
        }
    };
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

fn roster(tx: &mut dyn Tx, common: Common, query: &FindUsers) -> Result<Part> {
    let state = query.state;
    let common = Common { state, ..common };
    let ids = tx.roster(&common, query.after, query.limit)?;
    page(tx, &ids, query.limit)
}

fn role_key(tx: &mut dyn Tx, role: &str) -> Result<RoleKey> {
    let org = tx.settings()?;
    RoleKey::new(role)
        .ok()
        .filter(|key| org.facts.catalog.get(key).is_some())
        .ok_or_else(|| no_role(role, org.facts.catalog.keys()))
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
    let (mut users, next) = page(tx, &ids, query.limit)?;
    // One userName is one user, one e-mail a few: their page is the only one.
    users.retain(|reply| query.state.is_none_or(|state| reply.access.state == state));
    Ok((users, next))
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
