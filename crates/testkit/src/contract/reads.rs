//! How often the identity provider read what.

use std::borrow::Cow;

use app::port::reads::{ReadCount, ReadSearch};

use super::Factory;
use super::world::{AT, World};

const MINUTE: i64 = 60_000;

fn count(minute: i64, key: &str, route: &str, reads: u64) -> ReadCount {
    ReadCount {
        minute: AT + minute * MINUTE,
        key: key.to_owned(),
        route: Cow::Owned(route.to_owned()),
        reads,
    }
}

fn add(world: &World, counts: &[ReadCount]) {
    let counts = counts.to_vec();
    world.shared(move |tx| Ok(tx.add_reads(&counts)?));
}

fn find(world: &World, search: &ReadSearch, limit: u64) -> Vec<ReadCount> {
    let search = search.clone();
    world.read(move |tx| Ok(tx.reads(&search, limit)?))
}

/// What is counted twice is added, and nobody else's is.
pub(super) fn add_up(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let first = [
        count(0, "a", "/Users", 2),
        count(0, "a", "/Users/{id}", 1),
        count(0, "b", "/Users", 5),
    ];
    add(&world, &first);
    add(&world, &[]);
    add(&other, &[count(0, "a", "/Users", 70)]);
    add(
        &world,
        &[count(0, "a", "/Users", 3), count(1, "a", "/Users", 1)],
    );
    let wanted = [
        count(1, "a", "/Users", 1),
        count(0, "b", "/Users", 5),
        count(0, "a", "/Users/{id}", 1),
        count(0, "a", "/Users", 5),
    ];
    assert_eq!(find(&world, &ReadSearch::default(), 10), wanted);
    let others = find(&other, &ReadSearch::default(), 10);
    assert_eq!(others, [count(0, "a", "/Users", 70)]);
}

pub(super) fn are_found_in_pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let keys = ["B", "a", "é"];
    let counts: Vec<ReadCount> = (0..4)
        .flat_map(|minute| keys.map(|key| count(minute, key, "/Users", 1)))
        .collect();
    add(&world, &counts);
    let mut all = counts;
    all.reverse();
    let mut search = ReadSearch::default();
    let mut found = Vec::new();
    loop {
        let page = find(&world, &search, 5);
        let Some(last) = page.last().cloned() else {
            break;
        };
        search.after = Some((last.minute, last.key, last.route.into_owned()));
        found.extend(page);
    }
    assert_eq!(found, all);
    let check = |search: &ReadSearch, fits: &dyn Fn(&ReadCount) -> bool| {
        let wanted: Vec<ReadCount> = all.iter().filter(|count| fits(count)).cloned().collect();
        assert_eq!(find(&world, search, 100), wanted, "{search:?}");
    };
    let of_key = ReadSearch {
        key: Some("a".to_owned()),
        ..ReadSearch::default()
    };
    check(&of_key, &|count| count.key == "a");
    let between = ReadSearch {
        from: Some(AT + MINUTE),
        until: Some(AT + 3 * MINUTE),
        ..of_key.clone()
    };
    let inside = |count: &ReadCount| (AT + MINUTE..AT + 3 * MINUTE).contains(&count.minute);
    check(&between, &|count| count.key == "a" && inside(count));
    let nobody = ReadSearch {
        key: Some("nobody".to_owned()),
        ..ReadSearch::default()
    };
    check(&nobody, &|_| false);
}

/// The oldest first, so many at once.
pub(super) fn are_forgotten(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let counts: Vec<ReadCount> = (0..6).map(|minute| count(minute, "a", "/", 1)).collect();
    for world in [&world, &other] {
        add(world, &counts);
    }
    let forget = |minutes: i64, limit: u64| {
        world.shared(move |tx| Ok(tx.forget_reads(AT + minutes * MINUTE, limit)?))
    };
    assert_eq!(
        (forget(0, 10), forget(4, 3), forget(4, 3), forget(4, 3)),
        (0, 3, 1, 0)
    );
    let left = |world: &World| find(world, &ReadSearch::default(), 100).len();
    assert_eq!((left(&world), left(&other)), (2, 6));
}
