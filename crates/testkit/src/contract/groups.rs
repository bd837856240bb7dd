//! Groups.

use app::port::Lock;
use app::port::store::Unique;
use domain::GroupId;
use serde_json::json;
use uuid::Uuid;

use super::Factory;
use super::users::is_conflict;
use super::world::{AT, World, group, group_at};

pub(super) fn are_kept_as_written(factory: Factory<'_>) {
    let world = World::new(factory);
    for name in ["sales", "Zoë \"Q\" 李 🦀 'x' \\ %_", "%", " spaced "] {
        let id = GroupId(Uuid::now_v7());
        let written = group_at(
            id,
            3,
            AT + 1,
            json!({"displayName": name, "externalId": "X"}),
        );
        let (row, key) = (written.row.clone(), written.name_key.clone());
        world.exclusive(move |tx| Ok(tx.insert_group(&written)?));
        let read = world.read(move |tx| Ok([tx.group(id)?, tx.group_by_name(&key)?]));
        assert_eq!(read, [Some(row.clone()), Some(row.clone())], "{name}");
        assert_eq!(
            world.shared(move |tx| Ok(tx.group_for_update(id)?)),
            Some(row),
            "{name}"
        );
    }
    let nobody = GroupId(Uuid::now_v7());
    assert_eq!(world.read(move |tx| Ok(tx.group(nobody)?)), None);
    assert_eq!(world.read(|tx| Ok(tx.group_by_name("nobody")?)), None);
}

pub(super) fn names_are_unique(factory: Factory<'_>) {
    let world = World::new(factory);
    let sales = world.add_group("Sales");
    let check = |name: &str, free: bool| {
        let written = group(json!({"displayName": name}));
        let ended = world.attempt(Lock::Exclusive, move |tx| Ok(tx.insert_group(&written)?));
        assert_eq!(ended.is_ok(), free, "{name}: {ended:?}");
        assert!(
            free || is_conflict(&ended, Unique::GroupName),
            "{name}: {ended:?}"
        );
    };
    check("sales", false);
    check("SALES", false);
    check("sales 2", true);
    let rename = |name: &str| {
        let after = group_at(sales, 2, AT, json!({"displayName": name}));
        world.attempt(Lock::Exclusive, move |tx| {
            assert!(tx.group_for_update(sales)?.is_some());
            Ok(tx.update_group(&after)?)
        })
    };
    let ended = rename("SALES 2");
    assert!(is_conflict(&ended, Unique::GroupName), "{ended:?}");
    assert!(rename("sALES").is_ok());
    assert!(rename("marketing").is_ok());
    check("Sales", true);
    let again = group_at(sales, 1, AT, json!({"displayName": "new"}));
    let ended = world.attempt(Lock::Exclusive, move |tx| Ok(tx.insert_group(&again)?));
    assert!(is_conflict(&ended, Unique::Id), "{ended:?}");
}

/// An update replaces all, a touch only version and time; neither touches members.
pub(super) fn update_and_touch(factory: Factory<'_>) {
    let world = World::new(factory);
    let (id, ann) = (world.add_group("one"), world.add_user("ann"));
    world.join(id, &[ann.0]);
    let after = group_at(
        id,
        2,
        AT + 5,
        json!({"displayName": "two", "externalId": "E"}),
    );
    let mut expected = after.row.clone();
    world.exclusive(move |tx| {
        assert!(tx.group_for_update(id)?.is_some());
        Ok(tx.update_group(&after)?)
    });
    assert_eq!(
        world.read(move |tx| Ok(tx.group(id)?)).as_ref(),
        Some(&expected)
    );
    world.shared(move |tx| {
        assert!(tx.group_for_update(id)?.is_some());
        Ok(tx.touch_group(id, 9, AT + 9)?)
    });
    (expected.version, expected.modified) = (9, AT + 9);
    let read = world.read(move |tx| {
        Ok((
            tx.group(id)?,
            tx.group_by_name("one")?,
            tx.group_by_name("two")?.map(|row| row.id),
        ))
    });
    assert_eq!(read, (Some(expected), None, Some(id)));
    assert_eq!(world.read(move |tx| Ok(tx.member_ids(id)?)), [ann.0]);
}

pub(super) fn delete_takes_memberships(factory: Factory<'_>) {
    let world = World::new(factory);
    let (inner, outer, ann) = (
        world.add_group("in"),
        world.add_group("out"),
        world.add_user("ann"),
    );
    world.join(outer, &[inner.0, ann.0]);
    world.join(inner, &[ann.0]);
    assert!(world.exclusive(move |tx| Ok(tx.delete_group(inner)?)));
    assert!(!world.exclusive(move |tx| Ok(tx.delete_group(inner)?)));
    let left = world.read(move |tx| {
        Ok((
            tx.group(inner)?,
            tx.member_ids(inner)?,
            tx.member_ids(outer)?,
            tx.group_ids_of(ann.0)?,
        ))
    });
    assert_eq!(left, (None, vec![], vec![ann.0], vec![outer]));
    assert_ne!(world.add_group("in"), inner);
}

/// Every group that the member is directly in moves by one, no other.
pub(super) fn touching_groups_of_a_member(factory: Factory<'_>) {
    let world = World::new(factory);
    let [one, two, far] = ["one", "two", "far"].map(|name| world.add_group(name));
    let ann = world.add_user("ann");
    world.join(one, &[ann.0]);
    world.join(two, &[ann.0]);
    world.join(far, &[one.0]);
    world.exclusive(move |tx| Ok(tx.touch_groups_of(ann.0, AT + 7)?));
    let check = |id: GroupId, expected: (i64, i64)| {
        let row = world.read(move |tx| Ok(tx.group(id)?)).unwrap();
        assert_eq!(
            (row.version, row.modified),
            expected,
            "{}",
            row.display_name
        );
    };
    check(one, (2, AT + 7));
    check(two, (2, AT + 7));
    check(far, (1, AT));
    world.exclusive(move |tx| Ok(tx.touch_groups_of(one.0, AT + 8)?));
    check(one, (2, AT + 7));
    check(far, (2, AT + 8));
}
