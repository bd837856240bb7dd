//! Two connections at once. Each race is run several times from a common start; whatever the
//! order was, the end must be the same.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::port::groups::NewMember;
use app::port::store::Unique;
use app::port::{Lock, Tx};
use domain::{GroupId, Standing, UserId, resolve};
use serde_json::{Value, json};

use super::Factory;
use super::access::write;
use super::events::event;
use super::job::Ran;
use super::users::is_conflict;
use super::world::{AT, World, group, role, rule, user, user_at};

const ROUNDS: usize = 20;

/// Runs so many threads that start together.
pub(super) fn together(threads: usize, run: impl Fn(usize) + Sync) {
    let start = Barrier::new(threads);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (start, run) = (&start, &run);
            scope.spawn(move || {
                start.wait();
                run(thread);
            });
        }
    });
}

/// What a use case does after it changed facts of users whose rows it holds.
fn settle(tx: &mut dyn Tx, users: &[UserId]) -> Ran<()> {
    let org = tx.settings()?;
    let mut results = Vec::new();
    for (user, facts) in tx.user_facts(users)? {
        // Lets the other side run between reading facts and storing what follows from them.
        std::thread::yield_now();
        results.push((user, resolve(&org.facts, &facts).access));
    }
    let before = tx.access(users)?;
    let results: Vec<_> = results
        .into_iter()
        .map(|(user, after)| {
            let before = before.iter().find(|row| row.user == user);
            write(user, before.map(|row| row.access.clone()), after)
        })
        .collect();
    Ok(tx.save_access(&results)?)
}

/// What a use case does when users join a group.
fn join(tx: &mut dyn Tx, group: GroupId, users: &[UserId]) -> Ran<()> {
    tx.group_for_update(group)?;
    let ids: Vec<_> = users.iter().map(|user| user.0).collect();
    let known = tx.lock_members(&ids)?.into_iter();
    let new: Vec<_> = known
        .map(|(id, kind)| NewMember {
            id,
            kind,
            display: None,
        })
        .collect();
    tx.add_members(group, &new)?;
    settle(tx, users)
}

/// What a use case does when a rule is made for a group that is there.
fn map(tx: &mut dyn Tx, to: GroupId, key: &str) -> Ran<()> {
    let rule = app::port::rules::RuleRow {
        group: Some(to),
        ..rule("its name", key, 0)
    };
    tx.insert_rules(&[rule])?;
    tx.mark_members_stale(to, false)?;
    let stale = tx.stale_users(500)?;
    settle(tx, &stale)?;
    Ok(tx.clear_stale(&stale)?)
}

fn check_role(world: &World, user: UserId, expected: &str) {
    let rows = world.read(move |tx| Ok(tx.access(&[user])?));
    assert_eq!(rows.len(), 1, "the user has no access");
    assert_eq!(rows[0].access.role, Some(role(expected)));
    assert!(!rows[0].stale);
}

/// The user ends with the higher role, whichever group came first.
pub(super) fn joining_two_mapped_groups(factory: Factory<'_>) {
    let world = World::new(factory);
    let groups = ["low", "high"].map(|name| world.add_group(name));
    world.add_rule(groups[0], "member");
    world.add_rule(groups[1], "admin");
    for round in 0..ROUNDS {
        let user = world.add_user(&format!("u{round}"));
        together(2, |thread| {
            let group = groups[thread];
            world.shared(move |tx| join(tx, group, &[user]));
        });
        check_role(&world, user, "admin");
    }
}

/// The user ends with the rule's role, whether the rule or the membership came first.
pub(super) fn a_rule_while_its_group_is_joined(factory: Factory<'_>) {
    let world = World::new(factory);
    for round in 0..ROUNDS {
        let user = world.add_user(&format!("u{round}"));
        let group = world.add_group(&format!("g{round}"));
        together(2, |thread| {
            if thread == 0 {
                world.shared(move |tx| join(tx, group, &[user]));
            } else {
                world.exclusive(move |tx| map(tx, group, "admin"));
            }
        });
        check_role(&world, user, "admin");
    }
}

/// Fifty equal creates from eight threads: one is made, the others learn that the name is taken.
fn equal_ones(
    world: &World,
    lock: Lock,
    taken: Unique,
    insert: impl Fn(&mut dyn Tx, &str) -> Ran<()> + Copy + Send + Sync + 'static,
) {
    const NAMES: [&str; 3] = ["Same", "SAME", "same"];
    let (next, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    together(8, |_| {
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if number >= 50 {
                return;
            }
            let ended = world.attempt(lock, move |tx| {
                tx.append(vec![event("user.updated", "same")])?;
                insert(tx, NAMES[number % NAMES.len()])
            });
            if ended.is_ok() {
                made.fetch_add(1, Ordering::SeqCst);
            } else {
                assert!(is_conflict(&ended, taken), "{ended:?}");
            }
        }
    });
    assert_eq!(made.into_inner(), 1);
    assert_eq!(world.feed().len(), 1);
}

pub(super) fn equal_users_are_made_once(factory: Factory<'_>) {
    let world = World::new(factory);
    equal_ones(&world, Lock::Shared, Unique::UserName, |tx, name| {
        Ok(tx.insert_user(&user(json!({"userName": name})), Standing::default())?)
    });
    assert_eq!(super::search::users(&world, "userName pr").len(), 1);
}

pub(super) fn equal_groups_are_made_once(factory: Factory<'_>) {
    let world = World::new(factory);
    equal_ones(&world, Lock::Exclusive, Unique::GroupName, |tx, name| {
        Ok(tx.insert_group(&group(json!({"displayName": name})))?)
    });
    assert!(world.read(|tx| Ok(tx.group_by_name("same")?)).is_some());
}

/// Reading for update, then writing the next version: none is written twice.
pub(super) fn no_update_is_lost(factory: Factory<'_>) {
    const EACH: usize = 10;
    let world = World::new(factory);
    let (id, of) = (world.add_user("ann"), world.add_group("g"));
    together(4, |_| {
        for _ in 0..EACH {
            world.shared(move |tx| {
                let row = tx.user_for_update(id)?.expect("the user is there");
                let body: Value = serde_json::from_str(&row.document).unwrap();
                let after = user_at(id, row.version + 1, AT, body);
                tx.update_user(&after, &after.keys)?;
                Ok(())
            });
            world.shared(move |tx| {
                let row = tx.group_for_update(of)?.expect("the group is there");
                Ok(tx.touch_group(of, row.version + 1, AT)?)
            });
        }
    });
    let versions = world.read(move |tx| {
        Ok((
            tx.user(id)?.map(|row| row.version),
            tx.group(of)?.map(|row| row.version),
        ))
    });
    let expected = Some(1 + 4 * i64::try_from(EACH).unwrap());
    assert_eq!(versions, (expected, expected));
}

/// The same users, named in opposite orders, into different groups: all commit.
pub(super) fn crossing_members_do_not_deadlock(factory: Factory<'_>) {
    let world = World::new(factory);
    let users: Vec<UserId> = (0..10)
        .map(|place| world.add_user(&format!("u{place}")))
        .collect();
    let backwards: Vec<UserId> = users.iter().rev().copied().collect();
    for round in 0..ROUNDS {
        let groups = ["a", "b"].map(|name| world.add_group(&format!("{name}{round}")));
        together(2, |thread| {
            let (group, users) = (
                groups[thread],
                [users.clone(), backwards.clone()][thread].clone(),
            );
            world.shared(move |tx| join(tx, group, &users));
        });
        for group in groups {
            assert_eq!(
                world.read(move |tx| Ok(tx.member_ids(group)?.len())),
                users.len()
            );
        }
    }
}

/// Whichever came first, nobody who is gone stays a member or keeps access.
pub(super) fn deleting_while_joining(factory: Factory<'_>) {
    let world = World::new(factory);
    let group = world.add_group("g");
    world.add_rule(group, "admin");
    for round in 0..ROUNDS {
        let user = world.add_user(&format!("u{round}"));
        together(2, |thread| {
            if thread == 0 {
                world.shared(move |tx| join(tx, group, &[user]));
            } else {
                assert!(world.exclusive(move |tx| Ok(tx.delete_user(user)?)));
            }
        });
        let left = world.read(move |tx| {
            Ok((
                tx.member_ids(group)?,
                tx.access(&[user])?,
                tx.user_facts(&[user])?,
            ))
        });
        assert_eq!(left, (vec![], vec![], vec![]));
    }
}
