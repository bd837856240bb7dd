//! Whoever has to be alone in an organization comes through, however many share it meanwhile.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use app::port::{Abort, Lock, Tx};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use domain::OrgId;
use rolecall_storage::Database;

use crate::processes::execute;
use crate::support::{End, insert, names, open, org, read, submit_under, urls, write};

const SHARING: usize = 7;
const ALONE: usize = 5;

/// Runs a unit under this lock to its end.
fn run<F>(store: &Database, org: OrgId, lock: Lock, run: F) -> End
where
    F: FnMut(&mut dyn Tx) -> Result<(), Abort> + Send + 'static,
{
    submit_under(lock, store, org, run).recv().unwrap()
}

/// The connection that looks at the others.
struct Observer(PgConnection);

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Observer {
    fn of(url: &str) -> Observer {
        Observer(PgConnection::establish(url).unwrap())
    }

    /// How many wait for a lock in this database.
    fn waiting(&mut self) -> i64 {
        let text = "SELECT count(*) AS count FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let found: Count = diesel::sql_query(text).get_result(&mut self.0).unwrap();
        found.count
    }

    /// Looks until so many wait, or something else is the case.
    fn wait_for(&mut self, waiting: i64, or: impl Fn() -> bool) {
        for _ in 0..100_000 {
            if self.waiting() >= waiting || or() {
                return;
            }
        }
        panic!("there were never {waiting} that waited");
    }
}

/// Somebody else's transaction that is not over.
struct Outsider(PgConnection);

impl Outsider {
    fn does(url: &str, text: &str) -> Outsider {
        let mut conn = PgConnection::establish(url).unwrap();
        conn.batch_execute(&format!("BEGIN; {text}")).unwrap();
        Outsider(conn)
    }

    fn commits(mut self) {
        self.0.batch_execute("COMMIT").unwrap();
    }
}

/// What goes on in the organization.
#[derive(Default)]
struct Traffic {
    entered: AtomicUsize,
    over: AtomicBool,
}

impl Traffic {
    /// A unit that shares the organization and hands over to the next: it ends when another one has
    /// entered after it, or nobody could.
    fn share(&'static self, store: &Database, org: OrgId) {
        let end = run(store, org, Lock::Shared, |tx| {
            tx.settings().map_err(Abort::Store)?;
            let place = self.entered.fetch_add(1, Ordering::SeqCst) + 1;
            for _ in 0..20_000 {
                if self.entered.load(Ordering::SeqCst) > place || self.over.load(Ordering::SeqCst) {
                    break;
                }
                thread::yield_now();
            }
            Ok(())
        });
        assert_eq!(end, End::Committed);
    }

    fn wait_for(&self, more: usize) {
        let until = self.entered.load(Ordering::SeqCst) + more;
        while self.entered.load(Ordering::SeqCst) < until {
            thread::yield_now();
        }
    }

    /// How a unit that has to be alone ended, and how many others entered from when somebody was
    /// seen to wait until it was alone.
    fn alone(&'static self, store: &Database, org: OrgId, url: &str) -> (End, usize) {
        let (inside, entered) = channel();
        let alone = move |_: &mut dyn Tx| {
            let entered = self.entered.load(Ordering::SeqCst);
            inside.send(entered).unwrap();
            for _ in 0..100 {
                thread::yield_now();
            }
            // Alone is alone.
            assert_eq!(self.entered.load(Ordering::SeqCst), entered);
            Ok(())
        };
        let mut observer = Observer::of(url);
        thread::scope(|scope| {
            let ended = scope.spawn(|| run(store, org, Lock::Exclusive, alone));
            observer.wait_for(1, || ended.is_finished());
            let before = self.entered.load(Ordering::SeqCst);
            let end = ended.join().unwrap();
            let entered = entered.try_recv().unwrap_or(before);
            (end, entered.saturating_sub(before))
        })
    }
}

/// Units that share the organization come without end, to each of so many processes in turn.
#[track_caller]
fn check(processes: usize) {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let stores: Vec<_> = (0..processes).map(|_| open(&url)).collect();
    let org = org(&stores[0], "acme");
    let traffic: &'static Traffic = Box::leak(Box::default());
    let ends: Vec<_> = thread::scope(|scope| {
        for number in 0..SHARING {
            let store = &stores[number % stores.len()];
            scope.spawn(move || {
                while !traffic.over.load(Ordering::SeqCst) {
                    traffic.share(store, org);
                }
            });
        }
        let ends = (0..ALONE).map(|round| {
            traffic.wait_for(2 * SHARING);
            traffic.alone(&stores[round % stores.len()], org, &url)
        });
        let ends = ends.collect();
        traffic.over.store(true, Ordering::SeqCst);
        ends
    });
    for (end, entered) in ends {
        assert_eq!(end, End::Committed);
        // No more often for each of them than there are gates.
        assert!(entered <= 31 * SHARING, "{entered} went first");
    }
}

#[test]
fn who_is_alone_comes_through() {
    check(1);
}

#[test]
fn who_is_alone_comes_through_in_two_processes() {
    check(2);
}

/// A unit that says its name once it is inside.
fn enter(
    store: &Arc<Database>,
    (org, lock): (OrgId, Lock),
    inside: impl Fn() + Send + 'static,
) -> JoinHandle<End> {
    let store = Arc::clone(store);
    thread::spawn(move || {
        let unit = move |_: &mut dyn Tx| {
            inside();
            Ok(())
        };
        run(&store, org, lock, unit)
    })
}

/// One shares the organization; another waits to be alone there; whoever comes later goes later.
#[test]
fn nobody_overtakes_one_who_waits_to_be_alone() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = open(&url);
    let org = org(&store, "acme");
    let mut observer = Observer::of(&url);
    let (tell, order) = channel();
    let (let_go, held) = channel::<()>();
    let held = Mutex::new(held);
    let first = tell.clone();
    let first = enter(&store, (org, Lock::Shared), move || {
        first.send("first").unwrap();
        held.lock().unwrap().recv().unwrap();
    });
    assert_eq!(order.recv().unwrap(), "first");
    let say = |name: &'static str| {
        let tell = tell.clone();
        move || tell.send(name).unwrap()
    };
    let alone = enter(&store, (org, Lock::Exclusive), say("alone"));
    observer.wait_for(1, || false);
    let later = [(); 5].map(|()| enter(&store, (org, Lock::Shared), say("later")));
    let overtaken = Cell::new(None);
    observer.wait_for(6, || {
        overtaken.set(order.try_recv().ok());
        overtaken.get().is_some()
    });
    let_go.send(()).unwrap();
    for thread in later.into_iter().chain([first, alone]) {
        assert_eq!(thread.join().unwrap(), End::Committed);
    }
    let order: Vec<_> = overtaken
        .take()
        .into_iter()
        .chain(order.try_iter())
        .collect();
    assert_eq!(
        order,
        ["alone", "later", "later", "later", "later", "later"]
    );
}

/// Somebody else holds nearly all gates; whoever finds none is served when they are free.
#[test]
fn more_units_than_gates_come_through() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let stores: Vec<_> = (0..6).map(|_| open(&url)).collect();
    let org = org(&stores[0], "acme");
    let mut observer = Observer::of(&url);
    let held = "SELECT 1 FROM org_gates WHERE gate > 2 FOR UPDATE";
    let outsider = Outsider::does(&url, held);
    thread::scope(|scope| {
        for number in 0..42 {
            let store = &stores[number % stores.len()];
            scope.spawn(move || {
                for round in 0..3 {
                    let insert = insert(&format!("user{number}-{round}"));
                    assert_eq!(run(store, org, Lock::Shared, insert), End::Committed);
                }
            });
        }
        observer.wait_for(30, || false);
        outsider.commits();
    });
    assert_eq!(names(&stores[0], org).len(), 126);
}

/// What was committed before the lock was obtained is read under it, the revision among it.
#[test]
fn under_a_lock_the_newest_settings_are_seen() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let stores = [open(&url), open(&url)];
    let org = org(&stores[0], "acme");
    read(&stores[1], org, |tx| tx.settings());
    let mut observer = Observer::of(&url);
    for (version, lock) in (2..8).zip([Lock::Shared, Lock::Exclusive].into_iter().cycle()) {
        let (inside, is_inside) = channel();
        let (let_go, held) = channel::<()>();
        thread::scope(|scope| {
            let change = move |tx: &mut dyn Tx| {
                let mut settings = (*tx.settings().map_err(Abort::Store)?).clone();
                settings.version = version;
                tx.save_settings(&settings).map_err(Abort::Store)?;
                inside.send(()).unwrap();
                held.recv().unwrap();
                Ok(())
            };
            let [here, there] = &stores;
            let changed = scope.spawn(move || run(here, org, Lock::Exclusive, change));
            is_inside.recv().unwrap();
            let look = move |tx: &mut dyn Tx| {
                assert_eq!(tx.settings().map_err(Abort::Store)?.version, version);
                Ok(())
            };
            let seen = scope.spawn(move || run(there, org, lock, look));
            observer.wait_for(1, || false);
            let_go.send(()).unwrap();
            assert_eq!(changed.join().unwrap(), End::Committed);
            assert_eq!(seen.join().unwrap(), End::Committed, "older settings");
        });
    }
}

/// Where seats are limited nobody counts users: what is kept is believed, until the limit is another.
#[test]
fn seats_in_use_are_kept_and_not_counted() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let limit = |limit: Option<u32>| {
            let end = write(&store, org, move |tx| {
                let mut settings = (*tx.settings().map_err(Abort::Store)?).clone();
                settings.seat_limit = limit;
                settings.version += 1;
                tx.save_settings(&settings).map_err(Abort::Store)
            });
            assert_eq!(end, End::Committed);
        };
        let used = || read(&store, org, |tx| tx.seats_used());
        let taken = "INSERT INTO access (org, user_id, state, role, seat, sees_all, reach) \
             SELECT org, id, 'active', 'member', true, false, NULL FROM users";
        assert_eq!(write(&store, org, insert("ann")), End::Committed);
        execute(&url, taken);
        assert_eq!(used(), 1, "counted");
        limit(Some(5));
        execute(
            &url,
            "UPDATE org_gates SET seats = seats + 6 WHERE gate = 0",
        );
        assert_eq!(used(), 7, "kept");
        limit(Some(6));
        assert_eq!(used(), 1, "counted anew");
    }
}

/// Whoever waits for a gate of an organization that is removed meanwhile learns that it is gone.
#[test]
fn a_removed_organization_is_gone_for_those_who_wait() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = open(&url);
    let acme = org(&store, "acme");
    let mut observer = Observer::of(&url);
    let removed = "SELECT 1 FROM org_gates FOR UPDATE; DELETE FROM org_gates; DELETE FROM orgs";
    let outsider = Outsider::does(&url, removed);
    let waiting = [Lock::Shared, Lock::Exclusive].map(|lock| enter(&store, (acme, lock), || ()));
    observer.wait_for(2, || false);
    outsider.commits();
    for thread in waiting {
        assert_eq!(thread.join().unwrap(), End::Broken);
    }
    assert_eq!(write(&store, acme, |_| Ok(())), End::Broken);
}
