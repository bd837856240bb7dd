//! The order in which facts arrive never matters.

use proptest::prelude::*;

use crate::model::World;
use crate::op::{Op, claim, gives, group, name, user};

/// One fact, from four bytes. Members and nesting name what must be there before.
fn fact([what, a, b, c]: [u8; 4]) -> Op {
    match what % 8 {
        0..3 => Op::AddMember(group(a), user(b)),
        3 => Op::Nest(group(a), group(b)),
        4..7 => Op::AddRule(name(a), gives(b, c)),
        _ => Op::SetClaims(user(a), vec![claim(b), claim(c)]),
    }
}

/// Two claims of one user would replace each other: only the first is kept.
fn distinct_claims(facts: &mut Vec<Op>) {
    let mut seen = Vec::new();
    facts.retain(|fact| match fact {
        Op::SetClaims(user, _) if seen.contains(user) => false,
        Op::SetClaims(user, _) => {
            seen.push(*user);
            true
        }
        _ => true,
    });
}

/// Users and groups come at any time before the facts that need them: each fact is applied
/// after creating what it names. Rules find their groups whether they come before or after.
fn world(start: u8, nested: bool, facts: &[Op]) -> World {
    let mut world = World::new(start);
    world.apply(&Op::SetPolicy(
        "nested_groups",
        if nested { "on" } else { "off" },
    ));
    let create_group = |world: &mut World, n: u8| world.apply(&Op::CreateGroup(group(n), name(n)));
    for fact in facts {
        for n in 0..3 {
            let needed = match fact {
                Op::AddMember(g, u) => [*g == group(n), *u == user(n)],
                Op::Nest(a, b) => [*a == group(n) || *b == group(n), false],
                Op::SetClaims(u, _) => [false, *u == user(n)],
                _ => [false, false],
            };
            if needed[0] {
                create_group(&mut world, n);
            }
            if needed[1] {
                world.apply(&Op::CreateUser(user(n)));
            }
        }
        world.apply(fact);
    }
    for n in 0..3 {
        create_group(&mut world, n);
        world.apply(&Op::CreateUser(user(n)));
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_same_facts_in_any_order_give_the_same_access(
        start in 0..128_u8,
        nested in any::<bool>(),
        (facts, shuffled) in prop::collection::vec(any::<[u8; 4]>(), 1..12).prop_flat_map(|steps| {
            let mut facts: Vec<Op> = steps.into_iter().map(fact).collect();
            distinct_claims(&mut facts);
            (Just(facts.clone()), Just(facts).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(
            world(start, nested, &facts).stored,
            world(start, nested, &shuffled).stored
        );
    }
}
