//! Finding users for administrators and apps: every way is answered by an index.

use std::sync::Arc;

use domain::{GroupId, ManagedBy, RoleKey, Slug, State, UniqueIdentifier, UserId, text::nearest};
use scim::{Kind, Mode, Registry, filter::Filter, fold};
use serde_json::Value;

use super::{identity::has_email, list::also_by_email};
use crate::{
    Error, Result,
    access::{self, AccessReply},
    places::{Place, candidates},
    port::{Tx, groups::GroupRef, places::Atlas, roster::Common, users::Search},
};

/// Whom to find: who is all of this. Nothing means everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// Who has this `userName`; or this primary e-mail, where that identifies users (D6).
    pub user_name: Option<String>,
    /// Who has this e-mail, primary or not.
    pub email: Option<String>,
    /// Who is directly in the group with this id or `displayName`.
    pub group: Option<String>,
    /// Who has this organization role, in effect or pending until the first sign-in.
    pub role: Option<String>,
    /// Who is in this state.
    pub state: Option<State>,
    /// Whose access reaches this workspace, in effect or pending.
    pub workspace: Option<String>,
    /// Whose access reaches this project, `workspace/project`, in effect or pending.
    pub project: Option<String>,
    /// Whose attributes are this one's to say (D10).
    pub managed_by: Option<ManagedBy>,
}

/// A page of users to find.
#[derive(Clone, Debug)]
pub struct FindUsers {
    /// Whom.
    pub whom: Whom,
    /// Those with a greater id.
    pub after: Option<UserId>,
    /// Most of a page.
    pub limit: u64,
}

impl FindUsers {
    /// Whether it is answered from stored access: then what is stale has to be worked off before
    /// ([`access::worker::drain_org`]), so that nobody is missing.
    pub fn from_stored(&self) -> bool {
        let whom = &self.whom;
        let by_place = whom.workspace.is_some() || whom.project.is_some();
        whom.state.is_some() || whom.role.is_some() || by_place
    }
}

/// A page of users with their access.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// In id order; perhaps fewer than were asked for.
    pub users: Vec<AccessReply>,
    /// Where the next page begins; none at the end.
    pub next: Option<UserId>,
}

/// Finds users. The most selective of what is asked for finds candidates through an index, a page
/// of them at a time; the rest is looked at in what they have. So what a page costs depends on its
/// limit and not on how many users there are, but it may hold fewer.
///
/// # Errors
/// 422 for a role that the catalog does not have, and for a group or place that is not there.
pub fn find(tx: &mut dyn Tx, query: &FindUsers) -> Result<UserPage> {
    let wanted = Wanted::new(tx, &query.whom)?;
    let (ids, next) = wanted.candidates(tx, query)?;
    let mut users = access::of_users(tx, &ids)?;
    wanted.keep(tx, &mut users)?;
    Ok(UserPage { users, next })
}

/// Candidates, and where the next page begins.
type Part = (Vec<UserId>, Option<UserId>);

/// Whom to find, with every name looked up.
struct Wanted {
    filter: Option<Filter>,
    group: Option<GroupId>,
    role: Option<RoleKey>,
    state: Option<State>,
    places: Vec<Place>,
    managed_by: Option<ManagedBy>,
}

impl Wanted {
    fn new(tx: &mut dyn Tx, whom: &Whom) -> Result<Wanted> {
        let mut filters = Vec::new();
        if let Some(name) = &whom.user_name {
            filters.push(user_name(tx, name)?);
        }
        if let Some(email) = &whom.email {
            filters.push(has_email(&*tx.settings()?, email)?);
        }
        let group = whom.group.as_deref().map(|group| group_id(tx, group));
        let role = whom.role.as_deref().map(|role| role_key(tx, role));
        Ok(Wanted {
            filter: (!filters.is_empty()).then_some(Filter::And(filters)),
            group: group.transpose()?,
            role: role.transpose()?,
            state: whom.state,
            places: places(&*tx.places()?, whom)?,
            managed_by: whom.managed_by,
        })
    }

    fn candidates(&self, tx: &mut dyn Tx, query: &FindUsers) -> Result<Part> {
        let (after, limit) = (query.after, query.limit);
        let ids = if let Some(filter) = &self.filter {
            matching(tx, filter.clone(), after, limit)?
        } else if self.group.is_some() || self.role.is_some() {
            let common = Common {
                group: self.group,
                role: self.role.clone(),
                state: self.state,
            };
            tx.roster(&common, after, limit)?
        } else if self.managed_by == Some(ManagedBy::Admin) {
            tx.users_by_hand(after, limit)?
        } else if let Some(place) = self.places.last() {
            return candidates(tx, place, after, limit);
        } else {
            let common = Common {
                state: self.state,
                ..Common::default()
            };
            tx.roster(&common, after, limit)?
        };
        let whole = ids.len() as u64 >= limit;
        let next = ids.last().copied().filter(|_| whole);
        Ok((ids, next))
    }

    /// Keeps those who are all that is asked for, by their access as it is now.
    fn keep(&self, tx: &mut dyn Tx, users: &mut Vec<AccessReply>) -> Result<()> {
        let org = tx.settings()?;
        users.retain(|reply| {
            let (access, subject) = (&reply.access, &reply.subject);
            self.state.is_none_or(|state| access.state == state)
                && (self.role.is_none() || access.role == self.role)
                && (self.managed_by.is_none() || subject.managed_by == self.managed_by)
                && self
                    .places
                    .iter()
                    .all(|place| place.is_reached(&org.facts, reply))
        });
        // Where the group found the candidates, they are its members.
        let Some(group) = self.group.filter(|_| self.filter.is_some()) else {
            return Ok(());
        };
        let ids: Vec<UserId> = users.iter().map(|reply| reply.subject.id).collect();
        let groups = tx.groups_of(&ids)?;
        users.retain(|reply| {
            let of_user =
                |(user, of): &(UserId, GroupRef)| (*user, of.id) == (reply.subject.id, group);
            groups.iter().any(of_user)
        });
        Ok(())
    }
}

/// The workspace and the project that are asked for; the project last, whom fewer reach.
fn places(atlas: &Atlas, whom: &Whom) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    if let Some(text) = &whom.workspace {
        let slug = Slug::new(text.as_str()).ok();
        let place = slug.map(Place::Workspace);
        let detail = "There is no workspace with this slug.";
        places.push(there(atlas, place, "workspace", detail)?);
    }
    if let Some(text) = &whom.project {
        let place = text.parse().ok().map(Place::Project);
        let detail = "There is no project at this place; write workspace/project.";
        places.push(there(atlas, place, "project", detail)?);
    }
    Ok(places)
}

fn there(atlas: &Atlas, place: Option<Place>, name: &str, detail: &str) -> Result<Place> {
    let place = place.filter(|place| place.is_there(atlas).is_ok());
    place.ok_or_else(|| Error::parameter(name, detail))
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

fn matching(
    tx: &mut dyn Tx,
    mut filter: Filter,
    after: Option<UserId>,
    limit: u64,
) -> Result<Vec<UserId>> {
    if let Some(after) = after {
        filter = Filter::And(vec![filter, parse(&format!("id gt \"{after}\""))?]);
    }
    let search = Search {
        filter: Some(Arc::new(filter)),
        sort: None,
        after: None,
        start_index: 1,
        count: limit,
        total: false,
    };
    let rows = tx.search_users(&search)?.items;
    Ok(rows.iter().map(|row| row.id).collect())
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
