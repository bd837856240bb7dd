//! Workspaces, projects, and who is in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::port::Lock;
use app::port::places::{Atlas, ProjectRow, WorkspaceRow};
use app::port::store::Unique;
use domain::{
    Access, Gives, Grant, GrantKind, ProjectId, ProjectRole, Slug, UserId, WorkspaceId,
    WorkspaceVia,
};
use uuid::Uuid;

use super::Factory;
use super::access::{active, write};
use super::job::Stop;
use super::users::is_conflict;
use super::world::{AT, World};

fn workspace(slug: &str) -> WorkspaceRow {
    WorkspaceRow {
        id: WorkspaceId(Uuid::now_v7()),
        slug: Slug::new(slug).unwrap(),
        name: format!("Wörkspace {slug}"),
        created: AT,
    }
}

fn project(of: &WorkspaceRow, slug: &str) -> ProjectRow {
    ProjectRow {
        id: ProjectId(Uuid::now_v7()),
        workspace: of.id,
        slug: Slug::new(slug).unwrap(),
        name: format!("Project {slug}"),
        created: AT + 1,
    }
}

fn save_workspace(world: &World, row: &WorkspaceRow) -> bool {
    let row = row.clone();
    let ended = world.attempt(Lock::Exclusive, move |tx| Ok(tx.save_workspace(&row)?));
    assert!(
        ended.is_ok() || is_conflict(&ended, Unique::Place),
        "{ended:?}"
    );
    ended.is_ok()
}

fn save_project(world: &World, row: &ProjectRow) -> bool {
    let row = row.clone();
    let ended = world.attempt(Lock::Exclusive, move |tx| Ok(tx.save_project(&row)?));
    assert!(
        ended.is_ok() || is_conflict(&ended, Unique::Place),
        "{ended:?}"
    );
    ended.is_ok()
}

fn atlas(world: &World) -> Arc<Atlas> {
    world.read(|tx| Ok(tx.places()?))
}

/// In order of slugs; a slug is taken once in its organization or workspace.
pub(super) fn are_kept_in_order(factory: Factory<'_>) {
    let world = World::new(factory);
    assert_eq!(*atlas(&world), Atlas::default());
    let (b, a) = (workspace("b"), workspace("a"));
    let projects = [project(&b, "x"), project(&a, "y"), project(&a, "x")];
    let [bx, ay, ax] = &projects;
    assert!(save_workspace(&world, &b));
    assert!(save_workspace(&world, &a));
    for row in &projects {
        assert!(save_project(&world, row));
    }
    let mut expected = Atlas {
        workspaces: vec![a.clone(), b.clone()],
        projects: vec![ax.clone(), ay.clone(), bx.clone()],
    };
    assert_eq!(*atlas(&world), expected);
    assert!(!save_workspace(&world, &workspace("a")));
    assert!(!save_project(&world, &project(&a, "x")));
    expected.workspaces[0].name.push_str(", renamed");
    expected.projects[2].name.push_str(", renamed");
    assert!(save_workspace(&world, &expected.workspaces[0]));
    assert!(save_project(&world, &expected.projects[2]));
    assert_eq!(*atlas(&world), expected);
    let other = world.other("other");
    assert_eq!(*atlas(&other), Atlas::default());
    assert!(save_workspace(&other, &workspace("a")));
    assert_eq!(*atlas(&world), expected);
}

/// A unit sees what it wrote; nobody sees what it took back.
pub(super) fn a_refused_place_is_nowhere(factory: Factory<'_>) {
    let world = World::new(factory);
    let kept = workspace("kept");
    assert!(save_workspace(&world, &kept));
    let lost = workspace("lost");
    let ended = world.attempt(Lock::Exclusive, move |tx| {
        assert_eq!(tx.places()?.workspaces.len(), 1);
        tx.save_workspace(&lost)?;
        assert!(tx.places()?.workspace("lost").is_some());
        Err::<(), _>(Stop::Refuse)
    });
    assert!(ended.is_err());
    assert_eq!(atlas(&world).workspaces, std::slice::from_ref(&kept));
    let gone = kept.id;
    let left = world.exclusive(move |tx| {
        tx.delete_workspace(gone)?;
        Ok(tx.places()?)
    });
    assert_eq!(*left, Atlas::default());
    assert_eq!(*atlas(&world), Atlas::default());
}

fn grant(target: Gives) -> Grant {
    Grant {
        target,
        kind: GrantKind::Floor,
        by: "key".to_owned(),
        at_ms: AT,
    }
}

/// With a place go its grants, with a workspace those of its projects too; no others.
pub(super) fn deleting_takes_grants(factory: Factory<'_>) {
    let world = World::new(factory);
    let (one, two) = (workspace("one"), workspace("two"));
    let projects = [project(&one, "a"), project(&one, "b"), project(&two, "a")];
    for row in [&one, &two] {
        assert!(save_workspace(&world, row));
    }
    for row in &projects {
        assert!(save_project(&world, row));
    }
    let ann = world.add_user("ann");
    let at_projects = projects
        .each_ref()
        .map(|row| Gives::Project(row.id, ProjectRole::Inherit));
    let mut targets: Vec<Gives> = at_projects.to_vec();
    targets.extend([Gives::Workspace(one.id), Gives::Workspace(two.id)]);
    targets.push(Gives::Organization(super::world::role("admin")));
    let granted = targets.clone();
    world.shared(move |tx| {
        for target in &granted {
            tx.put_grant(ann, &grant(target.clone()))?;
        }
        Ok(())
    });
    let check = |mut expected: Vec<Gives>| {
        let grants = world.read(move |tx| Ok(tx.grants(ann)?));
        let mut left: Vec<Gives> = grants.into_iter().map(|grant| grant.target).collect();
        left.sort();
        expected.sort();
        assert_eq!(left, expected);
    };
    check(targets.clone());
    let gone = projects[1].id;
    world.exclusive(move |tx| Ok(tx.delete_project(gone)?));
    targets.remove(1);
    check(targets.clone());
    assert_eq!(
        atlas(&world).projects,
        [projects[0].clone(), projects[2].clone()]
    );
    let gone = one.id;
    world.exclusive(move |tx| Ok(tx.delete_workspace(gone)?));
    check(vec![
        targets[1].clone(),
        targets[3].clone(),
        targets[4].clone(),
    ]);
    assert_eq!(atlas(&world).projects, [projects[2].clone()]);
}

/// The slug of a deleted place is free again.
pub(super) fn slugs_are_free_again(factory: Factory<'_>) {
    let world = World::new(factory);
    let first = workspace("w");
    assert!(save_workspace(&world, &first));
    assert!(save_project(&world, &project(&first, "p")));
    world.exclusive(move |tx| Ok(tx.delete_workspace(first.id)?));
    let second = workspace("w");
    assert!(save_workspace(&world, &second));
    assert!(save_project(&world, &project(&second, "p")));
    assert_eq!(atlas(&world).workspaces, [second]);
}

fn at(workspaces: &[WorkspaceId], projects: &[ProjectId]) -> Access {
    let via = |id: &WorkspaceId| (*id, WorkspaceVia::Manual);
    let inherit = |id: &ProjectId| (*id, ProjectRole::Inherit);
    Access {
        workspaces: workspaces.iter().map(via).collect(),
        projects: projects.iter().map(inherit).collect(),
        ..active("member")
    }
}

/// Who has an explicit row there, whatever it was before, and whoever sees all.
pub(super) fn users_at_a_place(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut users = ["a", "b", "c", "d"].map(|name| world.add_user(name));
    users.sort();
    let [a, b, c, d] = users;
    let (space, inner) = (WorkspaceId(Uuid::now_v7()), ProjectId(Uuid::now_v7()));
    let all = Access {
        sees_all: true,
        ..at(&[space], &[])
    };
    let mut stored: BTreeMap<UserId, Access> = BTreeMap::new();
    let mut save = |results: &[(UserId, Access)]| {
        let results: Vec<_> = results
            .iter()
            .map(|(user, after)| write(*user, stored.insert(*user, after.clone()), after.clone()))
            .collect();
        world.shared(move |tx| Ok(tx.save_access(&results)?));
    };
    let check = |place: Uuid, there: &[UserId], explicit: &[UserId]| {
        let listed = |after: Option<UserId>, limit: u64| {
            world.read(move |tx| Ok(tx.users_at_place(place, after, limit)?))
        };
        assert_eq!(listed(None, 10), there);
        let mut seen = Vec::new();
        while let Some(last) = listed(seen.last().copied(), 1).pop() {
            seen.push(last);
        }
        assert_eq!(seen, there);
        let marked = world.shared(move |tx| {
            tx.mark_members_of_place_stale(place)?;
            let marked = tx.stale_users(10)?;
            tx.clear_stale(&marked)?;
            Ok(marked)
        });
        assert_eq!(marked, explicit);
    };
    save(&[
        (a, at(&[space], &[])),
        (b, at(&[space], &[inner])),
        (c, all),
        (d, active("member")),
    ]);
    check(space.0, &[a, b, c], &[a, b, c]);
    check(inner.0, &[b, c], &[b]);
    save(&[
        (a, at(&[], &[inner])),
        (c, active("member")),
        (d, at(&[space], &[inner])),
    ]);
    check(space.0, &[b, d], &[b, d]);
    check(inner.0, &[a, b, d], &[a, b, d]);
    save(&[(b, Access::nothing())]);
    world.exclusive(move |tx| Ok(tx.delete_user(d)?));
    check(space.0, &[], &[]);
    check(inner.0, &[a], &[a]);
    let other = world.other("other");
    assert!(
        other
            .read(move |tx| Ok(tx.users_at_place(inner.0, None, 10)?))
            .is_empty()
    );
}
