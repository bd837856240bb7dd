//! Searching: a store answers what the evaluator answers, in pages, with exact totals.

use std::sync::Arc;

use app::port::groups::{GroupRow, MemberKind, NewMember};
use app::port::users::{Page, Search, UserRow};
use app::representation::{group_for_filter, user_for_filter};
use domain::{GroupId, Standing, UserId};
use scim::{Filter, Kind, Mode, Registry};
use serde_json::{Value, json};

use super::Factory;
use super::filters::{GROUP_FILTERS, MEMBERS, USER_FILTERS, groups, id, users as user_rows};
use super::world::{World, user};

/// Everything, in one page.
pub(super) const ALL: u64 = 10_000;

/// First result and most results of the pages that are tried.
const WINDOWS: &[(u64, u64)] = &[(1, ALL), (1, 2), (2, 3), (4, 1), (1, 0), (3, 0), (100, 5)];

pub(super) fn parsed(kind: Kind, filter: &str) -> Arc<Filter> {
    match Filter::parse(&Registry::core(), kind, Mode::Lenient, filter) {
        Ok(filter) => Arc::new(filter),
        Err(error) => panic!("{filter}: {error}"),
    }
}

fn search(filter: Option<Arc<Filter>>, (start_index, count): (u64, u64)) -> Search {
    Search {
        filter,
        sort: None,
        after: None,
        start_index,
        count,
        total: true,
    }
}

fn user_page(world: &World, filter: Option<&Arc<Filter>>, window: (u64, u64)) -> Page<UserRow> {
    let search = search(filter.cloned(), window);
    world.read(move |tx| Ok(tx.search_users(&search)?))
}

fn group_page(world: &World, filter: Option<&Arc<Filter>>, window: (u64, u64)) -> Page<GroupRow> {
    let search = search(filter.cloned(), window);
    world.read(move |tx| Ok(tx.search_groups(&search)?))
}

/// The users that a filter finds, in id order.
pub(super) fn users(world: &World, filter: &str) -> Vec<UserId> {
    let filter = parsed(Kind::User, filter);
    let page = user_page(world, Some(&filter), (1, ALL));
    page.items.into_iter().map(|row| row.id).collect()
}

pub(super) fn filled(factory: Factory<'_>) -> World {
    let world = World::new(factory);
    // What must never be found: the same rows in another organization.
    for world in [&world, &world.other("other")] {
        world.exclusive(|tx| {
            for user in user_rows() {
                tx.insert_user(&user, Standing::default())?;
            }
            for group in groups() {
                tx.insert_group(&group)?;
            }
            for (group, members) in MEMBERS {
                let of = |number: &u128| NewMember {
                    id: id(*number),
                    kind: if *number > 20 {
                        MemberKind::Group
                    } else {
                        MemberKind::User
                    },
                    display: (*group == 22 && *number == 2).then(|| "Said so".to_owned()),
                };
                tx.add_members(
                    GroupId(id(*group)),
                    &members.iter().map(of).collect::<Vec<_>>(),
                )?;
            }
            Ok(())
        });
    }
    world
}

/// The same page without a total as with it.
fn untold<T: PartialEq + std::fmt::Debug>(
    window: (u64, u64),
    filter: &Arc<Filter>,
    page: impl Fn(Search) -> Page<T>,
) {
    let with = search(Some(Arc::clone(filter)), window);
    let without = Search {
        total: false,
        ..with.clone()
    };
    let (with, without) = (page(with), page(without));
    assert_eq!(without.items, with.items, "{filter:?} {window:?}");
    assert_eq!(without.total, 0, "{filter:?} {window:?}");
}

/// A list whose total nobody wants tells none, and is the same otherwise: whether columns have the
/// condition, an index does, or documents have to be read.
pub(super) fn totals_are_told_where_they_are_wanted(factory: Factory<'_>) {
    let world = filled(factory);
    for window in WINDOWS {
        for filter in [
            "active eq true",
            "userName pr",
            "userName eq \"ann\"",
            "title pr",
        ] {
            let filter = parsed(Kind::User, filter);
            untold(*window, &filter, |search| {
                world.read(move |tx| Ok(tx.search_users(&search)?))
            });
        }
        let filter = parsed(Kind::Group, "displayName pr");
        untold(*window, &filter, |search| {
            world.read(move |tx| Ok(tx.search_groups(&search)?))
        });
    }
}

/// What is wrong with the pages of one filter, compared with the rows whose document it matches.
fn faults<T: Clone + PartialEq + std::fmt::Debug>(
    (text, found): (&str, usize),
    filter: &Arc<Filter>,
    all: &[(T, Value)],
    page: impl Fn((u64, u64)) -> Page<T>,
) -> Vec<String> {
    let matching = all.iter().filter(|(_, document)| filter.matches(document));
    let expected: Vec<T> = matching.map(|(row, _)| row.clone()).collect();
    let mut faults = Vec::new();
    if expected.len() != found {
        faults.push(format!(
            "{text}: the evaluator finds {}, not {found}",
            expected.len()
        ));
    }
    for window in WINDOWS {
        let page = page(*window);
        let skip = usize::try_from(window.0 - 1).unwrap();
        let take = usize::try_from(window.1).unwrap();
        let wanted: Vec<T> = expected.iter().skip(skip).take(take).cloned().collect();
        if (&page.items, page.total) != (&wanted, expected.len() as u64) {
            let (got, total, wanted) = (page.items.len(), page.total, wanted.len());
            let all = expected.len();
            faults.push(format!(
                "{text}: page {window:?} has {got} of {total} instead of {wanted} of {all}, \
                 or others, or in another order"
            ));
            break;
        }
    }
    faults
}

/// Fails with every filter that is wrong, not only the first.
fn all_right(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} filters are wrong:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

pub(super) fn users_as_the_evaluator(factory: Factory<'_>) {
    let world = filled(factory);
    let rows = user_page(&world, None, (1, ALL));
    assert_eq!(
        rows.items,
        user_rows()
            .into_iter()
            .map(|user| user.row)
            .collect::<Vec<_>>()
    );
    assert_eq!(rows.total, rows.items.len() as u64);
    let all: Vec<(UserRow, Value)> = world.read(move |tx| {
        let mut all = Vec::new();
        for row in &rows.items {
            let groups: Vec<_> = tx
                .groups_of(&[row.id])?
                .into_iter()
                .map(|(_, group)| group)
                .collect();
            all.push((row.clone(), user_for_filter(row, &groups)));
        }
        Ok(all)
    });
    let faults = USER_FILTERS.iter().flat_map(|case| {
        let filter = parsed(Kind::User, case.0);
        faults(*case, &filter, &all, |window| {
            user_page(&world, Some(&filter), window)
        })
    });
    all_right(faults.collect());
}

pub(super) fn groups_as_the_evaluator(factory: Factory<'_>) {
    let world = filled(factory);
    let rows = group_page(&world, None, (1, ALL));
    assert_eq!(
        rows.items,
        groups()
            .into_iter()
            .map(|group| group.row)
            .collect::<Vec<_>>()
    );
    let all: Vec<(GroupRow, Value)> = world.read(move |tx| {
        let document =
            |row: &GroupRow| Ok((row.clone(), group_for_filter(row, &tx.members(row.id)?)));
        rows.items.iter().map(document).collect()
    });
    let faults = GROUP_FILTERS.iter().flat_map(|case| {
        let filter = parsed(Kind::Group, case.0);
        faults(*case, &filter, &all, |window| {
            group_page(&world, Some(&filter), window)
        })
    });
    all_right(faults.collect());
}

/// Page after page gives every row once, in id order, whether or not the filter has a column.
pub(super) fn pages_are_stable(factory: Factory<'_>) {
    const MANY: u64 = 250;
    let world = World::new(factory);
    let mut rows: Vec<UserRow> = world.shared(|tx| {
        let mut rows = Vec::new();
        for place in 0..MANY {
            let title = if place % 3 == 0 { "third" } else { "other" };
            let name = format!("{}{place}", if place % 2 == 0 { "even" } else { "odd" });
            let user = user(json!({"userName": name, "title": title}));
            tx.insert_user(&user, Standing::default())?;
            rows.push(user.row);
        }
        Ok(rows)
    });
    rows.sort_by_key(|row| row.id);
    for filter in [
        None,
        Some(r#"userName sw "even""#),
        Some(r#"title eq "third""#),
    ] {
        let filter = filter.map(|text| parsed(Kind::User, text));
        let wanted: Vec<&UserRow> = rows
            .iter()
            .filter(|row| {
                filter
                    .as_ref()
                    .is_none_or(|f| f.matches(&user_for_filter(row, &[])))
            })
            .collect();
        let mut seen = Vec::new();
        loop {
            let page = user_page(&world, filter.as_ref(), (seen.len() as u64 + 1, 37));
            assert_eq!(page.total, wanted.len() as u64);
            if page.items.is_empty() {
                break;
            }
            seen.extend(page.items);
        }
        assert_eq!(seen.iter().collect::<Vec<_>>(), wanted);
    }
}
