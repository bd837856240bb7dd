//! Mapping rules of the organization.

use domain::{Gives, GroupId, MatchedRule, RuleId};

use super::Stored;

/// A rule: members of a group get a role, a workspace, or a role in a project.
///
/// It names its group by display name and is bound to the group's id once such a group exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// Ours.
    pub id: RuleId,
    /// The group's name as the administrator wrote it.
    pub group_name: String,
    /// Its folded form, by which waiting rules are found.
    pub group_key: String,
    /// The group it is bound to; none while it waits for its name.
    pub group: Option<GroupId>,
    /// What members get.
    pub gives: Gives,
    /// Place in the mapping document.
    pub position: i64,
}

impl RuleRow {
    /// The rule as a fact about a direct member of its group; none while it waits.
    pub fn matched(&self) -> Option<MatchedRule> {
        let (rule, group, gives) = (self.id, self.group?, self.gives.clone());
        Some(MatchedRule {
            rule,
            group,
            via: Vec::new(),
            gives,
        })
    }
}

/// Reading and writing rules. Writing needs the exclusive lock.
pub trait Rules {
    /// All rules in document order.
    fn rules(&mut self) -> Stored<Vec<RuleRow>>;

    /// Rules whose bound group has another name by now, with that group.
    fn renamed_rules(&mut self) -> Stored<Vec<(RuleId, GroupId)>>;

    /// The rules bound to any of these groups.
    fn rules_of_groups(&mut self, groups: &[GroupId]) -> Stored<Vec<RuleRow>>;

    /// Rules that wait for a group whose folded name is this.
    fn waiting_rules(&mut self, group_key: &str) -> Stored<Vec<RuleRow>>;

    /// Adds rules.
    fn insert_rules(&mut self, rules: &[RuleRow]) -> Stored<()>;

    /// Removes rules.
    fn delete_rules(&mut self, ids: &[RuleId]) -> Stored<()>;

    /// Moves rules to other places in the document.
    fn move_rules(&mut self, places: &[(RuleId, i64)]) -> Stored<()>;

    /// Binds a rule to a group, or sets it back to waiting.
    fn bind_rule(&mut self, id: RuleId, group: Option<GroupId>) -> Stored<()>;
}
