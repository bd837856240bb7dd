//! The provisioning log.

use app::port::Lock;
use app::port::requests::{RequestNotes, RequestRow};
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
        error: Some("invalidValue".to_owned()),
        detail: Some("userName: must not be empty".to_owned()),
        notes: RequestNotes {
            changed: texts(&["a", "b"]),
            attributes: texts(&["userName"]),
            dropped: texts(&["urn:x:y"]),
            unknown_members: texts(&["m"]),
            unknown_roles: texts(&["r", "s"]),
            leniencies: texts(&["op_case"]),
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
