//! Entra's cycles: an initial one over new users and their groups, then one of changes: of one in twenty
//! of the users that came, so that there are enough of them to be timed.

use std::sync::{Mutex, PoisonError};

use crate::Fault;
use crate::drive::{Cost, Target, drive};
use crate::idp;
use crate::people;
use crate::table::Figures;

/// Members in one PATCH, as Entra sends them.
const BATCH: usize = 100;

/// Where the figures go.
pub(crate) struct Keys {
    pub(crate) initial: &'static str,
    pub(crate) changes: &'static str,
    /// Per CPU second, where that is told.
    pub(crate) cpu: Option<(&'static str, &'static str)>,
}

/// Both cycles over so many users; `staff` is the mapped group of everybody.
pub(crate) fn both(
    target: &Target,
    tag: &str,
    users: usize,
    keys: &Keys,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let (ids, people) = arrive(target, tag, users)?;
    let groups = names(tag, users);
    let grouping = drive(target, 4, groups.len(), |client, g| {
        let (name, of) = &groups[g];
        let id = match idp::find_group(client, name)? {
            Some(id) => id,
            None => idp::create_group(client, name)?,
        };
        ids[of.clone()]
            .chunks(BATCH)
            .try_for_each(|part| idp::join(client, &id, part))
    })?;
    figures.put(
        keys.initial,
        users as f64 / (people.seconds + grouping.seconds),
    );
    let changed = (users / 20).max(50);
    let (persons, memberships) = change(target, tag, &ids, &groups, changed)?;
    let times = 2.0 * changed as f64;
    figures.put(
        keys.changes,
        times / (persons.seconds + memberships.seconds),
    );
    if let Some((initial, incremental)) = keys.cpu {
        figures.put(
            initial,
            users as f64 / (people.cpu + grouping.cpu).max(0.01),
        );
        figures.put(
            incremental,
            times / (persons.cpu + memberships.cpu).max(0.01),
        );
    }
    Ok(())
}

/// Match, then create.
fn arrive(target: &Target, tag: &str, users: usize) -> Result<(Vec<String>, Cost), Fault> {
    let made = Mutex::new(vec![String::new(); users]);
    let cost = drive(target, 4, users, |client, n| {
        let id = match idp::find_user(client, tag, n)? {
            Some(id) => id,
            None => idp::create_user(client, tag, n)?,
        };
        made.lock().unwrap_or_else(PoisonError::into_inner)[n] = id;
        Ok(())
    })?;
    Ok((
        made.into_inner().unwrap_or_else(PoisonError::into_inner),
        cost,
    ))
}

type Named = (String, std::ops::Range<usize>);

/// The mapped group of everybody, and one for each hundred. The identity provider works on one
/// group at a time.
fn names(tag: &str, users: usize) -> Vec<Named> {
    let mut groups = vec![("staff".to_owned(), 0..users)];
    let teams = (0..users / 100).map(|n| (format!("{tag}-team-{n:05}"), n * 100..(n + 1) * 100));
    groups.extend(teams);
    groups
}

/// Attributes of some, and as many memberships: out of a group and in again.
fn change(
    target: &Target,
    tag: &str,
    ids: &[String],
    groups: &[Named],
    changed: usize,
) -> Result<(Cost, Cost), Fault> {
    let persons = drive(target, 4, changed, |client, k| {
        let n = people::mixed(k) % ids.len();
        let id = idp::find_user(client, tag, n)?.ok_or("a user is gone")?;
        idp::change(client, &id, n, k + 1)
    })?;
    let memberships = drive(target, 4, changed, |client, k| {
        let (name, of) = &groups[if k % 2 == 0 { 0 } else { k % groups.len() }];
        let group = idp::find_group(client, name)?.ok_or("a group is gone")?;
        let member = &ids[of.start + k % 100];
        idp::leave(client, &group, member)?;
        idp::join(client, &group, std::slice::from_ref(member))
    })?;
    Ok((persons, memberships))
}
