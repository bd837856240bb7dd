//! What workers do for one organization after the other.

use domain::OrgId;

use crate::Result;

/// What a round over all organizations came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// How much was done.
    pub done: u64,
    /// Whether nothing failed. The log was told what did.
    pub whole: bool,
}

/// Does something for each item of an organization. What fails for one keeps nothing from the
/// others; the log is told once, with the first organization and how many there were. False where
/// something failed.
#[must_use = "a round with a failure is no good round"]
pub(crate) fn each<T>(
    what: &'static str,
    items: impl IntoIterator<Item = (OrgId, T)>,
    mut run: impl FnMut(T) -> Result<()>,
) -> bool {
    let (mut failed, mut first) = (0_u64, None);
    for (org, item) in items {
        if let Err(error) = run(item) {
            failed += 1;
            first.get_or_insert((org, error));
        }
    }
    if let Some((OrgId(organization), error)) = first {
        tracing::warn!(%error, organization, failed, "{what}");
    }
    failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn a_failure_keeps_nothing_from_the_others() {
        let mut seen = Vec::new();
        let items = (1..=3).map(|number| (OrgId(number), number));
        let whole = each("nothing", items, |number| {
            seen.push(number);
            if number == 1 {
                return Err(Error::not_found("organization"));
            }
            Ok(())
        });
        assert_eq!((seen, whole), (vec![1, 2, 3], false));
    }
}
