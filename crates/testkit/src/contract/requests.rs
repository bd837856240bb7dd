//! The provisioning log.

use app::port::Lock;
use app::port::requests::{KeptBody, RequestNotes, RequestRow};
use app::port::store::Unique;
use uuid::Uuid;

use super::Factory;
use super::users::is_conflict;
use super::world::{AT, World};

fn plain() -> RequestRow {
    RequestRow {
        id: Uuid::now_v7(),
        at: AT,
        method: "GET".to_owned(),
        path: "/Users".to_owned(),
        ..RequestRow::default()
    }
}

fn full() -> RequestRow {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    RequestRow {
        key: Some("key".to_owned()),
        user_agent: Some("Zoë \"agent\" 李".to_owned()),
        method: "PATCH".to_owned(),
        path: "/Groups/1".to_owned(),
        status: 599,
        duration: Some(12),
        error: Some("invalidValue".to_owned()),
        detail: Some("userName: must not be empty".to_owned()),
        notes: RequestNotes {
            changed: texts(&["a", "b"]),
            attributes: texts(&["userName"]),
            dropped: texts(&["urn:x:y"]),
            unknown_members: texts(&["m"]),
            unknown_roles: texts(&["r", "s"]),
            leniencies: texts(&["op_case"]),
            replay_of: Some(Uuid::from_u128(7)),
            bulk: Some(Uuid::from_u128(9)),
        },
        ..plain()
    }
}

pub(super) fn are_kept_as_written(factory: Factory<'_>) {
    let world = World::new(factory);
    for row in [plain(), full()] {
        let (written, id) = (row.clone(), row.id);
        world.shared(move |tx| Ok(tx.log_request(&written)?));
        assert_eq!(world.read(move |tx| Ok(tx.request(id)?)), Some(row.clone()));
        let again = world.attempt(Lock::Shared, move |tx| Ok(tx.log_request(&row)?));
        assert!(is_conflict(&again, Unique::Id), "{again:?}");
        let other = world.other(&format!("other-{}", id.as_simple()));
        assert_eq!(other.read(move |tx| Ok(tx.request(id)?)), None);
        assert!(other.read(|tx| Ok(tx.requests(None, 10)?)).is_empty());
    }
    let nobody = Uuid::now_v7();
    assert_eq!(world.read(move |tx| Ok(tx.request(nobody)?)), None);
}

/// Newest first, by id.
pub(super) fn are_read_in_pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut rows: Vec<RequestRow> = (0..1_005).map(|_| plain()).collect();
    let made = rows.clone();
    world.shared(move |tx| made.iter().try_for_each(|row| Ok(tx.log_request(row)?)));
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    let check = |before: Option<usize>, limit: u64, expected: std::ops::Range<usize>| {
        let before = before.map(|place| rows[place].id);
        let read = world.read(move |tx| Ok(tx.requests(before, limit)?));
        assert_eq!(read, rows[expected]);
    };
    check(None, 10, 0..10);
    check(Some(9), 10, 10..20);
    check(Some(1_000), 10, 1_001..1_005);
    check(Some(1_004), 10, 0..0);
    check(None, 0, 0..0);
    check(None, 5_000, 0..1_000);
}

/// How long they took is filled in later, of many at once; nobody else's is touched.
pub(super) fn are_timed_later(factory: Factory<'_>) {
    let world = World::new(factory);
    let (first, second) = (plain(), full());
    let other = world.other("other");
    for world in [&world, &other] {
        let rows = [first.clone(), second.clone()];
        world.shared(move |tx| rows.iter().try_for_each(|row| Ok(tx.log_request(row)?)));
    }
    let (a, b) = (first.id, second.id);
    let took = [
        (a, 3),
        (Uuid::now_v7(), 4),
        (b, 5),
        (b, u64::from(u32::MAX)),
    ];
    world.shared(move |tx| Ok(tx.time_requests(&took)?));
    world.shared(|tx| Ok(tx.time_requests(&[])?));
    let read = |world: &World, id| world.read(move |tx| Ok(tx.request(id)?)).unwrap().duration;
    assert_eq!(read(&world, a), Some(3));
    assert_eq!(read(&world, b), Some(u64::from(u32::MAX)));
    assert_eq!(read(&other, a), None);
    assert_eq!(read(&other, b), second.duration);
}

/// The oldest first, so many at once.
pub(super) fn are_forgotten(factory: Factory<'_>) {
    let world = World::new(factory);
    let rows: Vec<RequestRow> = (0..10)
        .map(|number| RequestRow {
            at: AT + number,
            ..plain()
        })
        .collect();
    let other = world.other("other");
    for world in [&world, &other] {
        let rows = rows.clone();
        world.shared(move |tx| rows.iter().try_for_each(|row| Ok(tx.log_request(row)?)));
    }
    let forget = |before: i64, limit: u64| {
        world.shared(move |tx| Ok(tx.forget_requests(AT + before, limit)?))
    };
    let left = |world: &World| world.read(|tx| Ok(tx.requests(None, 100)?)).len();
    assert_eq!(forget(0, 10), 0);
    assert_eq!(forget(7, 4), 4);
    assert_eq!(forget(7, 4), 3);
    assert_eq!(forget(7, 4), 0);
    assert_eq!((left(&world), left(&other)), (3, 10));
    let oldest = world.read(|tx| Ok(tx.requests(None, 100)?)).pop();
    assert_eq!(oldest.map(|row| row.at), Some(AT + 7));
}

/// Of one organization's requests, and forgotten like rows.
pub(super) fn bodies_are_kept(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let body = KeptBody {
        json: r#"{"userName":"Zoë \u0000"}"#.to_owned(),
        removed: vec!["password".to_owned()],
    };
    let ids: Vec<Uuid> = (0..5).map(|_| Uuid::now_v7()).collect();
    for world in [&world, &other] {
        let (ids, body) = (ids.clone(), body.clone());
        world.shared(move |tx| {
            let mut kept = ids.iter().zip(AT..);
            kept.try_for_each(|(id, at)| Ok(tx.keep_body(*id, at, &body)?))
        });
    }
    let read = |world: &World, id: Uuid| world.read(move |tx| Ok(tx.body(id)?));
    assert_eq!(read(&world, ids[0]), Some(body.clone()));
    assert_eq!(read(&world, Uuid::now_v7()), None);
    let (id, again) = (ids[0], body.clone());
    let again = world.attempt(Lock::Shared, move |tx| Ok(tx.keep_body(id, AT, &again)?));
    assert!(is_conflict(&again, Unique::Id), "{again:?}");
    let forget =
        |before: i64, limit: u64| world.shared(move |tx| Ok(tx.forget_bodies(AT + before, limit)?));
    assert_eq!((forget(0, 9), forget(3, 2), forget(3, 9)), (0, 2, 1));
    assert_eq!(read(&world, ids[2]), None);
    assert_eq!(read(&world, ids[3]), Some(body.clone()));
    assert_eq!(read(&other, ids[0]), Some(body));
}
