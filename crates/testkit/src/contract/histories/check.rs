//! Whether the store says what the model says.

mod past;
mod preview;
mod reasons;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use app::Code;
use app::access;
use app::port::Tx;
use domain::{Access, Gives, GrantKind, GroupId, RoleClaim, RoleKey, UserFacts, UserId};
use uuid::Uuid;

use super::model::{Model, Rule};
use super::site::Site;

pub(super) use past::past;
pub(super) use preview::{Proposed, foreseen};
pub(super) use reasons::explained;

/// What is there, read in one snapshot.
#[derive(Debug, PartialEq)]
struct Seen {
    /// Each user's access, asked for one by one.
    access: BTreeMap<UserId, Access>,
    /// The same from the whole organization's page.
    page: BTreeMap<UserId, Access>,
    facts: BTreeMap<UserId, Facts>,
    rules: Vec<Rule>,
    members: BTreeMap<GroupId, BTreeSet<Uuid>>,
}

/// A user's facts without order: of rules those of the direct groups. What only history knows is
/// compared through the access that follows from it, since a marked user's is not decided yet.
#[derive(Debug, PartialEq)]
struct Facts {
    active: bool,
    awaiting_activation: bool,
    claims: BTreeSet<RoleClaim>,
    gives: BTreeSet<(GroupId, Gives)>,
    grants: BTreeSet<(Gives, GrantKind)>,
    holds: BTreeSet<RoleKey>,
}

/// Both said the same.
pub(super) fn alike(expected: Result<(), Code>, answer: app::Result<()>) -> Result<(), String> {
    let answer = answer.map_err(|error| (error.code(), error.detail()));
    match (expected, answer) {
        (Ok(()), Ok(())) => Ok(()),
        (Err(right), Err((code, _))) if right == code => Ok(()),
        (expected, answer) => Err(format!("expected {expected:?}, got {answer:?}")),
    }
}

/// What is read now has to be right, resolved or not, and so have the facts.
pub(super) fn read(site: &Site, model: &Model) -> Result<(), String> {
    let users: Vec<UserId> = model.users.keys().copied().collect();
    let groups: Vec<GroupId> = model.groups.keys().copied().collect();
    let crowd = site.crowd.len();
    let seen = site.read(move |tx| see(tx, &users, &groups, crowd));
    let seen = seen.map_err(|error| error.to_string())?;
    let expected = expected(model);
    same("access", &seen.access, &expected.access)?;
    same("page of access", &seen.page, &expected.page)?;
    same("facts", &seen.facts, &expected.facts)?;
    same("rules", &seen.rules, &expected.rules)?;
    same("members", &seen.members, &expected.members)
}

/// After the worker ran: what is stored has to be right, and nothing is marked.
pub(super) fn stored(site: &Site, model: &Model) -> Result<(), String> {
    let users: Vec<UserId> = model.users.keys().copied().collect();
    let read = site.read(move |tx| {
        let standing = tx.user_facts(&users)?.into_iter();
        let standing = standing.map(|(user, facts)| (user, facts.left_mapped));
        Ok((
            tx.access(&users)?,
            tx.anyone_stale()?,
            standing.collect::<BTreeMap<_, _>>(),
            (tx.seats_used()?, seats(tx)?),
        ))
    });
    let (rows, stale, left, (used, taken)) = read.map_err(|error| error.to_string())?;
    let rows: BTreeMap<UserId, Access> =
        rows.into_iter().map(|row| (row.user, row.access)).collect();
    same("stored access", &rows, &model.access)?;
    let users = model.users.iter();
    let expected = users.map(|(id, user)| (*id, user.standing.left_mapped));
    same("left_mapped", &left, &expected.collect())?;
    same("seats", &used, &taken)?;
    same("stale marks", &stale, &false)
}

/// Seats in use by every stored access, however they are counted elsewhere.
fn seats(tx: &mut dyn Tx) -> app::Result<u64> {
    let all = tx.access_page(None, u64::MAX)?;
    Ok(all.iter().map(|row| u64::from(row.access.seat)).sum())
}

fn see(tx: &mut dyn Tx, users: &[UserId], groups: &[GroupId], crowd: usize) -> app::Result<Seen> {
    let mut seen = Seen {
        access: BTreeMap::new(),
        page: BTreeMap::new(),
        facts: BTreeMap::new(),
        rules: Vec::new(),
        members: BTreeMap::new(),
    };
    for user in users {
        seen.access.insert(*user, access::read(tx, *user)?.access);
    }
    let page = access::page(tx, None, (crowd + users.len() + 1) as u64)?;
    let page = page.into_iter().skip(crowd);
    seen.page = page.map(|reply| (reply.subject.id, reply.access)).collect();
    for (user, facts) in tx.user_facts(users)? {
        seen.facts.insert(user, Facts::of(facts));
    }
    for rule in tx.rules()? {
        seen.rules.push(Rule {
            name: rule.group_name,
            gives: rule.gives,
            bound: rule.group,
        });
    }
    for group in groups {
        let members = tx.member_ids(*group)?.into_iter().collect();
        seen.members.insert(*group, members);
    }
    Ok(seen)
}

fn expected(model: &Model) -> Seen {
    let users = model.users.keys();
    let members = model.groups.iter();
    Seen {
        access: model.access.clone(),
        page: model.access.clone(),
        facts: users.map(|id| (*id, Facts::of(model.facts(*id)))).collect(),
        rules: model.rules.clone(),
        members: members
            .map(|(id, group)| (*id, group.members.clone()))
            .collect(),
    }
}

impl Facts {
    fn of(facts: UserFacts) -> Facts {
        let direct = facts.rules.into_iter().filter(|rule| rule.via.is_empty());
        let grants = facts.grants.into_iter();
        Facts {
            active: facts.active,
            awaiting_activation: facts.awaiting_activation,
            gives: direct.map(|rule| (rule.group, rule.gives)).collect(),
            grants: grants.map(|grant| (grant.target, grant.kind)).collect(),
            claims: facts.role_claims.into_iter().collect(),
            holds: facts.holds.into_iter().collect(),
        }
    }
}

fn same<T: PartialEq + Debug>(what: &str, seen: &T, expected: &T) -> Result<(), String> {
    if seen == expected {
        return Ok(());
    }
    Err(format!("{what}: got {seen:#?}, expected {expected:#?}"))
}
