//! What the writer does when the database fails under it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::port::store::Unique;
use app::port::{Abort, Lock, Outcome, StoreError, Stored};

use super::{Hands, batch};
use crate::atlas::Atlases;
use crate::config::{Address, Config};
use crate::connection::Purpose;
use crate::pool::Maker;
use crate::session::Session;
use crate::settings::Cache;
use crate::sql::Bind;
use crate::tx::Shared;
use crate::unit::Work;

/// What was told, in order.
type Told = Arc<Mutex<Vec<String>>>;

/// A unit that runs a closure.
struct Step<F> {
    name: &'static str,
    act: F,
    told: Told,
}

impl<F: FnMut(&mut Session) -> Stored<()> + Send> Work for Step<F> {
    fn lock(&self) -> Lock {
        Lock::Shared
    }

    fn run(&mut self, session: &mut Session, _: &Shared, _: Lock) -> Result<(), Abort> {
        self.told.lock().unwrap().push(format!("{} ran", self.name));
        (self.act)(session).map_err(Abort::Store)
    }

    fn done(self: Box<Self>, outcome: Outcome) {
        let end = match outcome {
            Outcome::Committed => "committed",
            Outcome::Failed(StoreError::Unavailable(_)) => "unavailable",
            _ => "failed",
        };
        self.told
            .lock()
            .unwrap()
            .push(format!("{} {end}", self.name));
    }
}

/// A writer's hands on a new file with a table of blobs, and a table whose rows need another row
/// at COMMIT.
struct Bench {
    hands: Hands,
    told: Told,
    _dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.db");
        let config = Config::new(format!("sqlite://{}", path.display()));
        let address = Address::Sqlite(path);
        let maker = Maker {
            config,
            address,
            statements: Arc::new(AtomicU64::new(0)),
            silences: Arc::default(),
        };
        let mut session = maker.make(Purpose::Writer).unwrap();
        for text in [
            "PRAGMA journal_mode = WAL",
            "CREATE TABLE blobs (name TEXT NOT NULL, content BLOB NOT NULL)",
            "CREATE TABLE parents (id BIGINT PRIMARY KEY)",
            "CREATE TABLE children (parent BIGINT NOT NULL \
                 REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)",
        ] {
            session.batch(text).unwrap();
        }
        let shared = Shared {
            cache: Cache::default(),
            atlases: Atlases::default(),
            filter_timeout: Duration::from_secs(2),
        };
        let hands = Hands {
            meter: Arc::default(),
            maker,
            shared: Arc::new(shared),
            session: Some(session),
            rest: super::Rest::default(),
            log: super::Log::default(),
        };
        Bench {
            hands,
            told: Told::default(),
            _dir: dir,
        }
    }

    fn control(&mut self, text: &str) {
        self.hands.session.as_mut().unwrap().batch(text).unwrap();
    }

    fn step(
        &self,
        name: &'static str,
        act: impl FnMut(&mut Session) -> Stored<()> + Send + 'static,
    ) -> Box<dyn Work> {
        Box::new(Step {
            name,
            act,
            told: Arc::clone(&self.told),
        })
    }

    /// A unit that stores a blob of this size.
    fn blob(&self, name: &'static str, size: usize) -> Box<dyn Work> {
        self.step(name, move |session| insert(session, name, size))
    }

    /// Runs a batch, and alone what has to run again.
    fn together(&mut self, works: Vec<Box<dyn Work>>) {
        let session = self.hands.session.as_mut().unwrap();
        let again = batch::together(session, &self.hands.shared, works, || None);
        self.hands.alone(again);
    }

    fn check(&mut self, told: &[&str], kept: &[&str]) {
        assert_eq!(*self.told.lock().unwrap(), told);
        assert!(self.hands.connected());
        let text = "SELECT name FROM blobs ORDER BY name";
        let query = crate::sql::Made::<(diesel::sql_types::Text,)>::new(text, &[]);
        let session = self.hands.session.as_mut().unwrap();
        let rows: Vec<(String,)> = session
            .ask(|conn| diesel::RunQueryDsl::load(query, conn))
            .unwrap();
        let rows: Vec<_> = rows.into_iter().map(|(name,)| name).collect();
        assert_eq!(rows, kept);
    }
}

fn insert(session: &mut Session, name: &str, size: usize) -> Stored<()> {
    let content = vec![7; size];
    let binds = [Bind::Text(name), Bind::Bytes(&content)];
    session.execute("INSERT INTO blobs (name, content) VALUES (?, ?)", &binds)?;
    Ok(())
}

/// A disk with room for about a hundred pages.
const FULL: &str = "PRAGMA max_page_count = 100";

const TOO_LARGE: usize = 10_000_000;

#[test]
fn a_full_disk_ends_the_batch_and_nothing_stays() {
    let mut bench = Bench::new();
    bench.control(FULL);
    let works = vec![
        bench.blob("a", 10),
        bench.blob("b", TOO_LARGE),
        bench.blob("c", 10),
    ];
    bench.together(works);
    // `c` must not run: its statements would be on their own, and stay.
    bench.check(
        &[
            "a ran",
            "b ran",
            "a unavailable",
            "b unavailable",
            "c unavailable",
        ],
        &[],
    );
    // The new connection works.
    let work = bench.blob("d", 10);
    bench.hands.alone(vec![work]);
    bench.told.lock().unwrap().drain(..5);
    bench.check(&["d ran", "d committed"], &["d"]);
}

#[test]
fn a_unit_that_goes_on_after_a_full_disk_changes_nothing() {
    let mut bench = Bench::new();
    bench.control(FULL);
    let goes_on = bench.step("b", |session| {
        insert(session, "large", TOO_LARGE).ok();
        insert(session, "after", 10).ok();
        Ok(())
    });
    let works = vec![bench.blob("a", 10), goes_on];
    bench.together(works);
    bench.check(&["a ran", "b ran", "a unavailable", "b unavailable"], &[]);
}

#[test]
fn a_full_disk_fails_a_lone_unit_only() {
    let mut bench = Bench::new();
    bench.control(FULL);
    let works = vec![bench.blob("a", TOO_LARGE), bench.blob("b", 10)];
    bench.hands.alone(works);
    bench.check(&["a ran", "a unavailable", "b ran", "b committed"], &["b"]);
}

#[test]
fn a_unit_that_fails_after_a_change_takes_nobody_with_it() {
    let mut bench = Bench::new();
    let fails = bench.step("b", |session| {
        insert(session, "b", 10)?;
        session.execute("INSERT INTO nowhere (a) VALUES (1)", &[])?;
        Ok(())
    });
    let works = vec![bench.blob("a", 10), fails, bench.blob("c", 10)];
    bench.together(works);
    bench.check(
        &[
            "a ran",
            "b ran",
            "a ran",
            "b ran",
            "c ran",
            "a committed",
            "b failed",
            "c committed",
        ],
        &["a", "c"],
    );
}

#[test]
fn who_is_refused_before_a_change_keeps_nobody_from_going_on() {
    let mut bench = Bench::new();
    let taken = || Err(StoreError::Conflict(Unique::UserName));
    let refused = bench.step("b", move |_| taken());
    let works = vec![bench.blob("a", 10), refused, bench.blob("c", 10)];
    bench.together(works);
    bench.check(
        &[
            "a ran",
            "b ran",
            "c ran",
            "a committed",
            "b failed",
            "c committed",
        ],
        &["a", "c"],
    );
    let late = bench.step("e", move |session| {
        insert(session, "e", 10)?;
        taken()
    });
    bench.told.lock().unwrap().clear();
    let works = vec![bench.blob("d", 10), late];
    bench.together(works);
    bench.check(
        &[
            "d ran",
            "e ran",
            "d ran",
            "e ran",
            "d committed",
            "e failed",
        ],
        &["a", "c", "d"],
    );
}

#[test]
fn after_a_failed_commit_every_unit_runs_again_alone() {
    let mut bench = Bench::new();
    bench.control("PRAGMA foreign_keys = ON");
    let orphan = bench.step("orphan", |session| {
        session.execute("INSERT INTO children (parent) VALUES (?)", &[Bind::Int(1)])?;
        insert(session, "orphan", 10)
    });
    let works = vec![bench.blob("a", 10), orphan, bench.blob("c", 10)];
    bench.together(works);
    // Alone, on a new connection that checks no keys, all three are fine.
    bench.check(
        &[
            "a ran",
            "orphan ran",
            "c ran",
            "a ran",
            "a committed",
            "orphan ran",
            "orphan committed",
            "c ran",
            "c committed",
        ],
        &["a", "c", "orphan"],
    );
}

#[test]
fn a_lone_unit_whose_commit_fails_is_not_acknowledged() {
    let mut bench = Bench::new();
    bench.control("PRAGMA foreign_keys = ON");
    let orphan = bench.step("orphan", |session| {
        session.execute("INSERT INTO children (parent) VALUES (?)", &[Bind::Int(1)])?;
        insert(session, "orphan", 10)
    });
    bench.hands.alone(vec![orphan]);
    bench.check(&["orphan ran", "orphan unavailable"], &[]);
}

#[test]
fn another_process_that_writes_is_waited_for() {
    let mut bench = Bench::new();
    bench.control("PRAGMA busy_timeout = 1");
    let mut other = bench.hands.maker.make(Purpose::Writer).unwrap();
    other.batch("BEGIN IMMEDIATE").unwrap();
    let works = vec![bench.blob("a", 10), bench.blob("b", 10)];
    bench.together(works);
    other.batch("ROLLBACK").unwrap();
    let work = bench.blob("c", 10);
    bench.hands.alone(vec![work]);
    bench.check(
        &["a unavailable", "b unavailable", "c ran", "c committed"],
        &["c"],
    );
}
