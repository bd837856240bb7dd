//! Point 2: the organization role.

use super::*;

/// Resolves and compares the role and every reason of the organization, winner first.
fn check(org: &OrgFacts, facts: Facts, role: Option<&str>, expected: &[&str]) {
    let resolution = resolve(org, &facts.0);
    assert_eq!(
        resolution.access.role.as_ref().map(RoleKey::as_str),
        role,
        "{expected:?}"
    );
    assert_eq!(reasons(&resolution, Scope::Organization), expected);
}

#[test]
fn ds_7_without_a_mapped_group_the_default_role() {
    let datasaur = org(Preset::Datasaur, &[]);
    check(
        &datasaur,
        active(),
        Some("labeler"),
        &["labeler default won"],
    );
    let none = org(Preset::Datahub, &[]);
    check(&none, active(), None, &[]);
}

#[test]
fn ds_11_ls_14_the_highest_of_several_groups_wins() {
    let datasaur = org(Preset::Datasaur, &[]);
    let administrator_and_qa = active().rule("reviewer").rule("admin");
    check(
        &datasaur,
        administrator_and_qa,
        Some("admin"),
        &[
            "admin rule won",
            "reviewer rule lower_role",
            "labeler default default_not_needed",
        ],
    );
    let studio = org(Preset::LabelStudio, &[]);
    check(
        &studio,
        active().rule("annotator").rule("manager").rule("manager"),
        Some("manager"),
        &[
            "manager rule won",
            "manager rule already_given",
            "annotator rule lower_role",
            "annotator default default_not_needed",
        ],
    );
}

#[test]
fn ls_15_leaving_one_role_group_falls_back_to_the_next() {
    let studio = org(Preset::LabelStudio, &[]);
    let both = active().rule("manager").rule("reviewer");
    let left_one = both.clone().set(|user| drop(user.rules.remove(0)));
    let role = |facts: &Facts| resolve(&studio, &facts.0).access.role;
    assert_eq!(role(&both), Some(key("manager")));
    assert_eq!(role(&left_one), Some(key("reviewer")));
}

#[test]
fn ls_13_the_owner_comes_from_manual_grants_only() {
    let studio = org(
        Preset::LabelStudio,
        &[("roles_attribute", "on"), ("default_role", "none")],
    );
    check(
        &studio,
        active().rule("owner"),
        None,
        &["owner rule not_mappable"],
    );
    check(
        &studio,
        active().claim("Owner", None, true),
        None,
        &["owner attribute not_mappable"],
    );
    check(
        &studio,
        active().hold("owner"),
        None,
        &["owner hold not_mappable"],
    );
    check(
        &studio,
        active().floor("owner"),
        Some("owner"),
        &["owner manual won"],
    );
    let default = org(Preset::LabelStudio, &[("default_role", "owner")]);
    check(&default, active(), None, &["owner default not_mappable"]);
}

#[test]
fn d15_manual_grants_are_a_floor_or_fixed() {
    let org = org(Preset::Secoda, &[("default_role", "none")]);
    check(
        &org,
        active().floor("editor").rule("admin"),
        Some("admin"),
        &["admin rule won", "editor manual lower_role"],
    );
    check(
        &org,
        active().floor("editor").rule("viewer"),
        Some("editor"),
        &["editor manual won", "viewer rule lower_role"],
    );
    check(
        &org,
        active()
            .fixed("viewer")
            .rule("admin")
            .floor("editor")
            .hold("admin"),
        Some("viewer"),
        &[
            "viewer manual won",
            "admin rule fixed_by_hand",
            "admin hold fixed_by_hand",
            "editor manual fixed_by_hand",
        ],
    );
    // A fixed role that the catalog no longer has fixes nothing.
    check(
        &org,
        active().fixed("gone").rule("editor"),
        Some("editor"),
        &["editor rule won", "gone manual unknown_role"],
    );
}

#[test]
fn dh_7_the_role_comes_in_the_roles_attribute() {
    let datahub = org(Preset::Datahub, &[]);
    check(
        &datahub,
        active().claim("Editor", None, true),
        Some("editor"),
        &["editor attribute won"],
    );
    check(
        &datahub,
        active()
            .claim("Admin", None, false)
            .claim("READER", None, true),
        Some("reader"),
        &["reader attribute won", "admin attribute not_primary"],
    );
    // Nothing is marked primary: all count.
    check(
        &datahub,
        active()
            .claim("Reader", None, false)
            .claim("Editor", None, false),
        Some("editor"),
        &["editor attribute won", "reader attribute lower_role"],
    );
    check(
        &datahub,
        active().claim("8a2c-41", Some("Editor"), true),
        Some("editor"),
        &["editor attribute won"],
    );
    let off = org(Preset::Datahub, &[("roles_attribute", "off")]);
    check(
        &off,
        active().claim("Admin", None, true),
        None,
        &["admin attribute attribute_off"],
    );
}

#[test]
fn d12_an_unknown_role_gives_nothing_and_is_flagged() {
    let datahub = org(Preset::Datahub, &[]);
    check(
        &datahub,
        active().claim("Superuser", None, true),
        None,
        &["? attribute unknown_role"],
    );
    // It still is the primary one: the others do not come in by its failing.
    check(
        &datahub,
        active()
            .claim("Superuser", None, true)
            .claim("Admin", None, false),
        None,
        &["admin attribute not_primary", "? attribute unknown_role"],
    );
}

#[test]
fn d13_sources_of_the_same_role_do_not_quarrel() {
    let org = org(Preset::Datahub, &[]);
    check(
        &org,
        active()
            .hold("admin")
            .claim("admin", None, false)
            .rule("admin")
            .floor("admin"),
        Some("admin"),
        &[
            "admin rule won",
            "admin attribute already_given",
            "admin manual already_given",
            "admin hold already_given",
        ],
    );
}

#[test]
fn d17_a_hold_keeps_a_protected_role() {
    let org = org(Preset::Plain, &[]);
    check(
        &org,
        active().hold("admin"),
        Some("admin"),
        &["admin hold won", "member default default_not_needed"],
    );
}

#[test]
fn nested_groups_count_when_the_policy_allows() {
    let facts = active().rule_via("admin", &[7, 8]);
    let off = org(Preset::Plain, &[]);
    check(
        &off,
        facts.clone(),
        Some("member"),
        &["member default won", "admin rule nested_groups_off"],
    );
    let on = org(Preset::Plain, &[("nested_groups", "on")]);
    check(
        &on,
        facts.clone(),
        Some("admin"),
        &["admin rule won", "member default default_not_needed"],
    );
    assert!(!has_organization_rule(&off, &facts.0.rules));
    assert!(has_organization_rule(&on, &facts.0.rules));
}

#[test]
fn only_organization_rules_that_count_are_candidates() {
    fn check(facts: Facts, expected: bool) {
        let org = org(Preset::LabelStudio, &[]);
        assert_eq!(has_organization_rule(&org, &facts.0.rules), expected);
    }
    check(active(), false);
    check(active().rule("manager"), true);
    check(active().rule("owner"), false);
    check(active().rule("gone"), false);
    check(active().rule("ws 1").rule("project 1 reviewer"), false);
}
