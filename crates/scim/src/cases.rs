//! How many cases the properties have that the protocol stands on.

use proptest::prelude::ProptestConfig;

/// 100,000 of them in a release build, as `scripts/test` makes it, and a tenth otherwise; or as many
/// as `PROPTEST_CASES` asks for.
pub(crate) fn many() -> ProptestConfig {
    let default = ProptestConfig::default();
    // proptest's own number: nobody asked for another.
    let asked = Some(default.cases).filter(|cases| *cases != 256);
    ProptestConfig {
        cases: asked.unwrap_or(if cfg!(debug_assertions) {
            10_000
        } else {
            100_000
        }),
        failure_persistence: None,
        ..default
    }
}
