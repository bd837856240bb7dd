//! What everybody had at a moment.

use std::collections::BTreeMap;

use app::access;
use app::port::Millis;
use domain::{Access, UserId};

use super::same;
use crate::contract::histories::site::Site;

/// The whole page, and each user alone. Who was removed before has nothing.
pub(in super::super) fn past(
    site: &Site,
    at: Millis,
    expected: &BTreeMap<UserId, Access>,
) -> Result<(), String> {
    let users: Vec<UserId> = expected.keys().copied().collect();
    let read = site.read(move |tx| {
        let one = |user: &UserId| Ok((*user, access::at(tx, *user, at)?.access));
        let alone: app::Result<BTreeMap<UserId, Access>> = users.iter().map(one).collect();
        Ok((alone?, access::page_at(tx, at, None, 1_000)?))
    });
    let (alone, page) = read.map_err(|error| error.to_string())?;
    same(&format!("access at {at}"), &alone, expected)?;
    let mut page: BTreeMap<UserId, Access> = page
        .into_iter()
        .map(|reply| (reply.subject.id, reply.access))
        .collect();
    page.retain(|user, access| expected.contains_key(user) || *access != Access::nothing());
    same(&format!("page of access at {at}"), &page, expected)
}
