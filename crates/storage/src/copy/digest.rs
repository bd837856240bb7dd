//! What is compared of a table: how many rows it has, and a sum over them that does not depend on
//! their order.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Of the rows seen so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) rows: u64,
    sum: u128,
}

impl Digest {
    /// Adds a row. Databases escape differently in JSON; a row that was read is written in one way.
    pub(super) fn add(&mut self, row: &[Value]) {
        let text = serde_json::to_vec(row).unwrap_or_default();
        let hash = Sha256::digest(&text);
        let (half, _) = hash.split_at(16);
        let number = half
            .iter()
            .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        self.rows += 1;
        self.sum = self.sum.wrapping_add(number);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::Digest;

    fn of(rows: &[serde_json::Value]) -> Digest {
        let mut digest = Digest::default();
        for row in rows {
            digest.add(row.as_array().unwrap());
        }
        digest
    }

    #[test]
    fn rows_count_and_their_order_does_not() {
        let one = || json!([1, "a", null]);
        let two = |last: &str| json!([2, "b", last]);
        let both = of(&[one(), two("é")]);
        assert_eq!(both, of(&[two("é"), one()]));
        for other in [
            of(&[one()]),
            of(&[one(), one()]),
            of(&[one(), two("e")]),
            of(&[one(), json!([2, "b", null])]),
        ] {
            assert_ne!(both, other);
        }
    }
}
