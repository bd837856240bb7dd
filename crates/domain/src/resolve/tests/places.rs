//! Points 3 and 4: workspaces and projects.

use super::*;

#[test]
fn workspaces_come_from_rules_and_by_hand() {
    fn check(facts: Facts, via: Option<WorkspaceVia>, expected: &[&str]) {
        let resolution = resolve(&org(Preset::Plain, &[]), &facts.0);
        assert_eq!(
            resolution.access.workspaces.get(&workspace(1)).copied(),
            via
        );
        assert_eq!(
            reasons(&resolution, Scope::Workspace(workspace(1))),
            expected
        );
    }
    use crate::access::WorkspaceVia;
    check(active(), None, &[]);
    check(
        active().rule("ws 1"),
        Some(WorkspaceVia::Rule),
        &["member rule won"],
    );
    check(
        active().floor("ws 1"),
        Some(WorkspaceVia::Manual),
        &["member manual won"],
    );
    check(
        active().fixed("ws 1").rule("ws 1").rule("ws 1"),
        Some(WorkspaceVia::Rule),
        &[
            "member rule won",
            "member rule already_given",
            "member manual already_given",
        ],
    );
    check(
        active().rule_via("ws 1", &[3]),
        None,
        &["member rule nested_groups_off"],
    );
}

/// Resolves and compares the row of project 1 and every reason for it, winner first.
fn check(org: &OrgFacts, facts: Facts, row: Option<&str>, expected: &[&str]) {
    let resolution = resolve(org, &facts.0);
    assert_eq!(project_row(&resolution.access, 1), row, "{expected:?}");
    assert_eq!(reasons(&resolution, Scope::Project(project(1))), expected);
}

#[test]
fn ls_21_the_most_elevated_project_role_wins() {
    let studio = org(Preset::LabelStudio, &[]);
    check(
        &studio,
        active()
            .rule("project 1 annotator")
            .rule("project 1 reviewer")
            .floor("project 1 annotator"),
        Some("reviewer"),
        &[
            "reviewer rule won",
            "annotator rule lower_role",
            "annotator manual lower_role",
        ],
    );
    check(
        &studio,
        active()
            .rule("project 1 reviewer")
            .fixed("project 1 annotator"),
        Some("annotator"),
        &["annotator manual won", "reviewer rule fixed_by_hand"],
    );
    // An own role replaces the organization role, downwards too.
    check(
        &studio,
        active().rule("manager").rule("project 1 annotator"),
        Some("annotator"),
        &["annotator rule won"],
    );
}

#[test]
fn ls_22_inherit_stands_for_the_organization_role() {
    let studio = org(Preset::LabelStudio, &[]);
    check(
        &studio,
        active()
            .rule("manager")
            .rule("project 1 inherit")
            .rule("project 1 reviewer"),
        Some("inherit"),
        &["inherit rule won", "reviewer rule lower_role"],
    );
    check(
        &studio,
        active()
            .rule("reviewer")
            .rule("project 1 inherit")
            .rule("project 1 reviewer"),
        Some("reviewer"),
        &["reviewer rule won", "inherit rule lower_role"],
    );
    let none = org(Preset::LabelStudio, &[("default_role", "none")]);
    check(
        &none,
        active().rule("project 1 inherit"),
        None,
        &["inherit rule nothing_to_inherit"],
    );
    check(
        &none,
        active()
            .rule("project 1 inherit")
            .rule("project 1 annotator"),
        Some("annotator"),
        &["annotator rule won", "inherit rule nothing_to_inherit"],
    );
    // Exactly the organization role, by hand, is exactly nothing without one.
    check(
        &none,
        active()
            .fixed("project 1 inherit")
            .rule("project 1 annotator"),
        None,
        &[
            "annotator rule fixed_by_hand",
            "inherit manual nothing_to_inherit",
        ],
    );
}

#[test]
fn a_role_that_sees_all_is_never_put_below_itself() {
    let studio = org(Preset::LabelStudio, &[]);
    check(
        &studio,
        active()
            .rule("administrator")
            .rule("project 1 reviewer")
            .rule("project 1 annotator"),
        Some("inherit"),
        &[
            "inherit role won",
            "reviewer rule below_organization_role",
            "annotator rule lower_role",
        ],
    );
    check(
        &studio,
        active().rule("administrator").fixed("project 1 annotator"),
        Some("inherit"),
        &[
            "inherit role won",
            "annotator manual below_organization_role",
        ],
    );
    let plain = org(Preset::Plain, &[]);
    check(
        &plain,
        active().rule("admin").rule("project 1 admin"),
        Some("admin"),
        &["admin rule won"],
    );
}

#[test]
fn roles_that_cannot_be_project_roles_lose_with_that_reason() {
    let studio = org(Preset::LabelStudio, &[]);
    check(
        &studio,
        active()
            .rule("project 1 manager")
            .rule("project 1 owner")
            .floor("project 1 gone"),
        None,
        &[
            "manager rule not_assignable_in_projects",
            "owner rule not_mappable",
            "gone manual unknown_role",
        ],
    );
    check(
        &studio,
        active().floor("project 1 owner"),
        None,
        &["owner manual not_assignable_in_projects"],
    );
}

#[test]
fn scopes_do_not_touch_each_other() {
    let studio = org(Preset::LabelStudio, &[]);
    let facts = active()
        .rule("project 1 reviewer")
        .rule("project 2 annotator")
        .rule("ws 3");
    let access = resolve(&studio, &facts.0).access;
    assert_eq!(project_row(&access, 1), Some("reviewer"));
    assert_eq!(project_row(&access, 2), Some("annotator"));
    // Project access stands alone: it does not bring the workspace.
    assert_eq!(access.workspaces.len(), 1);
}
