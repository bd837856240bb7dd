//! Access at a past moment.

use std::collections::BTreeMap;

use app::port::history::HistoryRow;
use domain::{Access, Cause, CauseKind, ProjectId, ProjectRole, UserId, WorkspaceId, WorkspaceVia};
use uuid::Uuid;

use super::Factory;
use super::access::active;
use super::world::World;

fn row(user: UserId, at: i64, access: Access) -> HistoryRow {
    HistoryRow {
        user,
        at,
        access,
        cause: Cause {
            kind: CauseKind::Admin,
            by: Some("key".to_owned()),
            request: None,
        },
    }
}

fn record(world: &World, rows: &[HistoryRow]) {
    let rows = rows.to_vec();
    world.shared(move |tx| Ok(tx.record(&rows)?));
}

fn explicit(key: &str) -> Access {
    Access {
        workspaces: BTreeMap::from([(WorkspaceId(Uuid::now_v7()), WorkspaceVia::Rule)]),
        projects: BTreeMap::from([(ProjectId(Uuid::now_v7()), ProjectRole::Inherit)]),
        ..active(key)
    }
}

/// Three users in id order, the second of whom is removed at 30.
fn story(world: &World) -> ([UserId; 3], Vec<HistoryRow>) {
    let mut users = ["a", "b", "c"].map(|name| world.add_user(name));
    users.sort();
    let [a, b, c] = users;
    let rows = vec![
        row(a, 10, explicit("member")),
        row(a, 20, explicit("admin")),
        row(b, 10, active("member")),
        row(b, 30, Access::nothing()),
        row(c, 25, active("member")),
    ];
    (users, rows)
}

/// One user at a time, there or removed.
pub(super) fn tells_the_last_row(factory: Factory<'_>) {
    let world = World::new(factory);
    let ([a, b, c], rows) = story(&world);
    record(&world, &rows);
    record(&world, &[]);
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(b)?)));
    let check = |user: UserId, at: i64, expected: Option<usize>| {
        let read = world.read(move |tx| Ok(tx.access_at(user, at)?));
        assert_eq!(read.as_ref(), expected.map(|place| &rows[place]), "{at}");
    };
    check(a, 9, None);
    check(a, 10, Some(0));
    check(a, 19, Some(0));
    check(a, 20, Some(1));
    check(a, i64::MAX, Some(1));
    check(b, 29, Some(2));
    check(b, 30, Some(3));
    check(c, 24, None);
    check(c, 25, Some(4));
    check(UserId(Uuid::now_v7()), 25, None);
}

/// Of several changes in one millisecond the last one counts.
pub(super) fn replaces_within_a_millisecond(factory: Factory<'_>) {
    let world = World::new(factory);
    let ann = world.add_user("ann");
    let [first, second, third] = ["member", "admin", "owner"].map(|key| row(ann, 5, active(key)));
    record(&world, &[first, second.clone()]);
    let read = |world: &World| world.read(move |tx| Ok(tx.access_at(ann, 5)?));
    assert_eq!(read(&world), Some(second));
    record(&world, std::slice::from_ref(&third));
    assert_eq!(read(&world), Some(third));
}

/// What was written last is what is, whatever the clock said that it was drawn from.
pub(super) fn is_kept_in_the_order_of_writing(factory: Factory<'_>) {
    let world = World::new(factory);
    let (ann, bob) = (world.add_user("ann"), world.add_user("bob"));
    let [first, late, later] =
        [(20, "member"), (10, "admin"), (15, "owner")].map(|(at, key)| row(ann, at, active(key)));
    record(&world, std::slice::from_ref(&first));
    record(&world, &[late.clone(), row(bob, 10, active("member"))]);
    record(&world, std::slice::from_ref(&later));
    let check = |user: UserId, at: i64, expected: Option<(i64, &HistoryRow)>| {
        let read = world.read(move |tx| Ok(tx.access_at(user, at)?));
        let expected = expected.map(|(at, row)| HistoryRow { at, ..row.clone() });
        assert_eq!(read, expected, "{at}");
    };
    check(ann, 19, None);
    check(ann, 20, Some((20, &first)));
    check(ann, 21, Some((21, &late)));
    check(ann, 99, Some((22, &later)));
    check(bob, 10, Some((10, &row(bob, 10, active("member")))));
}

/// Everybody at a moment, in pages that do not depend on how long the story is.
pub(super) fn tells_everybody_in_pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let ([a, _, _], rows) = story(&world);
    record(&world, &rows);
    let check = |at: i64, expected: &[usize]| {
        for limit in [1, 2, 10] {
            let mut seen: Vec<HistoryRow> = Vec::new();
            loop {
                let after = seen.last().map(|row| row.user);
                let page = world.read(move |tx| Ok(tx.access_page_at(at, after, limit)?));
                assert!(u64::try_from(page.len()).unwrap() <= limit);
                if page.is_empty() {
                    break;
                }
                seen.extend(page);
            }
            let expected: Vec<HistoryRow> =
                expected.iter().map(|place| rows[*place].clone()).collect();
            assert_eq!(seen, expected, "at {at}, {limit} a page");
        }
    };
    check(9, &[]);
    check(10, &[0, 2]);
    check(24, &[1, 2]);
    check(25, &[1, 2, 4]);
    check(99, &[1, 3, 4]);
    let other = world.other("other");
    assert!(
        other
            .read(|tx| Ok(tx.access_page_at(99, None, 10)?))
            .is_empty()
    );
    assert!(other.read(move |tx| Ok(tx.access_at(a, 99)?)).is_none());
}

/// What was followed before the moment goes; what is needed to answer for the moment stays.
pub(super) fn forgets_what_was_followed(factory: Factory<'_>) {
    let world = World::new(factory);
    let (users, mut rows) = story(&world);
    let a = users[0];
    rows.push(row(a, 40, active("owner")));
    record(&world, &rows);
    let [_, b, _] = users;
    let forget = |at: i64, after: Option<UserId>, limit: u64| {
        let forgotten = world.shared(move |tx| Ok(tx.forget_before(at, after, limit)?));
        (forgotten.rows, forgotten.until)
    };
    let at = |moment: i64| {
        world
            .read(move |tx| Ok(tx.access_page_at(moment, None, 10)?))
            .len()
    };
    assert_eq!(forget(20, None, 10), (0, None));
    assert_eq!(forget(21, None, 10), (1, None));
    assert_eq!((at(19), at(20)), (1, 2));
    let now = world.read(|tx| Ok(tx.access_page_at(99, None, 10)?));
    // Two rows of the first user and two of the second are left, and one of the third.
    assert_eq!(forget(100, Some(a), 1), (1, Some(b)));
    assert_eq!(forget(100, Some(b), 1), (0, None));
    assert_eq!(forget(100, None, 1), (1, Some(a)));
    assert_eq!(forget(100, None, 10), (0, None));
    assert_eq!(world.read(|tx| Ok(tx.access_page_at(99, None, 10)?)), now);
}
