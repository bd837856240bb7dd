#![expect(clippy::unwrap_used, reason = "tests")]

use uuid::Uuid;

use super::*;
use crate::preset::Preset;

const WORKSPACES: [WorkspaceId; 2] = [
    WorkspaceId(Uuid::from_u128(1)),
    WorkspaceId(Uuid::from_u128(2)),
];

fn project(n: u128) -> ProjectId {
    ProjectId(Uuid::from_u128(n))
}

/// Two workspaces; projects 11 and 12 in the first, 21 in the second.
fn places() -> Places {
    let [first, second] = WORKSPACES;
    Places {
        workspaces: WORKSPACES.to_vec(),
        projects: vec![
            (project(11), first),
            (project(12), first),
            (project(21), second),
        ],
    }
}

fn access(role: Option<&str>, sees_all: bool) -> Access {
    let role = role.map(|role| RoleKey::new(role).unwrap());
    Access {
        state: State::Active,
        role,
        sees_all,
        ..Access::nothing()
    }
}

/// Expands, and compares `ws via` and `project role` lines; `<` marks an inherited role and
/// `!` a row.
fn check(access: &Access, by_workspace: bool, expected: &[&str]) {
    let mut policies = Preset::Plain.policies();
    policies.projects_by_workspace = by_workspace;
    let reach = expand(access, &policies, &places());
    let number = |uuid: Uuid| uuid.as_u128();
    let workspaces = reach
        .workspaces
        .iter()
        .map(|(id, via)| format!("{} {via}", number(id.0)));
    let projects = reach.projects.iter().map(|(id, at)| {
        let inherited = if at.inherited { "<" } else { "" };
        let explicit = if at.explicit { "!" } else { "" };
        format!("{} {}{inherited}{explicit}", number(id.0), at.role)
    });
    assert_eq!(workspaces.chain(projects).collect::<Vec<_>>(), expected);
    assert_eq!(reach.pending, access.state == State::NotActivated);
}

#[test]
fn ls_17_members_see_their_workspaces_and_some_roles_see_all() {
    let mut member = access(Some("member"), false);
    check(&member, true, &[]);
    member
        .workspaces
        .insert(WORKSPACES[0], WorkspaceVia::Manual);
    check(&member, true, &["1 manual", "11 member<", "12 member<"]);
    let mut admin = access(Some("admin"), true);
    admin.workspaces.insert(WORKSPACES[1], WorkspaceVia::Rule);
    check(
        &admin,
        true,
        &["1 role", "2 rule", "11 admin<", "12 admin<", "21 admin<"],
    );
}

#[test]
fn ls_24_d24_projects_are_reached_through_the_workspace_when_the_policy_says_so() {
    let mut member = access(Some("member"), false);
    member.workspaces.insert(WORKSPACES[0], WorkspaceVia::Rule);
    member.projects.insert(
        project(12),
        ProjectRole::Role(RoleKey::new("admin").unwrap()),
    );
    member.projects.insert(project(21), ProjectRole::Inherit);
    check(
        &member,
        true,
        &["1 rule", "11 member<", "12 admin!", "21 member<!"],
    );
    check(&member, false, &["1 rule", "12 admin!", "21 member<!"]);
}

#[test]
fn without_an_organization_role_only_own_project_roles_count() {
    let mut nobody = access(None, false);
    nobody.workspaces.insert(WORKSPACES[0], WorkspaceVia::Rule);
    nobody.projects.insert(
        project(21),
        ProjectRole::Role(RoleKey::new("member").unwrap()),
    );
    check(&nobody, true, &["1 rule", "21 member!"]);
}

#[test]
fn pending_access_is_shown_as_pending_and_none_as_none() {
    let mut user = access(Some("admin"), true);
    user.state = State::NotActivated;
    check(&user, false, &["1 role", "2 role"]);
    check(&Access::nothing(), true, &[]);
    user.state = State::Deactivated;
    check(&user, true, &[]);
}

#[test]
fn rows_for_what_is_gone_are_left_out() {
    let mut user = access(Some("member"), false);
    user.workspaces
        .insert(WorkspaceId(Uuid::from_u128(9)), WorkspaceVia::Rule);
    user.projects.insert(project(99), ProjectRole::Inherit);
    check(&user, true, &[]);
}
