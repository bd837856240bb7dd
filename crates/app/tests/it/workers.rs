//! When a worker may say that it did its round: only where nothing of it failed.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use domain::key::Kind;
use domain::{OrgId, UserId};
use rolecall_app::port::{Clock, Instance, Job, Lock, Outcome, Placement, Store, StoreError};
use rolecall_app::{
    App, Change, Scope, Work,
    access::worker::{self as access, Slice},
    audit::worker::{self as audit, Told},
    ending::DAY,
    keys::{self, Ends, NewKey},
    orgs, requests, retention, users,
};
use testkit::{MemoryStore, QuickHasher, TestClock};

/// A store that fails whatever is asked of an organization, as told.
struct Moody {
    inner: MemoryStore,
    fails: AtomicBool,
    /// Where only one of them is to fail, which one.
    only: Mutex<Option<OrgId>>,
}

impl Moody {
    fn new(fails: bool) -> Arc<Moody> {
        Arc::new(Moody {
            inner: MemoryStore::new(),
            fails: AtomicBool::new(fails),
            only: Mutex::default(),
        })
    }

    fn outcome(&self, org: OrgId) -> Option<Outcome> {
        let cause = Arc::new(io::Error::other("told to"));
        let fails = self.fails.load(Ordering::SeqCst);
        let meant = self.only.lock().unwrap().is_none_or(|only| only == org);
        (fails && meant).then(|| Outcome::Failed(StoreError::Broken(cause)))
    }
}

impl Store for Moody {
    fn read(&self, job: Box<dyn Job>) {
        match self.outcome(job.unit().org) {
            Some(failed) => job.done(failed),
            None => self.inner.read(job),
        }
    }

    fn write(&self, job: Box<dyn Job>) {
        match self.outcome(job.unit().org) {
            Some(failed) => job.done(failed),
            None => self.inner.write(job),
        }
    }

    fn placement(&self) -> Placement {
        self.inner.placement()
    }

    fn instance(&self) -> &dyn Instance {
        self.inner.instance()
    }

    fn number_events(&self) -> Result<usize, StoreError> {
        self.inner.number_events()
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.inner.ready()
    }
}

/// An organization with something to do for every worker.
fn busy(store: &Arc<Moody>) -> App {
    let clock = Arc::new(TestClock::new());
    let shared: Arc<dyn Store> = store.clone();
    let mut app = App::new(shared, Arc::new(QuickHasher::new()), clock.clone()).unwrap();
    app.keep.job_days = 1;
    let change = Change::by_operator(&app);
    let new = orgs::NewOrg {
        slug: "acme".to_owned(),
        name: None,
        preset: "plain".to_owned(),
    };
    let org = orgs::create(&app, &new, &change).unwrap();
    let key = NewKey {
        ends: Ends::At(clock.now() + 40 * DAY),
        ..NewKey::usual(Kind::Scim, "soon over")
    };
    keys::create(&app, Some(&org), &key, &change).unwrap();
    for _ in 0..35 {
        clock.advance(u32::try_from(DAY).unwrap());
    }
    app.durations.note(org.id, uuid::Uuid::nil(), 7);
    app.reads.note(org.id, "key", "/Users", clock.now());
    app
}

fn check(worker: &str, round: impl Fn(&Arc<App>) -> bool) {
    let store = Moody::new(false);
    let app = Arc::new(busy(&store));
    let beats = || app.pulse.last().iter().any(|(name, _)| *name == worker);
    store.fails.store(true, Ordering::SeqCst);
    assert!(!round(&app), "{worker} is not tried again soon");
    assert!(!beats(), "{worker} says that all is well");
    store.fails.store(false, Ordering::SeqCst);
    assert!(round(&app), "{worker} is tried again");
    assert!(beats(), "{worker} says nothing");
}

#[test]
fn a_round_with_a_failure_is_no_success() {
    let never = AtomicBool::new(false);
    check("retention", |app| retention::round(app, &never));
    check("audit", |app| audit::round(app, &mut Told::default()));
    check("keys", |app| keys::worker::round(app, false));
    // One round, and the end; the next one is a second later in any case.
    check("requests", |app| {
        requests::run(app, &AtomicBool::new(true));
        app.pulse.last().iter().any(|(name, _)| *name == "requests")
    });
}

#[test]
fn what_ends_is_told_in_the_next_round_where_it_failed() {
    let store = Moody::new(false);
    let app = busy(&store);
    store.fails.store(true, Ordering::SeqCst);
    assert!(!keys::worker::round(&app, false));
    store.fails.store(false, Ordering::SeqCst);
    assert!(keys::worker::round(&app, false));
    assert_eq!(keys::worker::once(&app).unwrap(), 0, "it was told already");
}

/// Marks a new user stale.
fn stale_user(app: &App, org: OrgId) {
    let (id, change) = (UserId(uuid::Uuid::now_v7()), Change::by_operator(app));
    let body = serde_json::json!({"userName": "ann"});
    let registry = scim::Registry::core();
    let body = scim::resource::read(&registry, scim::Kind::User, scim::Mode::Lenient, body);
    let (resource, _) = body.unwrap().for_create();
    let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
        let (change, resource) = (change.clone(), resource.clone());
        let new = users::NewUser {
            id,
            change,
            resource,
        };
        users::create(tx, &new)?;
        Ok(tx.mark_stale(&[id], false)?)
    });
    work.wait(&*app.store).unwrap();
}

/// The organizations are gone through in the order of their numbers: the first one fails.
#[test]
fn an_organization_that_fails_keeps_no_other_ones_access_stale() {
    let store = Moody::new(false);
    let app = busy(&store);
    let first = app.store.instance().orgs().unwrap()[0].id;
    let new = orgs::NewOrg {
        slug: "second".to_owned(),
        name: None,
        preset: "plain".to_owned(),
    };
    let second = orgs::create(&app, &new, &Change::by_operator(&app)).unwrap();
    assert!(first < second.id);
    stale_user(&app, first);
    stale_user(&app, second.id);
    *store.only.lock().unwrap() = Some(first);
    store.fails.store(true, Ordering::SeqCst);
    let (mut slice, never) = (Slice::default(), AtomicBool::new(false));
    let beats = || app.pulse.last().iter().any(|(name, _)| *name == "access");
    let left = || app.store.instance().orgs_with_stale_access().unwrap();
    assert_eq!(access::round(&app, &mut slice, &never), 1);
    assert_eq!((left(), beats()), (vec![first], false));
    store.fails.store(false, Ordering::SeqCst);
    assert_eq!(access::round(&app, &mut Slice::default(), &never), 1);
    assert_eq!((left(), beats()), (vec![], true));
}
