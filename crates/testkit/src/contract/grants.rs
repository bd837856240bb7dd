//! What was granted by hand.

use app::port::grants::GrantScope;
use domain::{Gives, Grant, GrantKind, ProjectId, ProjectRole, RoleKey, UserId, WorkspaceId};
use uuid::Uuid;

use super::Factory;
use super::world::{AT, World, role};

fn grant(target: Gives, kind: GrantKind, by: &str) -> Grant {
    Grant {
        target,
        kind,
        by: by.to_owned(),
        at_ms: AT,
    }
}

fn put(world: &World, user: UserId, grant: &Grant) {
    let grant = grant.clone();
    world.shared(move |tx| Ok(tx.put_grant(user, &grant)?));
}

/// By themselves and as facts; the order does not matter.
fn check(world: &World, user: UserId, expected: &[&Grant]) {
    let (mut grants, facts) = world.read(move |tx| Ok((tx.grants(user)?, tx.user_facts(&[user])?)));
    let mut of_facts = facts[0].1.grants.clone();
    grants.sort();
    of_facts.sort();
    let mut expected: Vec<Grant> = expected.iter().map(|grant| (*grant).clone()).collect();
    expected.sort();
    assert_eq!(grants, expected);
    assert_eq!(of_facts, expected);
}

/// One in each scope; a later one takes the place of an earlier one.
pub(super) fn one_in_each_scope(factory: Factory<'_>) {
    let world = World::new(factory);
    let (ann, bob) = (world.add_user("ann"), world.add_user("bob"));
    let (w, p) = (WorkspaceId(Uuid::now_v7()), ProjectId(Uuid::now_v7()));
    let organization = grant(Gives::Organization(role("admin")), GrantKind::Floor, "a");
    let workspace = grant(Gives::Workspace(w), GrantKind::Floor, "Zoë 李");
    let project = grant(
        Gives::Project(p, ProjectRole::Inherit),
        GrantKind::Fixed,
        "c",
    );
    for one in [&organization, &workspace, &project] {
        put(&world, ann, one);
    }
    check(&world, ann, &[&organization, &workspace, &project]);
    check(&world, bob, &[]);
    let member = ProjectRole::Role(role("member"));
    let next = [
        grant(Gives::Organization(role("member")), GrantKind::Fixed, "d"),
        grant(Gives::Project(p, member), GrantKind::Floor, "e"),
    ];
    for one in &next {
        put(&world, ann, one);
    }
    check(&world, ann, &[&next[0], &workspace, &next[1]]);
    let delete =
        |user: UserId, scope: GrantScope| world.shared(move |tx| Ok(tx.delete_grant(user, scope)?));
    assert!(!delete(bob, GrantScope::Organization));
    assert!(!delete(
        ann,
        GrantScope::Workspace(WorkspaceId(Uuid::now_v7()))
    ));
    assert!(delete(ann, GrantScope::Project(p)));
    assert!(!delete(ann, GrantScope::Project(p)));
    check(&world, ann, &[&next[0], &workspace]);
    assert!(delete(ann, GrantScope::Organization));
    assert!(delete(ann, GrantScope::Workspace(w)));
    check(&world, ann, &[]);
}

/// Each role once, whatever the scope; `inherit` is no role.
pub(super) fn roles_and_users_are_counted(factory: Factory<'_>) {
    let world = World::new(factory);
    let users = ["a", "b", "c"].map(|name| world.add_user(name));
    let check = |roles: &[&str], count: u64| {
        let read = world.read(|tx| Ok((tx.granted_roles()?, tx.users_with_grants()?)));
        let mut names: Vec<&str> = read.0.iter().map(RoleKey::as_str).collect();
        names.sort_unstable();
        assert_eq!((names, read.1), (roles.to_vec(), count));
    };
    check(&[], 0);
    let project = |role| Gives::Project(ProjectId(Uuid::now_v7()), role);
    for (user, target) in [
        (0, Gives::Organization(role("member"))),
        (1, Gives::Organization(role("member"))),
        (1, project(ProjectRole::Role(role("admin")))),
        (1, project(ProjectRole::Inherit)),
        (1, Gives::Workspace(WorkspaceId(Uuid::now_v7()))),
    ] {
        put(&world, users[user], &grant(target, GrantKind::Floor, "key"));
    }
    check(&["admin", "member"], 2);
    let other = world.other("other");
    assert!(other.read(|tx| Ok(tx.granted_roles()?)).is_empty());
    let gone = users[1];
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(gone)?)));
    check(&["member"], 1);
    assert!(world.read(move |tx| Ok(tx.grants(gone)?)).is_empty());
}
