//! Units that share a commit, and units that want the same.

use std::sync::Arc;
use std::sync::mpsc::channel;

use app::port::places::WorkspaceRow;
use app::port::{Abort, Store, StoreError, Stored, Tx};
use domain::{Slug, Standing, WorkspaceId};
use rolecall_storage::{Config, Database};
use uuid::Uuid;

use crate::processes::count;
use crate::support::{End, insert, names, open, org, read, sqlite_url, submit, urls, user, write};

/// Holds SQLite's writer inside a unit while `queue` hands others over, so that they share a batch.
fn while_the_writer_is_held(store: &Database, org: domain::OrgId, queue: impl FnOnce()) -> End {
    let (held, holding) = channel();
    let (release, released) = channel::<()>();
    let mut first = insert("first");
    let held = submit(store, org, move |tx| {
        // Told once: this unit may run again.
        held.send(()).ok();
        released.recv().ok();
        first(tx)
    });
    holding.recv().unwrap();
    queue();
    drop(release);
    held.recv().unwrap()
}

#[test]
fn a_failing_unit_leaves_its_neighbors_whole() {
    let store = open(&sqlite_url());
    let org = org(&store, "acme");
    let before = store.statements();
    let mut ends = Vec::new();
    let first = while_the_writer_is_held(&store, org, || {
        ends.push((submit(&store, org, insert("ann")), End::Committed));
        let mut refused = insert("refused");
        let refused = submit(&store, org, move |tx| {
            refused(tx)?;
            Err(Abort::Refused)
        });
        ends.push((refused, End::Refused));
        ends.push((submit(&store, org, insert("ANN")), End::Conflict));
        let mut panics = insert("panics");
        let panics = submit(&store, org, move |tx| {
            panics(tx)?;
            panic!("as the test wants");
        });
        ends.push((panics, End::Broken));
        let swallowed = submit(&store, org, {
            let (mut one, mut two) = (insert("swallowed"), insert("ann"));
            move |tx| {
                one(tx)?;
                // A use case that goes on after a failure commits nothing.
                two(tx).ok();
                Ok(())
            }
        });
        ends.push((swallowed, End::Conflict));
        ends.push((submit(&store, org, insert("bob")), End::Committed));
    });
    assert_eq!(first, End::Committed);
    for (end, expected) in ends {
        assert_eq!(end.recv().unwrap(), expected);
    }
    assert_eq!(names(&store, org), ["ann", "bob", "first"]);
    assert!(store.statements() > before);
}

#[test]
fn what_a_neighbor_wrote_and_was_rolled_back_is_not_remembered() {
    let store = open(&sqlite_url());
    let org = org(&store, "acme");
    let mut ends = Vec::new();
    while_the_writer_is_held(&store, org, || {
        ends.push(submit(&store, org, once(make_workspace("ghost"))));
        ends.push(submit(&store, org, once(|tx| tx.places().map(|_| ()))));
        let mut fails = insert("fails");
        ends.push(submit(&store, org, move |tx| {
            fails(tx)?;
            Err(Abort::Refused)
        }));
    });
    assert!(ends.iter().all(|end| end.recv() == Ok(End::Refused)));
    // It moves the organization to the revision that the ghost had moved it to.
    let mut made = make_workspace("real");
    let made = write(&store, org, move |tx| made(tx).map_err(Abort::Store));
    assert_eq!(made, End::Committed);
    let places = read(&store, org, |tx| tx.places());
    let names: Vec<_> = places.workspaces.iter().map(|one| &one.name).collect();
    assert_eq!(names, ["real"]);
}

fn make_workspace(name: &'static str) -> impl FnMut(&mut dyn Tx) -> Stored<()> + Send {
    move |tx| {
        tx.save_workspace(&WorkspaceRow {
            id: WorkspaceId(Uuid::now_v7()),
            slug: Slug::new(name).unwrap(),
            name: name.to_owned(),
            created: 0,
        })
    }
}

/// Does something when it first runs, and is refused when it has to run again.
fn once(
    mut work: impl FnMut(&mut dyn Tx) -> Stored<()> + Send,
) -> impl FnMut(&mut dyn Tx) -> Result<(), Abort> + Send {
    let mut ran = false;
    move |tx| {
        if std::mem::replace(&mut ran, true) {
            return Err(Abort::Refused);
        }
        work(tx).map_err(Abort::Store)
    }
}

/// PostgreSQL: writes that wait to be sent together wait on the connection, which others use next.
#[test]
fn what_a_refused_unit_has_not_sent_is_never_sent() {
    for url in urls() {
        let config = Config {
            connections: 1,
            ..Config::new(&url)
        };
        let store = Database::open(&config).unwrap();
        let org = org(&store, "acme");
        let mut refused = insert("refused");
        let end = write(&store, org, move |tx| {
            refused(tx)?;
            Err(Abort::Refused)
        });
        assert_eq!(end, End::Refused);
        store.ready().unwrap();
        assert_eq!(write(&store, org, insert("ann")), End::Committed);
        drop(store);
        let documents = count(&url, "SELECT count(*) AS count FROM user_documents");
        assert_eq!(documents, 1, "{url}");
    }
}

/// Of two parts of one statement that change the same row PostgreSQL keeps one.
#[test]
fn a_row_that_a_unit_changes_twice_keeps_both_changes() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let ann = user("ann");
        let id = ann.row.id;
        let first = ann.clone();
        let made = write(&store, org, move |tx| {
            tx.insert_user(&first, Standing::default())
                .map_err(Abort::Store)
        });
        assert_eq!(made, End::Committed);
        let end = write(&store, org, move |tx| {
            let mut again = ann.clone();
            again.row.version = 2;
            let left = Standing {
                left_mapped: true,
                ..Standing::default()
            };
            tx.update_user(&again, &ann.keys)
                .and_then(|()| tx.save_standing(&[(id, left)]))
                .map_err(Abort::Store)
        });
        assert_eq!(end, End::Committed);
        let version = read(&store, org, move |tx| tx.user(id)).map(|row| row.version);
        let facts = read(&store, org, move |tx| tx.user_facts(&[id]));
        let left = facts.first().map(|(_, facts)| facts.left_mapped);
        assert_eq!((version, left), (Some(2), Some(true)), "{url}");
    }
}

#[test]
fn what_has_queued_shares_one_commit() {
    let store = open(&sqlite_url());
    let org = org(&store, "acme");
    // One unit alone: BEGIN and COMMIT around it.
    let before = store.statements();
    assert_eq!(write(&store, org, insert("alone")), End::Committed);
    let alone = store.statements() - before;
    let count = 20;
    let mut ends = Vec::new();
    let before = store.statements();
    while_the_writer_is_held(&store, org, || {
        for number in 0..count {
            ends.push(submit(&store, org, insert(&format!("user{number}"))));
        }
    });
    for end in ends {
        assert_eq!(end.recv().unwrap(), End::Committed);
    }
    // The held one and one batch, which has one BEGIN and one COMMIT for all its units.
    assert_eq!(store.statements() - before, alone + count * (alone - 2) + 2);
}

#[test]
fn a_dropped_database_writes_what_has_queued() {
    let url = sqlite_url();
    let store = open(&url);
    let org = org(&store, "acme");
    let mut ends = Vec::new();
    while_the_writer_is_held(&store, org, || {
        for number in 0..5 {
            ends.push(submit(&store, org, insert(&format!("user{number}"))));
        }
    });
    drop(store);
    for end in ends {
        assert_eq!(end.recv().unwrap(), End::Committed);
    }
    assert_eq!(names(&open(&url), org).len(), 6);
}

#[test]
fn the_database_may_be_dropped_by_a_units_end() {
    struct Last(
        Option<Arc<Database>>,
        domain::OrgId,
        std::sync::mpsc::Sender<()>,
    );
    impl app::port::Job for Last {
        fn unit(&self) -> app::port::Unit {
            app::port::Unit {
                org: self.1,
                lock: app::port::Lock::Shared,
            }
        }
        fn run(&mut self, _: &mut dyn Tx) -> Result<(), Abort> {
            Ok(())
        }
        fn done(mut self: Box<Self>, _: app::port::Outcome) {
            drop(self.0.take());
            self.2.send(()).unwrap();
        }
    }
    let store = open(&sqlite_url());
    let org = org(&store, "acme");
    let (told, end) = channel();
    let (ready, start) = channel();
    let (hold, holding) = channel();
    let waiting = submit(&store, org, move |_| {
        ready.send(()).ok();
        holding.recv().unwrap_or(());
        Ok(())
    });
    start.recv().unwrap();
    store.write(Box::new(Last(Some(Arc::clone(&store)), org, told)));
    drop(store);
    drop::<std::sync::mpsc::Sender<()>>(hold);
    assert_eq!(waiting.recv().unwrap(), End::Committed);
    end.recv().unwrap();
}

#[test]
fn a_full_queue_refuses() {
    let config = Config {
        queue: 2,
        ..Config::new(sqlite_url())
    };
    let store = Database::open(&config).unwrap();
    let org = org(&store, "acme");
    let mut ends = Vec::new();
    while_the_writer_is_held(&store, org, || {
        for number in 0..4 {
            ends.push(submit(&store, org, insert(&format!("user{number}"))));
        }
    });
    let ends: Vec<_> = ends.into_iter().map(|end| end.recv().unwrap()).collect();
    assert_eq!(
        ends,
        [
            End::Committed,
            End::Committed,
            End::Unavailable,
            End::Unavailable
        ]
    );
}

#[test]
fn of_fifty_equal_users_one_is_made() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let ends: Vec<End> = std::thread::scope(|scope| {
            let thread = |from: usize| {
                let store = &store;
                scope.spawn(move || {
                    (from..50)
                        .step_by(8)
                        .map(|_| write(store, org, insert("ann")))
                        .collect()
                })
            };
            let threads: Vec<_> = (0..8).map(thread).collect();
            threads
                .into_iter()
                .flat_map(|thread| -> Vec<End> { thread.join().unwrap() })
                .collect()
        });
        let count = |end: &End| ends.iter().filter(|other| *other == end).count();
        assert_eq!((count(&End::Committed), count(&End::Conflict)), (1, 49));
        assert_eq!(names(&store, org), ["ann"]);
    }
}

/// A reading unit that must not commit.
struct Reading<F>(domain::OrgId, F, std::sync::mpsc::Sender<()>);
impl<F: FnMut(&mut dyn Tx) -> Result<(), Abort> + Send> app::port::Job for Reading<F> {
    fn unit(&self) -> app::port::Unit {
        app::port::Unit {
            org: self.0,
            lock: app::port::Lock::Read,
        }
    }
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Abort> {
        (self.1)(tx)
    }
    fn done(self: Box<Self>, outcome: app::port::Outcome) {
        assert!(!matches!(outcome, app::port::Outcome::Committed));
        self.2.send(()).unwrap();
    }
}

#[test]
fn a_reading_unit_cannot_write() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let (reply, end) = channel();
        let ann = user("ann");
        let run = move |tx: &mut dyn Tx| -> Result<(), Abort> {
            let failed = tx.insert_user(&ann, Standing::default());
            reply
                .send(matches!(
                    failed,
                    Err(StoreError::Broken(_) | StoreError::Unavailable(_))
                ))
                .unwrap();
            failed.map_err(Abort::Store)
        };
        let (done, ended) = channel();
        store.read(Box::new(Reading(org, run, done)));
        assert!(end.recv().unwrap());
        ended.recv().unwrap();
        assert!(names(&store, org).is_empty());
    }
}
