//! Whether the store says what the model says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use app::access;
use app::port::Tx;
use domain::{Access, Gives, GroupId, RoleClaim, UserFacts, UserId};
use uuid::Uuid;

use super::model::{Model, Rule};
use super::site::Site;

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

/// A user's facts without order.
#[derive(Debug, PartialEq)]
struct Facts {
    active: bool,
    claims: BTreeSet<RoleClaim>,
    gives: BTreeSet<(GroupId, String)>,
    /// Facts that this history has no step for.
    others: bool,
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
    let read = site.read(move |tx| Ok((tx.access(&users)?, tx.anyone_stale()?)));
    let (rows, stale) = read.map_err(|error| error.to_string())?;
    let rows: BTreeMap<UserId, Access> =
        rows.into_iter().map(|row| (row.user, row.access)).collect();
    same("stored access", &rows, &model.access())?;
    same("stale marks", &stale, &false)
}

/// These histories have organization rules only.
fn role_of(gives: &Gives) -> String {
    match gives {
        Gives::Organization(role) => role.to_string(),
        other => format!("{other:?}"),
    }
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
            role: role_of(&rule.gives),
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
    let facts = model.users.iter().map(|(id, user)| {
        let facts = Facts {
            active: user.active,
            claims: user.claims.iter().cloned().collect(),
            gives: model.gives(*id),
            others: false,
        };
        (*id, facts)
    });
    let members = model.groups.iter();
    Seen {
        access: model.access(),
        page: model.access(),
        facts: facts.collect(),
        rules: model.rules.clone(),
        members: members
            .map(|(id, group)| (*id, group.members.clone()))
            .collect(),
    }
}

impl Facts {
    fn of(facts: UserFacts) -> Facts {
        let gives = facts.rules.iter().filter_map(|rule| match &rule.gives {
            Gives::Organization(role) => Some((rule.group, role.to_string())),
            Gives::Workspace(_) | Gives::Project(..) => None,
        });
        Facts {
            active: facts.active,
            gives: gives.collect(),
            others: facts.left_mapped
                || facts.awaiting_activation
                || !facts.grants.is_empty()
                || !facts.holds.is_empty()
                || facts.rules.iter().any(|rule| !rule.via.is_empty()),
            claims: facts.role_claims.into_iter().collect(),
        }
    }
}

fn same<T: PartialEq + Debug>(what: &str, seen: &T, expected: &T) -> Result<(), String> {
    if seen == expected {
        return Ok(());
    }
    Err(format!("{what}: got {seen:#?}, expected {expected:#?}"))
}
