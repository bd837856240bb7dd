//! How units of work end.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::port::instance::Removal;
use app::port::store::Unique;
use app::port::{Lock, Outcome, StoreError, Tx};
use domain::Standing;
use serde_json::json;

use super::Factory;
use super::access::write;
use super::events::event;
use super::job::{Ran, Stop};
use super::world::{World, told, user};

/// A committed unit is read by the next one.
pub(super) fn commit_and_read(factory: Factory<'_>) {
    let world = World::new(factory);
    let id = world.add_user("ann");
    assert!(world.read(move |tx| Ok(tx.user(id)?)).is_some());
    let org = world.org;
    assert_eq!(world.read(|tx| Ok(tx.settings()?.id)), org);
    assert!(world.store.ready().is_ok());
}

/// Runs a unit that writes to every table and then ends like this; nothing may be left.
fn check_rollback(factory: Factory<'_>, end: fn() -> Ran<()>, right: fn(&Outcome) -> bool) {
    let world = World::new(factory);
    let (kept, group) = (world.add_user("kept"), world.add_group("kept"));
    let ended = world.attempt(Lock::Exclusive, move |tx| {
        write_everywhere(tx, kept, group)?;
        end()
    });
    let outcome = ended.expect_err("it must not commit");
    assert!(right(&outcome), "{outcome:?}");
    let left = world.read(move |tx| {
        let all = app::port::users::Search {
            filter: None,
            sort: None,
            after: None,
            start_index: 1,
            count: 100,
            total: true,
        };
        Ok((
            tx.search_users(&all)?.total,
            tx.search_groups(&all)?.total,
            tx.member_ids(group)?.len(),
            tx.rules()?.len(),
            tx.access(&[kept])?.len(),
            tx.anyone_stale()?,
            tx.settings()?.version,
        ))
    });
    assert_eq!(left, (1, 1, 0, 0, 0, false, 1));
    assert!(world.feed().is_empty());
    // The store is as good as before.
    world.add_user("gone");
}

fn write_everywhere(tx: &mut dyn Tx, kept: domain::UserId, group: domain::GroupId) -> Ran<()> {
    use app::port::groups::{MemberKind, NewMember};
    tx.insert_user(
        &user(json!({"userName": "gone", "emails": [{"value": "g@x"}]})),
        Standing::default(),
    )?;
    tx.insert_group(&super::world::group(json!({"displayName": "gone"})))?;
    tx.add_members(
        group,
        &[NewMember {
            id: kept.0,
            kind: MemberKind::User,
            display: None,
        }],
    )?;
    tx.insert_rules(&[super::world::rule("gone", "member", 0)])?;
    tx.save_access(&[write(kept, None, domain::Access::nothing())])?;
    tx.mark_everyone_stale()?;
    tx.append(vec![event("user.updated", "gone")])?;
    let mut settings = tx.settings()?.as_ref().clone();
    settings.version += 1;
    Ok(tx.save_settings(&settings)?)
}

pub(super) fn refused_leaves_nothing(factory: Factory<'_>) {
    check_rollback(
        factory,
        || Err(Stop::Refuse),
        |end| matches!(end, Outcome::Refused),
    );
}

pub(super) fn failed_leaves_nothing(factory: Factory<'_>) {
    check_rollback(
        factory,
        || Err(Stop::Store(StoreError::Conflict(Unique::UserName))),
        |end| matches!(end, Outcome::Failed(StoreError::Conflict(Unique::UserName))),
    );
}

pub(super) fn panicking_leaves_nothing(factory: Factory<'_>) {
    // Without the panic hook, which would write to the test's output.
    check_rollback(
        factory,
        || resume_unwind(Box::new("a bug in a use case")),
        |end| matches!(end, Outcome::Failed(_)),
    );
}

/// What ran before the restart is gone; what runs after it commits once.
pub(super) fn a_stronger_lock_starts_again(factory: Factory<'_>) {
    let world = World::new(factory);
    world.shared(|tx| {
        tx.append(vec![event("user.updated", "once")])?;
        tx.need_exclusive()?;
        Ok(tx.insert_rules(&[super::world::rule("sales", "member", 0)])?)
    });
    assert_eq!(world.feed().len(), 1);
    assert_eq!(world.read(|tx| Ok(tx.rules()?.len())), 1);
    world.exclusive(|tx| Ok(tx.need_exclusive()?));
}

pub(super) fn a_gone_organization_fails(factory: Factory<'_>) {
    let world = World::new(factory);
    let removal = world.store.instance().delete_org(world.org, None, &told());
    assert_eq!(removal.unwrap(), Removal::Removed);
    for lock in [Lock::Shared, Lock::Exclusive] {
        let ended = world.attempt(lock, |tx| {
            tx.settings()?;
            Ok(tx.insert_user(&user(json!({"userName": "ann"})), Standing::default())?)
        });
        assert!(matches!(ended, Err(Outcome::Failed(_))), "{ended:?}");
    }
}

/// A reading unit does not see what commits while it runs.
pub(super) fn a_read_is_one_snapshot(factory: Factory<'_>) {
    let world = World::new(factory);
    world.add_user("before");
    let writer = world.clone();
    let runs = Arc::new(AtomicU32::new(0));
    let counts = world.read(move |tx| {
        let run = runs.fetch_add(1, Ordering::SeqCst);
        let all = app::port::users::Search {
            filter: None,
            sort: None,
            after: None,
            start_index: 1,
            count: 0,
            total: true,
        };
        let first = tx.search_users(&all)?.total;
        let writer = writer.clone();
        let name = format!("meanwhile {run}");
        std::thread::spawn(move || writer.add_user(&name))
            .join()
            .unwrap();
        Ok((first, tx.search_users(&all)?.total))
    });
    assert_eq!(counts.0, counts.1);
}

/// Nothing of one organization can be read or changed from another.
pub(super) fn organizations_do_not_meet(factory: Factory<'_>) {
    let world = World::new(factory);
    let (user_id, group) = (world.add_user("ann"), world.add_group("sales"));
    world.join(group, &[user_id.0]);
    world.add_rule(group, "member");
    world.shared(move |tx| {
        tx.save_access(&[write(user_id, None, domain::Access::nothing())])?;
        tx.mark_stale(&[user_id], false)?;
        Ok(tx.append(vec![event("user.updated", "ann")])?)
    });
    let other = world.other("other");
    let all = app::port::users::Search {
        filter: None,
        sort: None,
        after: None,
        start_index: 1,
        count: 100,
        total: true,
    };
    other.exclusive(move |tx| {
        assert_eq!(tx.user(user_id)?, None);
        assert!(tx.users(&[user_id])?.is_empty());
        assert_eq!(tx.user_for_update(user_id)?, None);
        assert_eq!(tx.search_users(&all)?.total, 0);
        assert_eq!(tx.group(group)?, None);
        assert_eq!(tx.group_for_update(group)?, None);
        assert_eq!(tx.group_by_name("sales")?, None);
        assert_eq!(tx.search_groups(&all)?.total, 0);
        assert!(tx.members(group)?.is_empty());
        assert!(tx.lock_members(&[user_id.0, group.0])?.is_empty());
        assert!(tx.remove_members(group, &[user_id.0])?.is_empty());
        assert!(tx.groups_of(&[user_id])?.is_empty());
        assert!(tx.rules()?.is_empty());
        assert!(tx.rules_of_groups(&[group])?.is_empty());
        assert!(tx.user_facts(&[user_id])?.is_empty());
        assert!(tx.access(&[user_id])?.is_empty());
        assert!(tx.access_page(None, 10)?.is_empty());
        assert!(!tx.anyone_stale()?);
        tx.clear_stale(&[user_id])?;
        assert!(!tx.delete_user(user_id)?);
        assert!(!tx.delete_group(group)?);
        // The same names are free here.
        tx.insert_user(&user(json!({"userName": "ann"})), Standing::default())?;
        Ok(tx.insert_group(&super::world::group(json!({"displayName": "sales"})))?)
    });
    assert!(other.feed().is_empty());
    let kept = world.read(move |tx| {
        Ok((
            tx.members(group)?.len(),
            tx.rules()?.len(),
            tx.anyone_stale()?,
        ))
    });
    assert_eq!(kept, (1, 1, true));
    assert_eq!(world.feed().len(), 1);
}
