//! Users and groups in one list (RFC 7644 section 3.4.2.1): users first, then groups, each by id;
//! or both by their sort keys.

use scim::{Filter, Kind, Sort, SortKey};
use uuid::Uuid;

use super::{Listed, Part};
use crate::{
    Result,
    groups::{self, GroupReply, ListGroups},
    port::{
        Tx,
        search::{Place, Search},
    },
    users::{self, ListUsers, UserReply},
};

/// A list query over both resource types.
#[derive(Clone, Debug)]
pub struct ListBoth {
    /// What to find; an attribute that one type does not have has no value there.
    pub filter: Option<Filter>,
    /// In which order; without it users come first.
    pub sort: Option<Sort>,
    /// Which part.
    pub part: Part,
    /// Whether the answer shows the members of groups.
    pub show_members: bool,
    /// As [`ListUsers::by_email`].
    pub by_email: bool,
}

/// One resource of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A user.
    User(UserReply),
    /// A group.
    Group(GroupReply),
}

/// How many resources of each type are read at once on the way to an index in a sorted list.
const STEP: u64 = 1_000;

/// One page of users and groups.
///
/// # Errors
/// The filter or the order is too expensive.
pub fn both(tx: &mut dyn Tx, query: &ListBoth) -> Result<Listed<Entry>> {
    match (&query.sort, &query.part) {
        (None, Part::Index { start, count }) => by_index(tx, query, *start, *count),
        (None, Part::Cursor { after, count }) => by_cursor(tx, query, after.as_ref(), *count),
        (Some(sort), Part::Index { start, count }) => by_place(tx, query, sort, *start, *count),
        (Some(sort), Part::Cursor { after, count }) => {
            merged(tx, query, sort, after.clone(), *count)
        }
    }
}

fn by_index(tx: &mut dyn Tx, query: &ListBoth, start: u64, count: u64) -> Result<Listed<Entry>> {
    let mut page = users(tx, query, Part::Index { start, count })?;
    let count = room(count, &page);
    // Groups begin where users end.
    let start = start.saturating_sub(page.total).max(1);
    let rest = groups(tx, query, Part::Index { start, count })?;
    page.total += rest.total;
    page.items.extend(rest.items);
    Ok(page)
}

fn by_cursor(
    tx: &mut dyn Tx,
    query: &ListBoth,
    after: Option<&Place>,
    count: u64,
) -> Result<Listed<Entry>> {
    let in_groups = after.is_some_and(|place| place.kind == Kind::Group);
    let part = |own: bool, count| Part::Cursor {
        after: after.filter(|_| own).cloned(),
        count,
    };
    let of_users = part(!in_groups, if in_groups { 0 } else { count });
    let mut page = users(tx, query, of_users)?;
    let room = room(count, &page);
    let rest = groups(tx, query, part(in_groups, room))?;
    // A page that ends with the last user still has the groups after it.
    if page.next.is_none() && room == 0 && rest.total > 0 {
        page.next = page.items.last().map(|entry| place(entry, None));
    }
    page.next = rest.next.or(page.next);
    page.total += rest.total;
    page.items.extend(rest.items);
    Ok(page)
}

fn room(count: u64, page: &Listed<Entry>) -> u64 {
    count.saturating_sub(page.items.len() as u64)
}

/// Both lists from one place on, merged.
fn merged(
    tx: &mut dyn Tx,
    query: &ListBoth,
    sort: &Sort,
    after: Option<Place>,
    count: u64,
) -> Result<Listed<Entry>> {
    let part = Part::Cursor { after, count };
    let one = users(tx, query, part.clone())?;
    let other = groups(tx, query, part.clone())?;
    let total = one.total + other.total;
    let ends = [one.next, other.next];
    let mut items: Vec<(SortKey, Entry)> = one
        .items
        .into_iter()
        .chain(other.items)
        .map(|entry| (key(&entry, sort), entry))
        .collect();
    items.sort_by(|(key, entry), (other, with)| {
        Search::compare(Some(sort), (key, id(entry)), (other, id(with)))
    });
    // A list that goes on may have more right behind its last item, so nothing later is shown.
    let shown = items.partition_point(|(key, entry)| {
        let until = |end: &Place| {
            let last = end.key.as_ref().unwrap_or(&SortKey::Missing);
            Search::compare(Some(sort), (key, id(entry)), (last, end.id)).is_le()
        };
        ends.iter().flatten().all(until)
    });
    let items = items.into_iter().map(|(_, entry)| entry).collect();
    let mut page = part.listed(total, items, shown, |entry| place(entry, Some(sort)));
    if page.next.is_none() && ends.iter().any(Option::is_some) {
        page.next = page.items.last().map(|entry| place(entry, Some(sort)));
    }
    Ok(page)
}

/// Walks to an index in steps, so that a bounded number of resources is in memory.
fn by_place(
    tx: &mut dyn Tx,
    query: &ListBoth,
    sort: &Sort,
    start: u64,
    count: u64,
) -> Result<Listed<Entry>> {
    let (mut after, mut skip) = (None, start.saturating_sub(1));
    while skip >= STEP {
        let page = merged(tx, query, sort, after, STEP)?;
        let Some(next) = page.next.filter(|_| start <= page.total) else {
            return Ok(Listed {
                total: page.total,
                items: Vec::new(),
                next: None,
            });
        };
        skip -= page.items.len() as u64;
        after = Some(next);
    }
    // Asked for nothing, a list tells its total; passing over some needs them read.
    let wanted = if count == 0 { 0 } else { skip + count };
    let page = merged(tx, query, sort, after, wanted)?;
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    Ok(Listed {
        total: page.total,
        items: page.items.into_iter().skip(skip).collect(),
        next: None,
    })
}

fn users(tx: &mut dyn Tx, query: &ListBoth, part: Part) -> Result<Listed<Entry>> {
    let query = ListUsers {
        filter: query.filter.clone(),
        sort: query.sort.clone(),
        part,
        by_email: query.by_email,
    };
    Ok(users::list(tx, &query)?.map(Entry::User))
}

fn groups(tx: &mut dyn Tx, query: &ListBoth, part: Part) -> Result<Listed<Entry>> {
    let query = ListGroups {
        filter: query.filter.clone(),
        sort: query.sort.clone(),
        part,
        show_members: query.show_members,
    };
    Ok(groups::list(tx, &query)?.map(Entry::Group))
}

fn id(entry: &Entry) -> Uuid {
    match entry {
        Entry::User(user) => user.row.id.0,
        Entry::Group(group) => group.row.id.0,
    }
}

fn key(entry: &Entry, sort: &Sort) -> SortKey {
    place(entry, Some(sort)).key.unwrap_or(SortKey::Missing)
}

fn place(entry: &Entry, sort: Option<&Sort>) -> Place {
    match entry {
        Entry::User(user) => users::place(user, sort),
        Entry::Group(group) => groups::place(group, sort),
    }
}
