//! Answers kept for requests that are sent again.

use std::sync::{Arc, Barrier};
use std::thread;

use app::port::Lock;
use app::port::answers::{Answer, Keeping, KeptAnswer};

use super::Factory;
use super::world::{AT, World, settings, told};

fn kept(name: &str, at: i64) -> KeptAnswer {
    KeptAnswer {
        key: "key".to_owned(),
        name: name.to_owned(),
        fingerprint: "f".to_owned(),
        at,
        answer: Answer {
            path: "/orgs/acme/users/ü".to_owned(),
            tag: "1".to_owned(),
            body: "{\"a\": null}".to_owned(),
        },
    }
}

/// Under API key and name, in one organization, for as long as it is young enough.
pub(super) fn are_kept_until_they_are_old(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let first = kept("a", AT);
    let written = first.clone();
    assert!(world.shared(move |tx| Ok(tx.keep_answer(&written, AT)?)));
    let found = |world: &World, key: &'static str, name: &'static str, since: i64| {
        world.read(move |tx| Ok(tx.kept_answer(key, name, since)?))
    };
    assert_eq!(found(&world, "key", "a", AT), Some(first.clone()));
    assert_eq!(found(&world, "key", "a", AT + 1), None);
    assert_eq!(found(&world, "key", "b", AT), None);
    assert_eq!(found(&world, "other", "a", AT), None);
    assert_eq!(found(&other, "key", "a", AT), None);
    let again = kept("a", AT + 5);
    let (young, old) = (again.clone(), again.clone());
    assert!(!world.shared(move |tx| Ok(tx.keep_answer(&young, AT)?)));
    assert_eq!(found(&world, "key", "a", AT), Some(first));
    assert!(world.shared(move |tx| Ok(tx.keep_answer(&old, AT + 1)?)));
    assert_eq!(found(&world, "key", "a", AT), Some(again));
}

/// The oldest of one organization, or of none; nobody else's.
pub(super) fn are_forgotten_in_slices(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    for world in [&world, &other] {
        world.shared(|tx| {
            for (name, at) in [("a", AT), ("b", AT + 1), ("c", AT + 2)] {
                assert!(tx.keep_answer(&kept(name, at), AT)?);
            }
            Ok(())
        });
    }
    let instance = world.store.instance();
    let keeping = Keeping {
        kept: kept("a", AT),
        since: AT,
    };
    let make = |slug: &str| instance.create_org(&settings(slug), &told(), Some(&keeping));
    assert!(make("third").unwrap().is_some());
    assert_eq!(make("fourth").unwrap(), None);
    assert!(instance.org_by_slug("fourth").unwrap().is_none());
    let forget = |org, limit| instance.forget_answers(org, AT + 2, limit).unwrap();
    assert_eq!(forget(Some(world.org), 1), 1);
    assert_eq!(forget(Some(world.org), 10), 1);
    assert_eq!(forget(Some(world.org), 10), 0);
    let left = |world: &World, name: &'static str| {
        world.read(move |tx| Ok(tx.kept_answer("key", name, 0)?.is_some()))
    };
    assert_eq!(
        ["a", "b", "c"].map(|name| left(&world, name)),
        [false, false, true]
    );
    assert_eq!(["a", "b", "c"].map(|name| left(&other, name)), [true; 3]);
    assert!(instance.kept_answer("key", "a", 0).unwrap().is_some());
    assert_eq!(forget(None, 10), 1);
    assert!(instance.kept_answer("key", "a", 0).unwrap().is_none());
}

/// Of several that keep at the same time one does.
pub(super) fn are_kept_once(factory: Factory<'_>) {
    let world = World::new(factory);
    let barrier = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (world, barrier) = (world.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                world
                    .attempt(Lock::Shared, |tx| Ok(tx.keep_answer(&kept("a", AT), AT)?))
                    .unwrap()
            })
        })
        .collect();
    let kept = threads.into_iter().map(|thread| thread.join().unwrap());
    assert_eq!(kept.filter(|kept| *kept).count(), 1);
}

/// Several that make the same organization under the same name at the same time: one makes it, and
/// its answer is there for all of them. What is refused keeps nothing.
pub(super) fn come_with_their_organization(factory: Factory<'_>) {
    let world = World::new(factory);
    let keeping = |name: &str| Keeping {
        kept: kept(name, AT),
        since: AT,
    };
    let barrier = Barrier::new(4);
    let made = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let instance = world.store.instance();
                    let made = instance.create_org(&settings("new"), &told(), Some(&keeping("a")));
                    // Whoever lost finds the answer as soon as it is told so.
                    assert!(instance.kept_answer("key", "a", AT).unwrap().is_some());
                    made.is_ok_and(|made| made.is_some())
                })
            })
            .collect();
        let made = threads.into_iter().map(|thread| thread.join().unwrap());
        made.filter(|made| *made).count()
    });
    let instance = world.store.instance();
    assert_eq!((made, instance.orgs().unwrap().len()), (1, 2));
    let taken = instance.create_org(&settings("new"), &told(), Some(&keeping("b")));
    assert!(taken.is_err(), "{taken:?}");
    assert_eq!(instance.kept_answer("key", "b", AT).unwrap(), None);
}
