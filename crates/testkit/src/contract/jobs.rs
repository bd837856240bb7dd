//! Long work.

use app::port::jobs::JobRow;
use uuid::Uuid;

use super::Factory;
use super::world::{AT, World};

fn job(kind: &str, started: i64) -> JobRow {
    JobRow {
        id: Uuid::now_v7(),
        kind: kind.to_owned(),
        started,
        total: 1_000_000,
        finished: None,
    }
}

fn start(world: &World, job: &JobRow) {
    let job = job.clone();
    world.shared(move |tx| Ok(tx.start_job(&job)?));
}

/// Newest first; those that go on are finished together.
pub(super) fn are_started_and_finished(factory: Factory<'_>) {
    let world = World::new(factory);
    let check = |expected: &[JobRow]| assert_eq!(world.read(|tx| Ok(tx.jobs()?)), expected);
    check(&[]);
    let (first, second) = (job("mapping", AT), job("place", AT + 1));
    start(&world, &second);
    start(&world, &first);
    check(&[second.clone(), first.clone()]);
    world.shared(|tx| Ok(tx.finish_jobs(AT + 5)?));
    let third = job("group", AT + 6);
    start(&world, &third);
    let done = |row: &JobRow, at: i64| JobRow {
        finished: Some(at),
        ..row.clone()
    };
    let (first, second) = (done(&first, AT + 5), done(&second, AT + 5));
    check(&[third.clone(), second.clone(), first.clone()]);
    let other = world.other("other");
    start(&other, &job("mapping", AT));
    world.shared(|tx| Ok(tx.finish_jobs(AT + 9)?));
    check(&[done(&third, AT + 9), second, first]);
    assert_eq!(other.read(|tx| Ok(tx.jobs()?))[0].finished, None);
}

pub(super) fn are_at_most_a_hundred(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut rows: Vec<JobRow> = (0..120)
        .map(|place| job("settings", AT + place / 2))
        .collect();
    let made = rows.clone();
    world.shared(move |tx| made.iter().try_for_each(|job| Ok(tx.start_job(job)?)));
    rows.sort_by_key(|row| std::cmp::Reverse((row.started, row.id)));
    rows.truncate(100);
    assert_eq!(world.read(|tx| Ok(tx.jobs()?)), rows);
}

/// The oldest first, so many at once; what goes on stays.
pub(super) fn are_forgotten(factory: Factory<'_>) {
    let world = World::new(factory);
    for number in 0..6 {
        start(&world, &job("mapping", AT + number));
        if number == 4 {
            world.shared(|tx| Ok(tx.finish_jobs(AT + 9)?));
        }
    }
    let other = world.other("other");
    start(&other, &job("mapping", AT));
    let forget =
        |before: i64, limit: u64| world.shared(move |tx| Ok(tx.forget_jobs(AT + before, limit)?));
    assert_eq!(forget(0, 10), 0);
    assert_eq!(forget(4, 3), 3);
    assert_eq!(forget(4, 3), 1);
    assert_eq!(forget(10, 3), 1, "the last one goes on");
    let left = world.read(|tx| Ok(tx.jobs()?));
    assert_eq!(
        left.iter().map(|job| job.started).collect::<Vec<_>>(),
        [AT + 5]
    );
    assert_eq!(other.read(|tx| Ok(tx.jobs()?)).len(), 1);
}
