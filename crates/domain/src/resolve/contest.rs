//! How one of several candidates in a scope wins.

use super::reason::{Candidate, Loss, Reason, Scope, Source};
use crate::facts::{GrantKind, MatchedRule, OrgFacts};

/// A candidate on its way through the contest.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) candidate: Candidate,
    pub(super) from: Source,
    /// Lower wins.
    pub(super) rank: usize,
    /// Why it cannot win.
    pub(super) lost: Option<Loss>,
}

impl Entry {
    /// A candidate that can win, unless `lost` already says why not.
    pub(super) fn new(candidate: Candidate, from: Source, standing: Result<usize, Loss>) -> Self {
        let (rank, lost) = match standing {
            Ok(rank) => (rank, None),
            Err(loss) => (usize::MAX, Some(loss)),
        };
        Self {
            candidate,
            from,
            rank,
            lost,
        }
    }

    fn is_fixed(&self) -> bool {
        matches!(
            self.from,
            Source::Manual {
                kind: GrantKind::Fixed,
                ..
            }
        )
    }

    /// Still decides although it gives nothing: `inherit` by hand, exactly.
    fn takes_part(&self) -> bool {
        matches!(self.lost, None | Some(Loss::NothingToInherit))
    }
}

/// Whether a rule counts at all for this user.
pub(super) fn rule_counts(org: &OrgFacts, matched: &MatchedRule) -> Result<(), Loss> {
    if matched.via.is_empty() || org.policies.nested_groups {
        Ok(())
    } else {
        Err(Loss::NestedGroupsOff)
    }
}

/// Decides one scope: appends a reason per entry, the winner's first, and returns the
/// winner's place in `because`.
pub(super) fn decide(
    scope: Scope,
    mut entries: Vec<Entry>,
    because: &mut Vec<Reason>,
) -> Option<usize> {
    if entries
        .iter()
        .any(|entry| entry.is_fixed() && entry.takes_part())
    {
        let others = entries
            .iter_mut()
            .filter(|entry| entry.lost.is_none() && !entry.is_fixed());
        others.for_each(|entry| entry.lost = Some(Loss::FixedByHand));
    }
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let best = entries
        .first()
        .filter(|entry| entry.lost.is_none())
        .map(|entry| entry.rank);
    let first = because.len();
    because.extend(entries.into_iter().enumerate().map(|(place, entry)| {
        let won = place == 0 && best.is_some();
        let equal = Some(entry.rank) == best;
        let beaten = if equal {
            Loss::AlreadyGiven
        } else {
            Loss::LowerRole
        };
        let lost_because = if won {
            None
        } else {
            Some(entry.lost.unwrap_or(beaten))
        };
        Reason {
            scope,
            candidate: entry.candidate,
            won,
            from: entry.from,
            lost_because,
        }
    }));
    best.map(|_| first)
}

/// Candidates that can win come first, the best of them at the top; the rest of the key only
/// makes the order the same for the same facts.
fn order(entry: &Entry) -> (bool, usize, &Source, &Candidate, Option<Loss>) {
    (
        entry.lost.is_some(),
        entry.rank,
        &entry.from,
        &entry.candidate,
        entry.lost,
    )
}
