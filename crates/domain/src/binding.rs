//! How a rule comes to its group: by name once, by id from then on (D16).
//!
//! A rule names a group by its display name. It binds to the id of the group that has, or
//! gets, that name. From then on a rename changes nothing, and another group that takes the
//! old name gets nothing while the bound one lives.

use crate::ids::GroupId;
use crate::policy::Policies;
use crate::text::{caseless_key, same_ignoring_case};

/// Whether a rule that names `rule_name` means the group called `group_name`: exactly, or
/// ignoring case where the policy `group_names_ignore_case` says so.
pub fn names_group(policies: &Policies, rule_name: &str, group_name: &str) -> bool {
    if policies.group_names_ignore_case {
        same_ignoring_case(rule_name, group_name)
    } else {
        rule_name == group_name
    }
}

/// The key under which the group of a rule is looked up, whatever the policy: compare what
/// is found by [`names_group`].
pub fn group_name_key(name: &str) -> String {
    caseless_key(name)
}

/// The group that a rule is bound to; none while it waits for its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding(pub Option<GroupId>);

/// What became of a rule's binding; `bound`, `unbound` and `renamed` are events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingChange {
    /// Nothing.
    None,
    /// `rule.bound`.
    Bound(GroupId),
    /// `rule.unbound`: the rule waits for its name.
    Unbound,
    /// `rule.unbound`, then `rule.bound` to the group that has the name now.
    Rebound(GroupId),
    /// `rule.group_renamed`: still bound.
    Renamed,
}

impl Binding {
    /// A group was created, or renamed, and is called `group_name` now.
    pub fn group_named(
        self,
        policies: &Policies,
        rule_name: &str,
        group: GroupId,
        group_name: &str,
    ) -> (Self, BindingChange) {
        match self.0 {
            Some(bound) if bound == group => (self, BindingChange::Renamed),
            None if names_group(policies, rule_name, group_name) => {
                (Self(Some(group)), BindingChange::Bound(group))
            }
            Some(_) | None => (self, BindingChange::None),
        }
    }

    /// A group was deleted. `named_now` is the living group, if any, that has the rule's
    /// name by then: the rule waits for its name, and there it is.
    pub fn group_deleted(
        self,
        group: GroupId,
        named_now: Option<GroupId>,
    ) -> (Self, BindingChange) {
        if self.0 != Some(group) {
            return (self, BindingChange::None);
        }
        let change = named_now.map_or(BindingChange::Unbound, BindingChange::Rebound);
        (Self(named_now), change)
    }
}

#[cfg(test)]
mod tests;
