//! Finding groups for administrators and apps.

use domain::GroupId;
use scim::{Kind, fold};

use crate::{
    Result,
    port::{Tx, groups::GroupRow, search::Place, users::Search},
};

/// A page of groups to find.
#[derive(Clone, Debug)]
pub struct FindGroups {
    /// Only the one with this `displayName`, ignoring case.
    pub name: Option<String>,
    /// Those with a greater id.
    pub after: Option<GroupId>,
    /// Most of a page.
    pub limit: u64,
}

/// A page of groups, without members.
#[derive(Clone, Debug)]
pub struct GroupPage {
    /// In id order.
    pub groups: Vec<GroupRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<GroupId>,
}

/// Finds groups.
///
/// # Errors
/// The store is away.
pub fn find(tx: &mut dyn Tx, query: &FindGroups) -> Result<GroupPage> {
    if let Some(name) = &query.name {
        let found = tx.group_by_name(&fold::key(name))?;
        let later = |row: &GroupRow| query.after.is_none_or(|after| row.id > after);
        return Ok(GroupPage {
            groups: found.into_iter().filter(later).collect(),
            next: None,
        });
    }
    let place = |id: GroupId| Place {
        key: None,
        kind: Kind::Group,
        id: id.0,
    };
    let search = Search {
        filter: None,
        sort: None,
        after: query.after.map(place),
        start_index: 1,
        count: query.limit,
        total: false,
    };
    let groups = tx.search_groups(&search)?.items;
    let whole = groups.len() as u64 >= query.limit;
    let next = groups.last().map(|last| last.id).filter(|_| whole);
    Ok(GroupPage { groups, next })
}
