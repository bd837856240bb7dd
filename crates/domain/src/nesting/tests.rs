use uuid::Uuid;

use super::*;

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(n))
}

/// `edges` are (member, parent); expected are groups with the way there.
fn check(own: &[u128], edges: &[(u128, u128)], expected: &[(u128, &[u128])]) {
    let mut parents: BTreeMap<GroupId, BTreeSet<GroupId>> = BTreeMap::new();
    for (member, parent) in edges {
        parents
            .entry(group(*member))
            .or_default()
            .insert(group(*parent));
    }
    let own = own.iter().map(|n| group(*n)).collect();
    let expected: BTreeMap<_, Vec<_>> = expected
        .iter()
        .map(|(n, way)| (group(*n), way.iter().map(|n| group(*n)).collect()))
        .collect();
    assert_eq!(all_groups(&own, &parents), expected, "{edges:?}");
}

#[test]
fn all_levels_count_and_cycles_are_harmless() {
    check(&[], &[(1, 2)], &[]);
    check(&[1], &[], &[(1, &[])]);
    check(
        &[1],
        &[(1, 2), (2, 3), (4, 5)],
        &[(1, &[]), (2, &[1]), (3, &[1, 2])],
    );
    check(&[1], &[(1, 2), (2, 1)], &[(1, &[]), (2, &[1])]);
    check(&[1], &[(1, 1)], &[(1, &[])]);
    check(&[1, 2], &[(1, 2), (2, 3)], &[(1, &[]), (2, &[]), (3, &[2])]);
}

#[test]
fn of_several_ways_the_shortest_then_smallest_is_given() {
    check(
        &[1, 9],
        &[(1, 2), (2, 3), (9, 3)],
        &[(1, &[]), (9, &[]), (2, &[1]), (3, &[9])],
    );
    check(
        &[1, 2],
        &[(1, 8), (2, 7), (8, 9), (7, 9)],
        &[(1, &[]), (2, &[]), (8, &[1]), (7, &[2]), (9, &[1, 8])],
    );
}
