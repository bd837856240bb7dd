//! Listing and finding groups.

use std::sync::Arc;

use scim::filter::Filter;

use super::GroupReply;
use crate::{
    Result,
    port::{
        Tx,
        users::{Page, Search},
    },
};

/// A page ends early when it holds this many members (D35).
const MOST_MEMBERS: usize = 50_000;

/// A list query, parsed.
#[derive(Clone, Debug)]
pub struct ListGroups {
    /// What to find.
    pub filter: Option<Filter>,
    /// First result, from 1.
    pub start_index: u64,
    /// Most results.
    pub count: u64,
    /// Whether the answer shows the members.
    pub show_members: bool,
}

/// One page of groups.
///
/// # Errors
/// The filter is too expensive.
pub fn list(tx: &mut dyn Tx, query: &ListGroups) -> Result<Page<GroupReply>> {
    let page = tx.search_groups(&Search {
        filter: query.filter.clone().map(Arc::new),
        start_index: query.start_index,
        count: query.count,
    })?;
    let mut items = Vec::with_capacity(page.items.len());
    let mut shown = 0;
    for row in page.items {
        if shown > MOST_MEMBERS {
            break;
        }
        let members = query.show_members.then(|| tx.members(row.id)).transpose()?;
        shown += members.as_ref().map_or(0, Vec::len);
        items.push(GroupReply {
            row,
            members,
            unknown_members: Vec::new(),
            changed: false,
        });
    }
    Ok(Page {
        total: page.total,
        items,
    })
}
