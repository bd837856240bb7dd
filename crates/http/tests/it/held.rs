//! An organization whose lock somebody holds.

use std::sync::{Arc, Condvar, Mutex};

use app::port::{Instance, Job, Placement, Store, StoreError};
use domain::OrgId;
use rolecall_http::HttpConfig;
use serde_json::json;
use testkit::MemoryStore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::world::{URL, World};

/// A store across the network: changes of an organization wait where it is held, each on the thread
/// that it came on.
struct Held {
    inner: MemoryStore,
    org: Mutex<Option<OrgId>>,
    freed: Condvar,
    waits: UnboundedSender<()>,
}

impl Held {
    fn new() -> (Arc<Held>, UnboundedReceiver<()>) {
        let (waits, waiting) = unbounded_channel();
        let held = Held {
            inner: MemoryStore::new(),
            org: Mutex::default(),
            freed: Condvar::new(),
            waits,
        };
        (Arc::new(held), waiting)
    }

    fn hold(&self, org: Option<OrgId>) {
        *self.org.lock().unwrap() = org;
        self.freed.notify_all();
    }
}

impl Store for Held {
    fn read(&self, job: Box<dyn Job>) {
        self.inner.read(job);
    }

    fn write(&self, job: Box<dyn Job>) {
        let org = job.unit().org;
        let mut held = self.org.lock().unwrap();
        if *held == Some(org) {
            self.waits.send(()).unwrap();
        }
        while *held == Some(org) {
            held = self.freed.wait(held).unwrap();
        }
        drop(held);
        self.inner.write(job);
    }

    fn placement(&self) -> Placement {
        Placement {
            quick_reads: false,
            queued_writes: false,
        }
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

/// Twice as many changes of it as there are threads wait, keys among them; the others read, change
/// and ask for health as ever.
#[actix_web::test]
async fn an_organization_that_is_held_keeps_no_other_one_waiting() {
    let config = HttpConfig {
        public_url: URL.to_owned(),
        blocking: 8,
        connections: 8,
        ..HttpConfig::default()
    };
    let (store, mut waiting) = Held::new();
    let world = World::over(store.clone(), config);
    // All keys are proved, so that what comes next is the changes' own.
    world.user("ann").await;
    assert_eq!(world.admin("GET /keys").send().await.status, 200);
    let other = |line: &str| world.anonymous(line).key(&world.foreign);
    assert_eq!(other("GET /scim/v2/Users").send().await.status, 200);
    let orgs = world.app.store.instance().orgs().unwrap();
    let acme = orgs.iter().find(|org| org.slug.as_str() == "acme").unwrap();
    store.hold(Some(acme.id));
    let change = async |name: String| {
        let body = json!({ "userName": name });
        assert_eq!(world.scim("POST /Users").body(&body).await.status, 201);
    };
    let new_key = async || {
        let body = json!({ "kind": "read", "name": "new" });
        assert_eq!(world.admin("POST /keys").body(&body).await.status, 201);
    };
    let four = async |name: &str| {
        let change = |number: u8| change(format!("{name}{number}"));
        tokio::join!(change(1), change(2), change(3), new_key())
    };
    let others = async {
        for _ in 0..4 {
            waiting.recv().await.unwrap();
        }
        let body = json!({ "userName": "eve" });
        let made = other("POST /scim/v2/Users").body(&body).await.status;
        let listed = other("GET /scim/v2/Users").send().await.status;
        let own = world.scim("GET /Users").send().await.status;
        let ready = world.anonymous("GET /readyz").send().await.status;
        let more = waiting.try_recv().is_ok();
        store.hold(None);
        assert_eq!((made, listed, own, ready), (201, 200, 200, 200));
        assert!(!more, "half of the threads is for one organization");
    };
    tokio::join!(four("a"), four("b"), four("c"), four("d"), others);
}
