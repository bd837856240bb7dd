#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
};

use super::Flights;

const NOT_YET: &dyn Fn() -> bool = &|| false;

/// Starts a thread for each id at once and returns the most that were inside together.
fn crowd(permits: usize, ids: &[&str]) -> usize {
    let flights = Flights::new(permits);
    let start = Barrier::new(ids.len());
    let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for id in ids {
            scope.spawn(|| {
                start.wait();
                let flight = flights.enter(id, NOT_YET).unwrap();
                most.fetch_max(inside.fetch_add(1, SeqCst) + 1, SeqCst);
                thread::yield_now();
                inside.fetch_sub(1, SeqCst);
                drop(flight);
            });
        }
    });
    assert_eq!(inside.load(SeqCst), 0);
    assert!(flights.lock().is_empty());
    most.load(SeqCst)
}

#[test]
fn no_more_run_at_once_than_permits_and_one_per_id() {
    let ids: Vec<String> = (0..24).map(|number| number.to_string()).collect();
    let many: Vec<&str> = ids.iter().map(String::as_str).collect();
    for (permits, ids, limit) in [(2, &many[..], 2), (1, &many, 1), (0, &many, 1)] {
        assert!(crowd(permits, ids) <= limit, "{permits} permits");
    }
    assert_eq!(crowd(24, &["same"; 24]), 1, "one id, whatever the permits");
}

#[test]
fn different_ids_do_run_at_once() {
    let flights = Flights::new(2);
    let first = flights.enter("one", NOT_YET);
    let second = flights.enter("two", NOT_YET);
    assert!(first.is_some() && second.is_some());
}

#[test]
fn who_waits_leaves_when_the_answer_is_there() {
    let flights = Flights::new(2);
    let answered = &AtomicBool::new(false);
    let (waits, waiting) = mpsc::channel();
    thread::scope(|scope| {
        let first = flights.enter("one", NOT_YET).unwrap();
        let waiter = scope.spawn(|| {
            let settled = move || {
                // The receiver is gone once the test has seen the first look.
                let _ = waits.send(());
                answered.load(SeqCst)
            };
            flights.enter("one", &settled).is_none()
        });
        waiting.recv().unwrap();
        answered.store(true, SeqCst);
        drop(first);
        assert!(waiter.join().unwrap());
    });
}

#[test]
fn a_panic_gives_the_permit_back() {
    let flights = Flights::new(1);
    let outcome = thread::scope(|scope| {
        scope
            .spawn(|| {
                let _flight = flights.enter("one", NOT_YET);
                std::panic::resume_unwind(Box::new("on its way"));
            })
            .join()
    });
    assert!(outcome.is_err());
    assert!(flights.enter("one", NOT_YET).is_some());
}
