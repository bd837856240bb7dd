//! Memberships.

use app::port::groups::{GroupRef, MemberKind, NewMember, RemovedMember};
use domain::{GroupId, Standing, UserId};
use serde_json::json;
use uuid::Uuid;

use super::Factory;
use super::world::{AT, World, user, user_at};

/// Only what really changed is told, in a set operation or one by one.
pub(super) fn added_and_removed_once(factory: Factory<'_>) {
    let world = World::new(factory);
    let group = world.add_group("g");
    let mut ids = ["a", "b", "c"].map(|name| world.add_user(name).0);
    ids.sort();
    assert_eq!(world.join(group, &ids[..2]), ids[..2]);
    assert_eq!(world.join(group, &ids), ids[2..]);
    assert!(world.join(group, &ids).is_empty());
    assert!(world.join(group, &[]).is_empty());
    let listed = world.read(move |tx| Ok(tx.member_ids(group)?));
    assert_eq!(listed, ids);
    let remove = |gone: Vec<Uuid>, expected: &[Uuid]| {
        let mut removed = world.shared(move |tx| Ok(tx.remove_members(group, &gone)?));
        removed.sort_by_key(|member| member.id);
        let users = expected.iter().map(|id| gone_user(*id));
        assert_eq!(removed, users.collect::<Vec<_>>());
    };
    remove(vec![ids[0], ids[2], Uuid::now_v7()], &[ids[0], ids[2]]);
    remove(vec![ids[0]], &[]);
    remove(vec![], &[]);
    assert_eq!(world.read(move |tx| Ok(tx.member_ids(group)?)), [ids[1]]);
    let inner = world.add_group("inner").0;
    world.join(group, &[inner]);
    let removed = world.shared(move |tx| Ok(tx.remove_members(group, &[inner])?));
    let expected = RemovedMember {
        kind: MemberKind::Group,
        ..gone_user(inner)
    };
    assert_eq!(removed, [expected]);
}

/// A user's membership without a text, as it is told when it is removed.
fn gone_user(id: Uuid) -> RemovedMember {
    RemovedMember {
        id,
        kind: MemberKind::User,
        display: None,
    }
}

/// The client's text where there was one, else the member's name of now.
pub(super) fn displays(factory: Factory<'_>) {
    let world = World::new(factory);
    let (group, inner) = (world.add_group("g"), world.add_group("Inner"));
    let named = user(json!({"userName": "n", "displayName": "Named"}));
    let plain = user(json!({"userName": "Plain@X"}));
    let sent = user(json!({"userName": "s", "displayName": "Not this"}));
    let rows = [&named, &plain, &sent].map(|user| (user.row.id.0, MemberKind::User));
    let old_keys = named.keys.clone();
    let id = named.row.id;
    world.shared(move |tx| {
        [&named, &plain, &sent]
            .into_iter()
            .try_for_each(|user| tx.insert_user(user, Standing::default()))?;
        let new = |(id, kind): (Uuid, MemberKind), display: Option<&str>| NewMember {
            id,
            kind,
            display: display.map(str::to_owned),
        };
        let added = tx.add_members(
            group,
            &[
                new(rows[0], None),
                new(rows[1], None),
                new(rows[2], Some("As sent")),
                new((inner.0, MemberKind::Group), None),
            ],
        )?;
        assert_eq!(added.len(), 4);
        Ok(())
    });
    let check = |mut expected: Vec<(Uuid, MemberKind, &str)>| {
        expected.sort();
        let members = world.read(move |tx| Ok(tx.members(group)?));
        let read: Vec<_> = members
            .iter()
            .map(|m| (m.id, m.kind, m.display.as_str()))
            .collect();
        assert_eq!(read, expected);
    };
    let others = [
        (rows[1].0, MemberKind::User, "Plain@X"),
        (rows[2].0, MemberKind::User, "As sent"),
        (inner.0, MemberKind::Group, "Inner"),
    ];
    check(
        [
            vec![(rows[0].0, MemberKind::User, "Named")],
            others.to_vec(),
        ]
        .concat(),
    );
    world.shared(move |tx| {
        assert!(tx.user_for_update(id)?.is_some());
        let after = user_at(
            id,
            2,
            AT,
            json!({"userName": "n", "displayName": "New name"}),
        );
        Ok(tx.update_user(&after, &old_keys)?)
    });
    check(
        [
            vec![(rows[0].0, MemberKind::User, "New name")],
            others.to_vec(),
        ]
        .concat(),
    );
    // Told as it was sent when it is removed.
    let gone = world.shared(move |tx| Ok(tx.remove_members(group, &[rows[2].0])?));
    let display = Some("As sent".to_owned());
    let sent = RemovedMember {
        display,
        ..gone_user(rows[2].0)
    };
    assert_eq!(gone, [sent]);
}

pub(super) fn who_is_a_member(factory: Factory<'_>) {
    let world = World::new(factory);
    let (ann, group) = (world.add_user("ann").0, world.add_group("g").0);
    let foreign = world.other("other").add_user("ann").0;
    let asked = vec![ann, foreign, group, Uuid::now_v7(), ann];
    let mut known = world.shared(move |tx| Ok(tx.lock_members(&asked)?));
    known.sort();
    let mut expected = vec![(ann, MemberKind::User), (group, MemberKind::Group)];
    expected.sort();
    assert_eq!(known, expected);
    assert!(world.shared(|tx| Ok(tx.lock_members(&[])?)).is_empty());
}

/// Direct groups only, by user, then group id.
pub(super) fn groups_of_users(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut groups = ["one", "two", "out"].map(|name| (world.add_group(name), name));
    let mut users = ["ann", "bob", "eve"].map(|name| world.add_user(name));
    groups[..2].sort();
    users[..2].sort();
    let [one, two, out] = groups;
    world.join(one.0, &[users[0].0, users[1].0]);
    world.join(two.0, &[users[1].0]);
    world.join(out.0, &[one.0.0]);
    let asked = vec![users[2], users[1], users[0]];
    let read = world.read(move |tx| Ok(tx.groups_of(&asked)?));
    let reference = |user: UserId, (id, name): (_, &str)| {
        (
            user,
            GroupRef {
                id,
                display_name: name.to_owned(),
            },
        )
    };
    let expected = [(users[0], one), (users[1], one), (users[1], two)];
    assert_eq!(read, expected.map(|(user, group)| reference(user, group)));
    let of = |member: Uuid| world.read(move |tx| Ok(tx.group_ids_of(member)?));
    assert_eq!(of(users[1].0), [one.0, two.0]);
    assert_eq!(of(one.0.0), [out.0]);
    assert_eq!(of(users[2].0), []);
    assert!(world.read(|tx| Ok(tx.groups_of(&[])?)).is_empty());
}

/// One level up and one level down, groups only.
pub(super) fn groups_inside_groups(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut groups = ["a", "b", "c", "d"].map(|name| world.add_group(name));
    groups.sort();
    let [a, b, c, d] = groups;
    let ann = world.add_user("ann");
    world.join(a, &[b.0, ann.0]);
    world.join(c, &[b.0, a.0]);
    world.join(d, &[ann.0]);
    let up = |of: Vec<GroupId>, expected: &[(GroupId, GroupId)]| {
        let mut pairs = world.read(move |tx| Ok(tx.parents_of(&of)?));
        pairs.sort();
        assert_eq!(pairs, expected);
    };
    up(vec![b, a, b], &[(a, c), (b, a), (b, c)]);
    up(vec![c, d], &[]);
    up(vec![], &[]);
    let down = |of: Vec<GroupId>, expected: &[GroupId]| {
        let mut inner = world.read(move |tx| Ok(tx.groups_in(&of)?));
        inner.sort();
        assert_eq!(inner, expected);
    };
    down(vec![a], &[b]);
    down(vec![c, a, c], &[a, b]);
    down(vec![d, b], &[]);
    down(vec![], &[]);
    let other = world.other("other");
    assert!(other.read(move |tx| Ok(tx.parents_of(&[b])?)).is_empty());
    assert!(other.read(move |tx| Ok(tx.groups_in(&[c])?)).is_empty());
}

/// More than any database takes as parameters of one statement.
pub(super) fn many_at_once(factory: Factory<'_>) {
    const MANY: usize = 3_000;
    let world = World::new(factory);
    let group = world.add_group("g");
    let mut ids = world.shared(|tx| {
        let mut ids = Vec::new();
        for place in 0..MANY {
            let user = user(json!({"userName": format!("u{place}")}));
            ids.push(user.row.id.0);
            tx.insert_user(&user, Standing::default())?;
        }
        Ok(ids)
    });
    ids.sort();
    assert_eq!(world.join(group, &ids), ids);
    assert!(world.join(group, &ids).is_empty());
    assert_eq!(world.read(move |tx| Ok(tx.member_ids(group)?)), ids);
    let users: Vec<UserId> = ids.iter().map(|id| UserId(*id)).collect();
    let groups = world.read(move |tx| Ok(tx.groups_of(&users)?));
    assert_eq!(groups.len(), MANY);
    let odd: Vec<Uuid> = ids.iter().copied().step_by(2).collect();
    let expected = odd.clone();
    let mut removed = world.shared(move |tx| Ok(tx.remove_members(group, &odd)?));
    removed.sort_by_key(|member| member.id);
    let removed: Vec<Uuid> = removed.into_iter().map(|member| member.id).collect();
    assert_eq!(removed, expected);
    assert_eq!(
        world.read(move |tx| Ok(tx.member_ids(group)?.len())),
        MANY - expected.len()
    );
}
