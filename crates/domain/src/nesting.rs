//! Point 5: the groups that a user is in through other groups.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::ids::GroupId;

/// Every group that a user is in, each with the way there: the groups from one of the
/// user's own up to, and without, that group; empty for the user's own.
///
/// `parents` answers which groups have a group as a direct member. All levels count; a group
/// is visited once, so cycles are harmless. Of several ways the shortest is given, and of
/// those the one with the smallest ids, so that the same facts give the same answer.
pub fn all_groups(
    own: &BTreeSet<GroupId>,
    parents: &BTreeMap<GroupId, BTreeSet<GroupId>>,
) -> BTreeMap<GroupId, Vec<GroupId>> {
    let mut ways: BTreeMap<GroupId, Vec<GroupId>> =
        own.iter().map(|group| (*group, Vec::new())).collect();
    let mut level: Vec<GroupId> = own.iter().copied().collect();
    while !level.is_empty() {
        // A level is sorted by way, so the first way to a group is the smallest.
        level.sort_by(|a, b| (&ways[a], a).cmp(&(&ways[b], b)));
        let mut next = Vec::new();
        for group in level {
            let mut way = ways[&group].clone();
            way.push(group);
            for parent in parents.get(&group).into_iter().flatten() {
                if let Entry::Vacant(place) = ways.entry(*parent) {
                    place.insert(way.clone());
                    next.push(*parent);
                }
            }
        }
        level = next;
    }
    ways
}

#[cfg(test)]
mod tests;
