//! Databases to test on, and closures as units of work.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use app::port::audit::AuditDraft;
use app::port::org::OrgSettings;
use app::port::users::{Search, UserWrite};
use app::port::{Abort, Job, Lock, Outcome, Store, StoreError, Tx, Unit};
use domain::{Connection, OrgFacts, OrgId, Preset, Slug, UserId};
use rolecall_storage::{Config, Database};
use tempfile::TempDir;
use uuid::Uuid;

/// Directories of databases that stores of this process may still use; removed at its end.
static KEPT: Mutex<Vec<TempDir>> = Mutex::new(Vec::new());

/// The URL of a new SQLite file.
pub(crate) fn sqlite_url() -> String {
    let dir = TempDir::new().unwrap();
    let url = url_of(&dir.path().join("test.db"));
    KEPT.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(dir);
    url
}

/// SQLite files whose commits cost no disk, where the system has a file system in memory. What
/// SQLite does is the same; for tests of many small commits. The files go with this.
#[derive(Default)]
pub(crate) struct QuickFiles(Mutex<Vec<TempDir>>);

impl QuickFiles {
    /// A new file, opened.
    pub(crate) fn open(&self) -> Arc<Database> {
        let dir = TempDir::new_in("/dev/shm")
            .or_else(|_| TempDir::new())
            .unwrap();
        let database = open(&url_of(&dir.path().join("test.db")));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(dir);
        database
    }
}

pub(crate) fn url_of(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// The URLs to test on: PostgreSQL is missing where it is not installed, which testkit says loudly.
pub(crate) fn urls() -> Vec<String> {
    let mut urls = vec![sqlite_url()];
    urls.extend(testkit::postgres::fresh_database());
    urls
}

/// Opens a database with few connections, because many tests run at once.
pub(crate) fn open(url: &str) -> Arc<Database> {
    let config = Config {
        connections: 8,
        ..Config::new(url)
    };
    Arc::new(Database::open(&config).unwrap())
}

/// An organization.
pub(crate) fn org(store: &Database, slug: &str) -> OrgId {
    let preset = Preset::Plain;
    let settings = OrgSettings {
        id: OrgId(0),
        slug: Slug::new(slug).unwrap(),
        name: slug.to_owned(),
        preset,
        facts: OrgFacts {
            catalog: preset.catalog(),
            policies: preset.policies(),
        },
        connection: Connection::of_preset(preset),
        seat_limit: None,
        version: 1,
        mapping_version: 1,
        schemas_version: 0,
    };
    let draft = AuditDraft {
        at: 0,
        key: None,
        request: None,
        action: "org.created",
        subject: slug.to_owned(),
        before: None,
        after: None,
    };
    store
        .instance()
        .create_org(&settings, &draft, None)
        .unwrap()
        .unwrap()
}

/// A user of this name.
pub(crate) fn user(name: &str) -> UserWrite {
    let id = UserId(Uuid::now_v7());
    let body = format!(r#"{{"userName":"{name}"}}"#);
    let body = scim::json::parse(body.as_bytes()).unwrap();
    let incoming = scim::resource::read(
        &scim::Registry::core(),
        scim::Kind::User,
        scim::Mode::Lenient,
        body,
    );
    app::representation::user_write(id, 1, 0, 0, &incoming.unwrap().for_create().0)
}

/// How a unit ended, in one word.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Committed,
    Refused,
    Conflict,
    Unavailable,
    Broken,
}

/// A closure as a job.
pub(crate) struct Closure<F> {
    unit: Unit,
    run: F,
    reply: Sender<End>,
}

impl<F: FnMut(&mut dyn Tx) -> Result<(), Abort> + Send> Job for Closure<F> {
    fn unit(&self) -> Unit {
        self.unit
    }

    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Abort> {
        (self.run)(tx)
    }

    fn done(self: Box<Self>, outcome: Outcome) {
        let end = match outcome {
            Outcome::Committed => End::Committed,
            Outcome::Refused => End::Refused,
            Outcome::Failed(StoreError::Conflict(_)) => End::Conflict,
            Outcome::Failed(StoreError::Unavailable(_)) => End::Unavailable,
            Outcome::Failed(_) => End::Broken,
        };
        self.reply.send(end).unwrap();
    }
}

/// Hands a writing unit over; its end comes out of the receiver.
pub(crate) fn submit<F>(store: &Database, org: OrgId, run: F) -> Receiver<End>
where
    F: FnMut(&mut dyn Tx) -> Result<(), Abort> + Send + 'static,
{
    submit_under(Lock::Exclusive, store, org, run)
}

/// The same under another lock.
pub(crate) fn submit_under<F>(lock: Lock, store: &Database, org: OrgId, run: F) -> Receiver<End>
where
    F: FnMut(&mut dyn Tx) -> Result<(), Abort> + Send + 'static,
{
    let (reply, end) = channel();
    let unit = Unit { org, lock };
    store.write(Box::new(Closure { unit, run, reply }));
    end
}

/// Runs a writing unit to its end.
pub(crate) fn write<F>(store: &Database, org: OrgId, run: F) -> End
where
    F: FnMut(&mut dyn Tx) -> Result<(), Abort> + Send + 'static,
{
    submit(store, org, run).recv().unwrap()
}

/// Runs a reading unit that must succeed, and gives what it found.
pub(crate) fn read<T, F>(store: &Database, org: OrgId, mut look: F) -> T
where
    T: Send + 'static,
    F: FnMut(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
{
    let (found, value) = channel();
    let (reply, end) = channel();
    let run = move |tx: &mut dyn Tx| {
        found.send(look(tx).map_err(Abort::Store)?).unwrap();
        Ok(())
    };
    let unit = Unit {
        org,
        lock: Lock::Read,
    };
    store.read(Box::new(Closure { unit, run, reply }));
    assert_eq!(end.recv().unwrap(), End::Committed);
    value.recv().unwrap()
}

/// Stores a user of this name.
pub(crate) fn insert(name: &str) -> impl FnMut(&mut dyn Tx) -> Result<(), Abort> + Send + use<> {
    let user = user(name);
    move |tx| {
        tx.insert_user(&user, domain::Standing::default())
            .map_err(Abort::Store)
    }
}

/// The search that finds all users.
pub(crate) fn all() -> Search {
    Search {
        filter: None,
        sort: None,
        after: None,
        start_index: 1,
        count: 1000,
        total: true,
    }
}

/// The names of all users, in order.
pub(crate) fn names(store: &Database, org: OrgId) -> Vec<String> {
    let rows = read(store, org, |tx| tx.search_users(&all())).items;
    let name = |document: String| {
        let document = scim::json::parse(document.as_bytes()).unwrap();
        document["userName"].as_str().unwrap().to_owned()
    };
    let mut names: Vec<_> = rows.into_iter().map(|row| name(row.document)).collect();
    names.sort();
    names
}
