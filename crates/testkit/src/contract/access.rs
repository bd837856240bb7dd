//! Facts, results and stale marks.

use std::collections::{BTreeMap, BTreeSet};

use app::port::access::{AccessRow, AccessWrite};
use app::port::{Stored, Tx};
use domain::{
    Access, Gives, GroupId, MatchedRule, ProjectId, ProjectRole, Standing, State, UserFacts,
    UserId, WorkspaceId, WorkspaceVia,
};
use serde_json::json;
use uuid::Uuid;

use super::Factory;
use super::world::{World, role, rule, user};

/// An access of this role.
pub(super) fn active(key: &str) -> Access {
    Access {
        state: State::Active,
        role: Some(role(key)),
        seat: true,
        ..Access::nothing()
    }
}

/// A result to store.
pub(super) fn write(user: UserId, before: Option<Access>, after: Access) -> AccessWrite {
    AccessWrite {
        user,
        before,
        after,
    }
}

/// The user's groups joined with the rules bound to them; the order inside does not matter.
pub(super) fn facts_join_rules(factory: Factory<'_>) {
    let world = World::new(factory);
    let groups = ["one", "two", "without", "foreign"].map(|name| world.add_group(name));
    let [one, two, without, foreign] = groups;
    let rules = [
        (one, "member"),
        (one, "admin"),
        (two, "member"),
        (foreign, "admin"),
    ]
    .map(|(group, role)| (world.add_rule(group, role), group, role));
    world.exclusive(|tx| Ok(tx.insert_rules(&[rule("without", "admin", 9)])?));
    let ann = user(json!({"userName": "ann", "roles": [
        {"value": "admin", "display": "A"}, {"value": "x", "primary": true}]}));
    let (id, claims) = (ann.row.id, ann.keys.role_claims.clone());
    world.shared(move |tx| Ok(tx.insert_user(&ann, Standing::default())?));
    let idle = user(json!({"userName": "idle", "active": false}));
    let idle_id = idle.row.id;
    world.shared(move |tx| Ok(tx.insert_user(&idle, Standing::default())?));
    for group in [one, two, without] {
        world.join(group, &[id.0]);
    }
    let asked = vec![id, UserId(Uuid::now_v7()), idle_id];
    let mut facts = world.read(move |tx| Ok(tx.user_facts(&asked)?));
    for (_, facts) in &mut facts {
        facts.rules.sort();
    }
    facts.sort_by_key(|(user, _)| *user);
    let mut matched: Vec<MatchedRule> = rules[..3]
        .iter()
        .map(|(rule, group, key)| MatchedRule {
            rule: *rule,
            group: *group,
            via: vec![],
            gives: Gives::Organization(role(key)),
        })
        .collect();
    matched.sort();
    let full = UserFacts {
        active: true,
        role_claims: claims,
        rules: matched,
        ..UserFacts::default()
    };
    let mut expected = vec![(id, full), (idle_id, UserFacts::default())];
    expected.sort_by_key(|(user, _)| *user);
    assert_eq!(facts, expected);
    assert!(world.read(|tx| Ok(tx.user_facts(&[])?)).is_empty());
}

pub(super) fn results_are_replaced(factory: Factory<'_>) {
    let world = World::new(factory);
    let users = ["a", "b", "c"].map(|name| world.add_user(name));
    let [a, b, c] = users;
    let pending = Access {
        state: State::NotActivated,
        seat: false,
        ..active("member")
    };
    let results = [
        write(a, None, active("admin")),
        write(b, None, pending.clone()),
    ];
    world.shared(move |tx| Ok(tx.save_access(&results)?));
    let check = |expected: Vec<(UserId, Access)>| {
        let mut read = world.read(move |tx| Ok(tx.access(&[c, b, a])?));
        read.sort_by_key(|row| row.user);
        let mut expected: Vec<AccessRow> = expected
            .into_iter()
            .map(|(user, access)| AccessRow {
                user,
                access,
                stale: false,
                left_group: false,
            })
            .collect();
        expected.sort_by_key(|row| row.user);
        assert_eq!(read, expected);
    };
    check(vec![(a, active("admin")), (b, pending.clone())]);
    let all = Access {
        sees_all: true,
        ..active("admin")
    };
    let results = [
        write(a, Some(active("admin")), Access::nothing()),
        write(c, None, all.clone()),
        write(b, Some(pending.clone()), pending.clone()),
    ];
    world.shared(move |tx| Ok(tx.save_access(&results)?));
    check(vec![(a, Access::nothing()), (b, pending), (c, all)]);
    assert!(world.read(|tx| Ok(tx.access(&[])?)).is_empty());
    world.shared(|tx| Ok(tx.save_access(&[])?));
}

pub(super) fn pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut ids: Vec<UserId> = (0..7)
        .map(|place| world.add_user(&format!("u{place}")))
        .collect();
    let without = ids.remove(3);
    ids.sort();
    let saved: Vec<_> = ids
        .iter()
        .map(|id| write(*id, None, active("member")))
        .collect();
    let marked = ids[4];
    world.shared(move |tx| {
        tx.save_access(&saved)?;
        Ok(tx.mark_stale(&[marked, without], false)?)
    });
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = world.read(move |tx| Ok(tx.access_page(after, 4)?));
        assert!(page.len() <= 4);
        let Some(last) = page.last() else { break };
        after = Some(last.user);
        seen.extend(page);
    }
    assert_eq!(seen.iter().map(|row| row.user).collect::<Vec<_>>(), ids);
    let stale: Vec<UserId> = seen
        .iter()
        .filter(|row| row.stale)
        .map(|row| row.user)
        .collect();
    assert_eq!(stale, [marked]);
    assert!(world.read(|tx| Ok(tx.access_page(None, 0)?)).is_empty());
}

pub(super) fn stale_marks(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut users = ["a", "b", "c", "d"].map(|name| world.add_user(name));
    users.sort();
    let [a, b, c, d] = users;
    let (group, inner) = (world.add_group("g"), world.add_group("inner"));
    world.join(group, &[b.0, d.0, inner.0]);
    world.join(inner, &[a.0]);
    let check = |expected: &[UserId]| {
        let stale = world.shared(|tx| Ok(tx.stale_users(10)?));
        assert_eq!(
            stale.iter().collect::<BTreeSet<_>>(),
            expected.iter().collect()
        );
        assert_eq!(stale.len(), expected.len());
        assert_eq!(
            world.read(|tx| Ok(tx.anyone_stale()?)),
            !expected.is_empty()
        );
    };
    check(&[]);
    world.shared(move |tx| Ok(tx.mark_stale(&[c, c], false)?));
    world.shared(move |tx| Ok(tx.mark_stale(&[c], false)?));
    check(&[c]);
    world.shared(move |tx| Ok(tx.mark_members_stale(group, false)?));
    check(&[b, c, d]);
    world.shared(move |tx| Ok(tx.clear_stale(&[b, a])?));
    check(&[c, d]);
    world.exclusive(|tx| Ok(tx.mark_everyone_stale()?));
    check(&[a, b, c, d]);
    assert_eq!(world.shared(|tx| Ok(tx.stale_users(2)?)).len(), 2);
    assert!(world.shared(|tx| Ok(tx.stale_users(0)?)).is_empty());
    // Saving a result says nothing about the mark: facts may have moved since they were read.
    world.shared(move |tx| Ok(tx.save_access(&[write(a, None, active("member"))])?));
    let read = world.read(move |tx| Ok(tx.access(&[a])?));
    assert!(read[0].stale);
    world.shared(move |tx| Ok(tx.clear_stale(&[a, b, c, d])?));
    check(&[]);
    world.shared(|tx| Ok(tx.mark_stale(&[], false)?));
    check(&[]);
}

pub(super) fn deleted_users_are_gone(factory: Factory<'_>) {
    let world = World::new(factory);
    let (ann, bob) = (world.add_user("ann"), world.add_user("bob"));
    world.exclusive(move |tx| {
        tx.save_access(&[
            write(ann, None, active("member")),
            write(bob, None, active("member")),
        ])?;
        tx.mark_everyone_stale()?;
        assert!(tx.delete_user(ann)?);
        Ok(())
    });
    let left = world.shared(move |tx| {
        let page = tx.access_page(None, 10)?.into_iter().map(|row| row.user);
        Ok((
            tx.user_facts(&[ann])?,
            tx.access(&[ann])?,
            page.collect::<Vec<_>>(),
            tx.stale_users(10)?,
        ))
    });
    assert_eq!(left, (vec![], vec![], vec![bob], vec![bob]));
}

/// A mark remembers that its user left a group, and nothing but working it off takes that away.
pub(super) fn marks_of_who_left(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut users = ["a", "b", "c", "d"].map(|name| world.add_user(name));
    users.sort();
    let [a, b, c, d] = users;
    let group = world.add_group("g");
    world.join(group, &[b.0, c.0]);
    world.shared(move |tx| {
        tx.save_access(&users.map(|user| write(user, None, active("member"))))?;
        tx.mark_stale(&[a, b], false)?;
        Ok(tx.mark_stale(&[a], true)?)
    });
    let check = |stale: &[UserId], left: &[UserId]| {
        let found = world.shared(|tx| Ok((tx.stale_users(10)?, tx.users_who_left(10)?)));
        assert_eq!(found, (stale.to_vec(), left.to_vec()));
        let rows = world.read(move |tx| Ok(tx.access_page(None, 10)?));
        let marked = |wanted: fn(&AccessRow) -> bool| -> Vec<UserId> {
            rows.iter()
                .filter(|row| wanted(row))
                .map(|row| row.user)
                .collect()
        };
        assert_eq!(marked(|row| row.stale), stale);
        assert_eq!(marked(|row| row.left_group), left);
    };
    check(&[a, b], &[a]);
    world.exclusive(move |tx| {
        tx.mark_stale(&[a], false)?;
        tx.mark_members_stale(group, false)?;
        Ok(tx.mark_everyone_stale()?)
    });
    check(&[a, b, c, d], &[a]);
    world.shared(move |tx| Ok(tx.mark_members_stale(group, true)?));
    check(&[a, b, c, d], &[a, b, c]);
    assert_eq!(world.shared(|tx| Ok(tx.users_who_left(2)?)).len(), 2);
    let page =
        |after: Option<UserId>, limit: u64| world.read(move |tx| Ok(tx.stale_page(after, limit)?));
    assert_eq!(page(None, 3), [a, b, c]);
    assert_eq!(page(Some(b), 3), [c, d]);
    assert_eq!(page(Some(d), 3), []);
    world.shared(move |tx| Ok(tx.clear_stale(&[a, b])?));
    check(&[c, d], &[c]);
    world.shared(move |tx| Ok(tx.mark_stale(&[a], false)?));
    check(&[a, c, d], &[c]);
}

/// A way to mark users: those, the members of a group, or those at a place.
type Mark = fn(&mut dyn Tx, [UserId; 2], GroupId, Uuid) -> Stored<()>;

/// Whoever is `left_mapped` when a mark is made is among those who left, whatever the mark is for.
pub(super) fn marks_of_who_had_left(factory: Factory<'_>) {
    let world = World::new(factory);
    let [a, b] = ["a", "b"].map(|name| world.add_user(name));
    let group = world.add_group("g");
    world.join(group, &[a.0, b.0]);
    let place = Uuid::now_v7();
    let there = Access {
        workspaces: BTreeMap::from([(WorkspaceId(place), WorkspaceVia::Rule)]),
        ..active("member")
    };
    let left = Standing {
        left_mapped: true,
        ..Standing::default()
    };
    world.shared(move |tx| {
        tx.save_access(&[a, b].map(|user| write(user, None, there.clone())))?;
        Ok(tx.save_standing(&[(b, left)])?)
    });
    let marks: [Mark; 4] = [
        |tx, users, _, _| tx.mark_stale(&users, false),
        |tx, _, group, _| tx.mark_members_stale(group, false),
        |tx, _, _, _| tx.mark_everyone_stale(),
        |tx, _, _, place| tx.mark_members_of_place_stale(place),
    ];
    for (number, mark) in marks.into_iter().enumerate() {
        let found = world.exclusive(move |tx| {
            mark(tx, [a, b], group, place)?;
            let found = (tx.stale_users(10)?.len(), tx.users_who_left(10)?);
            tx.clear_stale(&[a, b])?;
            Ok(found)
        });
        assert_eq!(found, (2, vec![b]), "mark {number}");
    }
}

/// Explicit workspaces and projects come back as they were, and go when they are not there any more.
pub(super) fn explicit_rows_are_kept(factory: Factory<'_>) {
    let world = World::new(factory);
    let (ann, bob) = (world.add_user("ann"), world.add_user("bob"));
    let [w1, w2] = [(); 2].map(|()| WorkspaceId(Uuid::now_v7()));
    let [p1, p2] = [(); 2].map(|()| ProjectId(Uuid::now_v7()));
    let steps = [
        Access {
            workspaces: BTreeMap::from([(w1, WorkspaceVia::Rule), (w2, WorkspaceVia::Manual)]),
            projects: BTreeMap::from([(p1, ProjectRole::Inherit)]),
            ..active("admin")
        },
        Access {
            workspaces: BTreeMap::from([(w2, WorkspaceVia::Rule)]),
            projects: BTreeMap::from([
                (p1, ProjectRole::Role(role("member"))),
                (p2, ProjectRole::Inherit),
            ]),
            ..active("admin")
        },
        active("admin"),
        Access::nothing(),
    ];
    let mut before = None;
    for after in steps {
        let results = [
            write(ann, before.clone(), after.clone()),
            write(bob, before.clone(), after.clone()),
        ];
        world.shared(move |tx| Ok(tx.save_access(&results)?));
        let rows = world.read(move |tx| Ok((tx.access(&[ann, bob])?, tx.access_page(None, 9)?)));
        assert_eq!(rows.0, rows.1);
        assert_eq!(rows.0.len(), 2);
        assert!(rows.0.iter().all(|row| row.access == after), "{rows:?}");
        before = Some(after);
    }
}

/// What history left behind is a fact: from the beginning, and as it is changed.
pub(super) fn standing_is_a_fact(factory: Factory<'_>) {
    let world = World::new(factory);
    let standings = [(false, false), (true, false), (false, true), (true, true)];
    let standings = standings.map(|(left_mapped, awaiting_activation)| Standing {
        left_mapped,
        awaiting_activation,
    });
    let users: Vec<UserId> = standings
        .iter()
        .zip(0..)
        .map(|(standing, place)| {
            let user = user(json!({"userName": format!("u{place}")}));
            let (id, standing) = (user.row.id, *standing);
            world.shared(move |tx| Ok(tx.insert_user(&user, standing)?));
            id
        })
        .collect();
    let check = |expected: Vec<Standing>| {
        for (user, standing) in users.iter().copied().zip(expected) {
            let facts = world.read(move |tx| Ok(tx.user_facts(&[user])?));
            let facts = &facts[0].1;
            let read = (facts.left_mapped, facts.awaiting_activation);
            assert_eq!(read, (standing.left_mapped, standing.awaiting_activation));
        }
    };
    check(standings.to_vec());
    let turned: Vec<Standing> = standings.iter().rev().copied().collect();
    let changes: Vec<_> = users[1..]
        .iter()
        .copied()
        .zip(turned[1..].to_vec())
        .collect();
    world.shared(move |tx| Ok(tx.save_standing(&changes)?));
    check([&standings[..1], &turned[1..]].concat());
    world.shared(|tx| Ok(tx.save_standing(&[])?));
}
