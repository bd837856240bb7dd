//! Users.

use app::port::store::Unique;
use app::port::users::{UserKeys, UserWrite};
use app::port::{Lock, Outcome, StoreError};
use domain::{Standing, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Factory;
use super::job::Ended;
use super::world::{AT, World, user, user_at};

/// Whether a unit ended because this key was taken.
pub(super) fn is_conflict<T>(ended: &Ended<T>, unique: Unique) -> bool {
    matches!(ended, Err(Outcome::Failed(StoreError::Conflict(taken))) if *taken == unique)
}

/// Text comes back byte for byte, numbers whole.
pub(super) fn are_kept_as_written(factory: Factory<'_>) {
    let world = World::new(factory);
    let bodies = [
        json!({"userName": "ann"}),
        json!({"userName": "Zoë \"Q\" 李 🦀 'x' \\ %_"}),
        json!({"userName": "big", "title": "x".repeat(100_000)}),
        json!({"userName": "whole", "active": false, "externalId": "Ext", "name": {"givenName": "W"},
            "emails": [{"value": "A@x", "primary": true}, {"value": "b@x"}, {"value": "a@X"}],
            "roles": [{"value": "admin", "display": "Admin", "primary": true}, {"value": "x"}]}),
    ];
    for body in bodies {
        let written = user_at(UserId(Uuid::now_v7()), 7, AT + 1, body);
        let row = written.row.clone();
        world.shared(move |tx| Ok(tx.insert_user(&written, Standing::default())?));
        let (id, expected) = (row.id, Some(row));
        let read = world.read(move |tx| Ok(tx.user(id)?));
        assert_eq!(read, expected);
        let locked = world.shared(move |tx| Ok(tx.user_for_update(id)?));
        assert_eq!(locked, expected);
    }
    let nobody = UserId(Uuid::now_v7());
    assert_eq!(world.read(move |tx| Ok(tx.user(nobody)?)), None);
    assert_eq!(
        world.shared(move |tx| Ok(tx.user_for_update(nobody)?)),
        None
    );
}

pub(super) fn user_names_are_unique(factory: Factory<'_>) {
    let world = World::new(factory);
    let ann = world.add_user("Ann");
    let check = |name: &str, free: bool| {
        let written = user(json!({"userName": name}));
        let ended = world.attempt(Lock::Shared, move |tx| {
            Ok(tx.insert_user(&written, Standing::default())?)
        });
        assert_eq!(ended.is_ok(), free, "{name}: {ended:?}");
        assert!(
            free || is_conflict(&ended, Unique::UserName),
            "{name}: {ended:?}"
        );
    };
    check("ann", false);
    check("ANN", false);
    check("\u{ff21}nn", false);
    check("ann2", true);
    check("änn", true);
    check("ÄNN", false);
    // Taking another's name in an update.
    let taken = world.attempt(Lock::Shared, rename(ann, "ANN2"));
    assert!(is_conflict(&taken, Unique::UserName), "{taken:?}");
    // One's own name in other letters, and a free one.
    world.shared(rename(ann, "aNN"));
    world.shared(rename(ann, "anna"));
    check("Ann", true);
    // The same id twice is our own fault and says so.
    let again = user_at(ann, 1, AT, json!({"userName": "new"}));
    let ended = world.attempt(Lock::Shared, move |tx| {
        Ok(tx.insert_user(&again, Standing::default())?)
    });
    assert!(is_conflict(&ended, Unique::Id), "{ended:?}");
}

/// A unit that gives the user another name.
fn rename(
    id: UserId,
    name: &str,
) -> impl FnMut(&mut dyn app::port::Tx) -> super::job::Ran<()> + Send + use<> {
    let name = name.to_owned();
    move |tx| {
        let row = tx.user_for_update(id)?.expect("the user is there");
        let before: Value = serde_json::from_str(&row.document).unwrap();
        let before = user_at(id, row.version, row.modified, before).keys;
        let after = user_at(
            id,
            row.version + 1,
            AT + 5,
            json!({"userName": name.as_str()}),
        );
        Ok(tx.update_user(&after, &before)?)
    }
}

/// After an update only the new keys find the user.
pub(super) fn update_replaces_keys(factory: Factory<'_>) {
    let world = World::new(factory);
    let id = UserId(Uuid::now_v7());
    let states = [
        json!({"userName": "a", "emails": [{"value": "one@x", "primary": true}]}),
        json!({"userName": "a", "emails": [{"value": "two@x", "primary": true}, {"value": "one@x"}]}),
        json!({"userName": "b", "externalId": "7", "emails": [{"value": "two@x", "type": "home"},
            {"value": "one@x", "primary": true}], "active": false}),
        json!({"userName": "b", "roles": [{"value": "admin"}]}),
    ];
    let mut before: Option<UserKeys> = None;
    for (version, state) in (1..).zip(states) {
        let written = user_at(id, version, AT + version, state);
        let (put, old) = (written.clone(), before.replace(written.keys.clone()));
        world.shared(move |tx| {
            let Some(old) = &old else {
                return Ok(tx.insert_user(&put, Standing::default())?);
            };
            assert!(tx.user_for_update(id)?.is_some());
            Ok(tx.update_user(&put, old)?)
        });
        check_found(&world, &written);
    }
}

fn check_found(world: &World, written: &UserWrite) {
    let id = written.row.id;
    let (row, facts) = world.read(move |tx| Ok((tx.user(id)?, tx.user_facts(&[id])?)));
    assert_eq!(row.as_ref(), Some(&written.row));
    assert_eq!(facts[0].1.active, written.keys.active);
    assert_eq!(facts[0].1.role_claims, written.keys.role_claims);
    for email in ["one@x", "two@x"] {
        let primary = written
            .keys
            .emails
            .iter()
            .any(|e| e.primary && e.key == email);
        let found = world.read(move |tx| Ok(tx.user_by_primary_email(email)?));
        assert_eq!(found, primary.then_some(id), "{email}");
    }
    for (filter, found) in [
        ("userName eq \"a\"", written.keys.user_name == "a"),
        ("userName eq \"b\"", written.keys.user_name == "b"),
        ("externalId eq \"7\"", written.keys.external_id.is_some()),
        (
            "emails eq \"one@x\"",
            written.keys.emails.iter().any(|e| e.key == "one@x"),
        ),
        (
            "emails.value eq \"two@x\"",
            written.keys.emails.iter().any(|e| e.key == "two@x"),
        ),
        ("active eq true", written.keys.active),
    ] {
        assert_eq!(
            super::search::users(world, filter) == vec![id],
            found,
            "{filter}"
        );
    }
}

/// The name is free again, and nothing of the user is left in any group.
pub(super) fn delete_takes_everything(factory: Factory<'_>) {
    let world = World::new(factory);
    let (ann, bob, group) = (
        world.add_user("ann"),
        world.add_user("bob"),
        world.add_group("g"),
    );
    world.join(group, &[ann.0, bob.0]);
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(ann)?)));
    assert!(!world.exclusive(move |tx| Ok(tx.delete_user(ann)?)));
    let left =
        world.read(move |tx| Ok((tx.user(ann)?, tx.member_ids(group)?, tx.groups_of(&[ann])?)));
    assert_eq!(left, (None, vec![bob.0], vec![]));
    assert!(world.join(group, &[ann.0]).is_empty());
    assert_ne!(world.add_user("ann"), ann);
}

pub(super) fn several_at_once(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut ids: Vec<UserId> = (0..1200).map(|_| UserId(Uuid::now_v7())).collect();
    let made = ids.clone();
    world.shared(move |tx| {
        for (place, id) in made.iter().enumerate() {
            tx.insert_user(
                &user_at(*id, 1, AT, json!({"userName": format!("u{place}")})),
                Standing::default(),
            )?;
        }
        Ok(())
    });
    let mut asked = ids.clone();
    asked.reverse();
    asked.push(UserId(Uuid::now_v7()));
    let read = world.read(move |tx| Ok(tx.users(&asked)?));
    ids.sort();
    assert_eq!(read.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
    assert!(world.read(|tx| Ok(tx.users(&[])?)).is_empty());
}

/// Only the primary address answers, in its folded form.
pub(super) fn primary_emails(factory: Factory<'_>) {
    let world = World::new(factory);
    let ann = user(json!({"userName": "ann", "emails": [
        {"value": "Work@X", "type": "work"}, {"value": "Home@X", "type": "home", "primary": true}]}));
    let id = ann.row.id;
    world.shared(move |tx| Ok(tx.insert_user(&ann, Standing::default())?));
    let check = |key: &'static str, expected: Option<UserId>| {
        assert_eq!(
            world.read(move |tx| Ok(tx.user_by_primary_email(key)?)),
            expected,
            "{key}"
        );
    };
    check("home@x", Some(id));
    check("work@x", None);
    check("Home@X", None);
    check("", None);
}
