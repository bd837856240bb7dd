//! The outbox and the feed.

use std::sync::atomic::{AtomicBool, Ordering};

use app::port::Lock;
use app::port::outbox::{FeedEvent, OutboxEvent, PAGE_BYTES};
use serde_json::{Value, json};

use super::Factory;
use super::job::Stop;
use super::world::{AT, World};

fn body() -> Value {
    json!({"z": 1, "a": ["ü", null, true, 1.5, {"n": i64::MAX}]})
}

/// An event about something.
pub(super) fn event(kind: &'static str, subject: &str) -> OutboxEvent {
    OutboxEvent {
        kind,
        subject: subject.to_owned(),
        at: AT,
        body: body().to_string(),
    }
}

/// Per organization from 1, in the order of the commits and inside a unit as appended; what was
/// rolled back leaves no gap.
pub(super) fn are_numbered_in_order(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    world.shared(|tx| Ok(tx.append(vec![event("user.updated", "a"), event("user.removed", "b")])?));
    other.shared(|tx| Ok(tx.append(vec![event("user.updated", "x")])?));
    let refused = world.attempt(Lock::Shared, |tx| {
        tx.append(vec![event("user.updated", "never")])?;
        Err::<(), _>(Stop::Refuse)
    });
    assert!(refused.is_err());
    world.shared(|tx| {
        tx.append(vec![event("user.updated", "c")])?;
        tx.append(Vec::new())?;
        Ok(tx.append(vec![event("user.updated", "d")])?)
    });
    let numbered = |events: &[(&str, &str)]| {
        let one = |(seq, (kind, subject)): (i64, &(&str, &str))| FeedEvent {
            seq,
            kind: (*kind).to_owned(),
            subject: (*subject).to_owned(),
            at: AT,
            body: body(),
        };
        (1..).zip(events).map(one).collect::<Vec<_>>()
    };
    let updated = "user.updated";
    let expected = [
        (updated, "a"),
        ("user.removed", "b"),
        (updated, "c"),
        (updated, "d"),
    ];
    assert_eq!(world.feed(), numbered(&expected));
    assert_eq!(other.feed(), numbered(&[(updated, "x")]));
    assert_eq!(world.store.number_events().unwrap(), 0);
}

pub(super) fn are_read_in_pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let events: Vec<OutboxEvent> = (0..25)
        .map(|n| event("user.updated", &n.to_string()))
        .collect();
    world.shared(move |tx| Ok(tx.append(events.clone())?));
    assert_eq!(world.feed().len(), 25);
    let check = |after: i64, limit: u64, expected: std::ops::Range<i64>| {
        let read = world.read(move |tx| Ok(tx.feed(after, limit)?));
        let numbers: Vec<i64> = read.events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, expected.collect::<Vec<_>>(), "{after} {limit}");
    };
    check(0, 10, 1..11);
    check(10, 10, 11..21);
    check(20, 10, 21..26);
    check(25, 10, 0..0);
    check(1_000, 10, 0..0);
    check(5, 0, 0..0);
}

/// A page of large events ends early, and has one event at the least.
pub(super) fn large_ones_end_a_page(factory: Factory<'_>) {
    let world = World::new(factory);
    let of_size = |size: usize| OutboxEvent {
        body: json!({"text": "x".repeat(size)}).to_string(),
        ..event("user.updated", "large")
    };
    let large: Vec<OutboxEvent> = (0..7).map(|_| of_size(PAGE_BYTES / 3)).collect();
    let larger = of_size(2 * PAGE_BYTES);
    world.shared(move |tx| {
        tx.append(large.clone())?;
        Ok(tx.append(vec![larger.clone(), event("user.updated", "small")])?)
    });
    while world.store.number_events().unwrap() > 0 {}
    let check = |after: i64, limit: u64, expected: &[i64], full: bool| {
        let page = world.read(move |tx| Ok(tx.feed(after, limit)?));
        let seqs: Vec<i64> = page.events.iter().map(|event| event.seq).collect();
        assert_eq!((&*seqs, page.full), (expected, full), "{after} {limit}");
    };
    check(0, 1_000, &[1, 2, 3], true);
    check(0, 2, &[1, 2], true);
    check(3, 1_000, &[4, 5, 6], true);
    check(6, 1_000, &[7, 8], true);
    check(7, 1_000, &[8], true);
    check(8, 1_000, &[9], false);
    check(8, 1, &[9], true);
    check(9, 1_000, &[], false);
}

/// While others write and number, a reader that goes on from the last number it saw misses
/// nothing: numbers appear without gaps and never behind it.
pub(super) fn are_numbered_in_order_under_concurrency(factory: Factory<'_>) {
    const WRITERS: usize = 4;
    const EACH: usize = 20;
    let world = World::new(factory);
    let writing = AtomicBool::new(true);
    let seen = std::thread::scope(|scope| {
        let numbering = scope.spawn(|| {
            while writing.load(Ordering::SeqCst) {
                world.store.number_events().unwrap();
            }
        });
        let reader = scope.spawn(|| follow(&world, WRITERS * EACH * 2));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let world = &world;
                scope.spawn(move || write(world, writer, EACH))
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        writing.store(false, Ordering::SeqCst);
        numbering.join().unwrap();
        reader.join().unwrap()
    });
    assert_eq!(seen, world.feed());
    for writer in 0..WRITERS {
        let prefix = format!("{writer}.");
        let own: Vec<&str> = seen
            .iter()
            .filter_map(|event| event.subject.strip_prefix(&prefix))
            .collect();
        let expected: Vec<String> = (0..EACH * 2).map(|n| n.to_string()).collect();
        assert_eq!(
            own, expected,
            "events of one writer, each committed before the next"
        );
    }
}

fn write(world: &World, writer: usize, units: usize) {
    for unit in 0..units {
        let name = |place: usize| format!("{writer}.{}", unit * 2 + place);
        let events = vec![
            event("user.updated", &name(0)),
            event("user.updated", &name(1)),
        ];
        world.shared(move |tx| Ok(tx.append(events.clone())?));
    }
}

/// Reads on from the last number seen until this many came.
fn follow(world: &World, wanted: usize) -> Vec<FeedEvent> {
    let mut seen: Vec<FeedEvent> = Vec::new();
    while seen.len() < wanted {
        world.store.number_events().unwrap();
        let after = seen.last().map_or(0, |event| event.seq);
        for event in world.read(move |tx| Ok(tx.feed(after, 7)?)).events {
            let before = seen.last().map_or(0, |event| event.seq);
            assert_eq!(event.seq, before + 1, "a gap in the feed");
            seen.push(event);
        }
    }
    seen
}

/// The oldest first, in slices; numbers go on as if nothing had been forgotten.
pub(super) fn are_forgotten_from_the_oldest_on(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let at = |at: i64| OutboxEvent {
        at,
        ..event("user.updated", "a")
    };
    for world in [&world, &other] {
        // The third is older than the one before it, and stays with it.
        let events = vec![at(AT), at(AT + 5), at(AT + 9), at(AT), at(AT + 9)];
        world.shared(move |tx| Ok(tx.append(events.clone())?));
        assert_eq!(world.feed().len(), 5);
    }
    let forget =
        |before: i64, limit: u64| world.shared(move |tx| Ok(tx.forget_events(before, limit)?));
    let numbers = |world: &World| -> Vec<i64> {
        let feed = world.feed();
        feed.iter().map(|event| event.seq).collect()
    };
    assert_eq!(forget(AT, 10), 0);
    assert_eq!(forget(AT + 9, 1), 1);
    assert_eq!(numbers(&world), [2, 3, 4, 5]);
    assert_eq!(forget(AT + 9, 10), 1);
    assert_eq!(forget(AT + 9, 10), 0);
    assert_eq!(numbers(&world), [3, 4, 5]);
    assert_eq!(forget(AT + 10, 10), 3);
    assert!(world.feed().is_empty());
    assert_eq!(world.read(|tx| Ok(tx.feed_head()?)), 5);
    world.shared(move |tx| Ok(tx.append(vec![event("user.updated", "z")])?));
    assert_eq!(numbers(&world), [6]);
    assert_eq!(numbers(&other), [1, 2, 3, 4, 5]);
}
