#![expect(clippy::unwrap_used, reason = "tests")]

use uuid::Uuid;

use super::*;
use crate::ids::{ProjectId, WorkspaceId};
use crate::preset::Preset;

fn role(text: &str) -> Gives {
    Gives::Organization(text.parse().unwrap())
}

fn in_project(text: &str) -> Gives {
    Gives::Project(ProjectId(Uuid::nil()), text.parse().unwrap())
}

/// Checks a grant in the Label Studio catalog; `expected` is how the refusal begins.
fn check(denied: &[(&str, &str)], target: Gives, expected: Option<&str>) {
    let policies = Preset::LabelStudio
        .policies()
        .with(denied.iter().copied())
        .unwrap();
    let org = OrgFacts {
        catalog: Preset::LabelStudio.catalog(),
        policies,
    };
    let got = check_grant(&org, &target).map_err(|refusal| refusal.to_string());
    match expected {
        None => assert_eq!(got, Ok(()), "{target:?}"),
        Some(expected) => assert!(got.clone().unwrap_err().starts_with(expected), "{got:?}"),
    }
}

#[test]
fn ls_26_manual_assignment_can_be_turned_off() {
    let workspace = Gives::Workspace(WorkspaceId(Uuid::nil()));
    check(&[], role("manager"), None);
    check(
        &[("manual_roles", "deny")],
        role("manager"),
        Some("the policy manual_roles"),
    );
    check(&[("manual_roles", "deny")], role("owner"), None);
    check(&[("manual_roles", "deny")], workspace.clone(), None);
    check(
        &[("manual_workspaces", "deny")],
        workspace,
        Some("the policy manual_workspaces"),
    );
    check(
        &[("manual_projects", "deny")],
        in_project("reviewer"),
        Some("the policy manual_proj"),
    );
    check(
        &[("manual_projects", "deny")],
        in_project("inherit"),
        Some("the policy manual_proj"),
    );
    check(&[], in_project("inherit"), None);
}

#[test]
fn a_grant_needs_a_role_that_fits() {
    check(
        &[],
        role("manger"),
        Some("role: not a role of this organization; did you mean manager?"),
    );
    check(
        &[],
        in_project("editor"),
        Some("role: not a role of this organization; use one of: own"),
    );
    check(
        &[],
        in_project("manager"),
        Some("role: 'manager' cannot be a role in a project; use inherit or one of: reviewer, ann"),
    );
}
