//! Order and places: every store gives the same list, by index as by cursor.

use std::fmt::Debug;

use app::port::groups::GroupRow;
use app::port::search::{Page, Place, Search};
use app::port::users::UserRow;
use app::representation::{group_for_filter, user_for_filter};
use scim::{Kind, Mode, Registry, Sort, SortKey};
use serde_json::Value;
use uuid::Uuid;

use super::Factory;
use super::filters::id;
use super::search::{ALL, filled, parsed};
use super::world::World;

/// With a column and without one, of every type, with equal and with missing values.
const USER_SORTS: &[Option<&str>] = &[
    None,
    Some("id"),
    Some("userName"),
    Some("externalId"),
    Some("meta.created"),
    Some("meta.lastModified"),
    Some("displayName"),
    Some("title"),
    Some("active"),
    Some("emails"),
    Some("groups"),
    Some("name.familyName"),
];

const GROUP_SORTS: &[Option<&str>] = &[
    None,
    Some("id"),
    Some("displayName"),
    Some("externalId"),
    Some("meta.created"),
    Some("meta.lastModified"),
    Some("members.value"),
    // Another type's: no group has a value.
    Some("userName"),
];

/// Answered by SQL alone, in part, and by documents alone.
const USER_FILTERS: &[Option<&str>] = &[
    None,
    Some("userName pr"),
    Some(r#"userName sw "d" or title pr"#),
    Some(r#"externalId pr and not (nickName eq "nobody")"#),
    Some(r#"userName eq "cem""#),
];

const GROUP_FILTERS: &[Option<&str>] = &[None, Some("displayName pr"), Some("members pr")];

const DIRECTIONS: [&str; 2] = ["ascending", "descending"];

/// First result and most results of pages by index.
const WINDOWS: &[(u64, u64)] = &[(1, ALL), (1, 2), (2, 3), (4, 1), (1, 0), (100, 5)];

fn sort(by: Option<&str>, direction: &str) -> Option<Sort> {
    let kinds = [Kind::User, Kind::Group];
    let registry = Registry::core();
    match Sort::parse(&registry, &kinds, Mode::Strict, by, Some(direction)) {
        Ok(sort) => sort,
        Err(error) => panic!("{by:?}: {error}"),
    }
}

fn search(kind: Kind, filter: Option<&str>, sort: Option<&Sort>) -> Search {
    Search {
        filter: filter.map(|filter| parsed(kind, filter)),
        sort: sort.cloned(),
        after: None,
        start_index: 1,
        count: ALL,
        total: true,
    }
}

/// The whole list as it has to be, out of all rows with their documents.
fn expected<T: Clone>(search: &Search, all: &[(Uuid, T, Value)]) -> Vec<(SortKey, Uuid, T)> {
    let sort = search.sort.as_ref();
    let mut list: Vec<(SortKey, Uuid, T)> = all
        .iter()
        .filter(|(_, _, document)| search.filter.as_ref().is_none_or(|f| f.matches(document)))
        .map(|(id, row, document)| {
            let key = sort.map_or(SortKey::Missing, |sort| sort.key(document));
            (key, *id, row.clone())
        })
        .collect();
    list.sort_by(|one, other| Search::compare(sort, (&one.0, one.1), (&other.0, other.1)));
    list
}

/// Pages by index and pages by cursor, both compared with the whole list.
fn check<T: Clone + PartialEq + Debug>(
    label: &str,
    kind: Kind,
    search: &Search,
    all: &[(Uuid, T, Value)],
    page: impl Fn(Search) -> Page<T>,
) {
    let list = expected(search, all);
    let total = list.len() as u64;
    let rows: Vec<T> = list.iter().map(|(_, _, row)| row.clone()).collect();
    for (start_index, count) in WINDOWS {
        let got = page(Search {
            start_index: *start_index,
            count: *count,
            ..search.clone()
        });
        let skip = usize::try_from(start_index - 1).unwrap();
        let take = usize::try_from(*count).unwrap();
        let wanted: Vec<T> = rows.iter().skip(skip).take(take).cloned().collect();
        assert_eq!(
            (got.total, got.items),
            (total, wanted),
            "{label}: {start_index}, {count}"
        );
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let got = page(Search {
            after,
            count: 2,
            ..search.clone()
        });
        assert_eq!(got.total, total, "{label}");
        if got.items.is_empty() {
            break;
        }
        seen.extend(got.items);
        let Some((key, id, _)) = list.get(seen.len() - 1) else {
            panic!("{label}: the walk is longer than the list");
        };
        after = Some(Place {
            key: search.sort.as_ref().map(|_| key.clone()),
            kind,
            id: *id,
        });
    }
    assert_eq!(seen, rows, "{label}: by cursor");
}

fn user_page(world: &World, search: Search) -> Page<UserRow> {
    world.read(move |tx| Ok(tx.search_users(&search)?))
}

fn group_page(world: &World, search: Search) -> Page<GroupRow> {
    world.read(move |tx| Ok(tx.search_groups(&search)?))
}

pub(super) fn users_in_every_order(factory: Factory<'_>) {
    let world = filled(factory);
    let rows = user_page(&world, search(Kind::User, None, None)).items;
    let all: Vec<(Uuid, UserRow, Value)> = world.read(move |tx| {
        let mut all = Vec::new();
        for row in &rows {
            let groups = tx.groups_of(&[row.id])?.into_iter();
            let groups: Vec<_> = groups.map(|(_, group)| group).collect();
            all.push((row.id.0, row.clone(), user_for_filter(row, &groups)));
        }
        Ok(all)
    });
    for by in USER_SORTS {
        for direction in DIRECTIONS {
            let sort = sort(*by, direction);
            for filter in USER_FILTERS {
                let search = search(Kind::User, *filter, sort.as_ref());
                let label = format!("{by:?} {direction} {filter:?}");
                check(&label, Kind::User, &search, &all, |search| {
                    user_page(&world, search)
                });
            }
        }
    }
}

pub(super) fn groups_in_every_order(factory: Factory<'_>) {
    let world = filled(factory);
    let rows = group_page(&world, search(Kind::Group, None, None)).items;
    let all: Vec<(Uuid, GroupRow, Value)> = world.read(move |tx| {
        let mut all = Vec::new();
        for row in &rows {
            let members = tx.members(row.id)?;
            all.push((row.id.0, row.clone(), group_for_filter(row, &members)));
        }
        Ok(all)
    });
    for by in GROUP_SORTS {
        for direction in DIRECTIONS {
            let sort = sort(*by, direction);
            for filter in GROUP_FILTERS {
                let search = search(Kind::Group, *filter, sort.as_ref());
                let label = format!("{by:?} {direction} {filter:?}");
                check(&label, Kind::Group, &search, &all, |search| {
                    group_page(&world, search)
                });
            }
        }
    }
}

/// Text by code points, what is missing or empty last and descending first, ties by id.
pub(super) fn missing_values_have_their_place(factory: Factory<'_>) {
    let world = filled(factory);
    for (direction, order) in [
        ("ascending", [6, 1, 5, 2, 7, 3, 4, 8, 9]),
        ("descending", [3, 4, 8, 9, 7, 2, 5, 1, 6]),
    ] {
        let sort = sort(Some("externalId"), direction);
        let page = user_page(&world, search(Kind::User, None, sort.as_ref()));
        let got: Vec<Uuid> = page.items.iter().map(|row| row.id.0).collect();
        assert_eq!(got, order.map(id), "{direction}");
    }
}
