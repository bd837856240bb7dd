//! Listing and finding groups.

use std::sync::Arc;

use scim::{Kind, Sort, filter::Filter};

use super::GroupReply;
use crate::{
    Result,
    list::{Listed, Part},
    port::{Tx, search::Place},
    representation::group_for_filter,
};

/// A page ends early when it holds this many members (D35).
const MOST_MEMBERS: usize = 50_000;

/// A list query, parsed.
#[derive(Clone, Debug)]
pub struct ListGroups {
    /// What to find.
    pub filter: Option<Filter>,
    /// In which order; by id without it.
    pub sort: Option<Sort>,
    /// Which part.
    pub part: Part,
    /// Whether the answer shows the members.
    pub show_members: bool,
}

/// One page of groups.
///
/// # Errors
/// The filter or the order is too expensive.
pub fn list(tx: &mut dyn Tx, query: &ListGroups) -> Result<Listed<GroupReply>> {
    let sort = query.sort.as_ref();
    // Where members decide the order, the place of the last group is told by them.
    let with_members = query.show_members || sort.is_some_and(|sort| sort.mentions("members"));
    let filter = query.filter.clone().map(Arc::new);
    let page = tx.search_groups(&query.part.search(filter, sort.cloned()))?;
    let mut items = Vec::with_capacity(page.items.len());
    let most = usize::try_from(query.part.count()).unwrap_or(usize::MAX);
    let (mut members_shown, mut shown) = (0, 0);
    for row in page.items {
        let fits = members_shown <= MOST_MEMBERS && shown < most;
        // One that is not shown only tells that there are more.
        let members = (with_members && fits)
            .then(|| tx.members(row.id))
            .transpose()?;
        members_shown += members.as_ref().map_or(0, Vec::len);
        items.push(GroupReply {
            row,
            members,
            unknown_members: Vec::new(),
            changed: false,
            leniencies: Vec::new(),
        });
        if !fits {
            break;
        }
        shown += 1;
    }
    Ok(query
        .part
        .listed(page.total, items, shown, |group| place(group, sort)))
}

/// Where a group stands in a list of this order. Members count where they were read.
pub(crate) fn place(group: &GroupReply, sort: Option<&Sort>) -> Place {
    let members = group.members.as_deref().unwrap_or_default();
    let document = || match sort {
        Some(sort) if sort.mentions("members") => group_for_filter(&group.row, members),
        _ => group_for_filter(&group.row, &[]),
    };
    Place {
        key: sort.map(|sort| sort.key(&document())),
        kind: Kind::Group,
        id: group.row.id.0,
    }
}
