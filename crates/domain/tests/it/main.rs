//! Random histories against the whole crate: a small model keeps the facts, as storage and
//! use cases will, and the rules of access resolution are checked on what comes out.
#![expect(clippy::unwrap_used, reason = "tests")]

mod checks;
mod model;
mod op;
mod order;
mod replay;

use proptest::prelude::*;

use model::World;
use op::Op;

/// 100,000 of them, or as many as `PROPTEST_CASES` asks for.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    // proptest's own number: nobody asked for another.
    let asked = Some(default.cases).filter(|cases| *cases != 256);
    ProptestConfig {
        cases: asked.unwrap_or(100_000),
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    /// Users, groups, members, rules, claims, grants, activation, catalog and policies
    /// change in random order.
    #[test]
    fn after_any_history_every_rule_holds(
        start in any::<u8>(),
        history in prop::collection::vec(any::<[u8; 4]>().prop_map(Op::decode), 1..16),
    ) {
        let mut world = World::new(start);
        for op in history {
            let holders = checks::holders(&world);
            world.apply(&op);
            checks::last_holder_is_kept(&holders, &op, &world);
        }
        checks::all(&world);
    }
}
