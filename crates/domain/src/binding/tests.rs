use uuid::Uuid;

use super::*;
use crate::preset::Preset;

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(n))
}

#[test]
fn ls_10_names_are_exact_unless_the_policy_ignores_case() {
    fn check(ignore_case: bool, rule: &str, name: &str, expected: bool) {
        let mut policies = Preset::LabelStudio.policies();
        policies.group_names_ignore_case = ignore_case;
        assert_eq!(
            names_group(&policies, rule, name),
            expected,
            "{rule} {name}"
        );
        assert!(!expected || group_name_key(rule) == group_name_key(name));
    }
    check(false, "QA", "QA", true);
    check(false, "QA", "qa", false);
    check(true, "QA", "qa", true);
    check(true, "QA", "qa ", false);
}

#[test]
fn d16_a_rule_binds_once_and_stays_bound() {
    fn check(bound: Option<u128>, named: u128, name: &str, after: Option<u128>, c: BindingChange) {
        let policies = Preset::Plain.policies();
        let got = Binding(bound.map(group)).group_named(&policies, "QA", group(named), name);
        assert_eq!(
            got,
            (Binding(after.map(group)), c),
            "{bound:?} {named} {name}"
        );
    }
    check(None, 1, "QA", Some(1), BindingChange::Bound(group(1)));
    check(None, 1, "Sales", None, BindingChange::None);
    check(Some(1), 1, "Quality", Some(1), BindingChange::Renamed);
    // Another group takes the old name while the bound one lives.
    check(Some(1), 2, "QA", Some(1), BindingChange::None);
}

#[test]
fn d16_deleting_the_bound_group_sets_the_rule_back_to_its_name() {
    fn check(deleted: u128, named: Option<u128>, after: Option<u128>, c: BindingChange) {
        let got = Binding(Some(group(1))).group_deleted(group(deleted), named.map(group));
        assert_eq!(got, (Binding(after.map(group)), c), "{deleted} {named:?}");
    }
    check(1, None, None, BindingChange::Unbound);
    check(1, Some(2), Some(2), BindingChange::Rebound(group(2)));
    check(3, Some(2), Some(1), BindingChange::None);
}
