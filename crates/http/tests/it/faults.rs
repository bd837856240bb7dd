//! What goes wrong behind the HTTP side, and where the store wants to be called.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
        mpsc,
    },
    thread,
};

use app::port::{Instance, Job, Outcome, Placement, Store, StoreError};
use rolecall_http::HttpConfig;
use serde_json::json;
use testkit::MemoryStore;

use crate::world::{URL, World};

const WELL: u8 = 0;
const AWAY: u8 = 1;
const BROKEN: u8 = 2;
const PANICS: u8 = 3;

/// A store in memory that fails as told, asks to be called as told, and waits at a gate.
struct Troubled {
    inner: Arc<MemoryStore>,
    mood: AtomicU8,
    placement: Placement,
    gate: Mutex<Option<Gate>>,
}

/// Says that a write has come, then waits to be let through.
struct Gate {
    arrived: tokio::sync::oneshot::Sender<()>,
    pass: mpsc::Receiver<()>,
}

impl Troubled {
    fn new(quick_reads: bool, queued_writes: bool) -> Arc<Troubled> {
        Arc::new(Troubled {
            inner: Arc::new(MemoryStore::new()),
            mood: AtomicU8::new(WELL),
            placement: Placement {
                quick_reads,
                queued_writes,
            },
            gate: Mutex::new(None),
        })
    }

    fn is(&self, mood: u8) {
        self.mood.store(mood, Ordering::SeqCst);
    }

    fn trouble(&self) -> Option<StoreError> {
        let cause = || Arc::new(io::Error::other("SECRET cause"));
        match self.mood.load(Ordering::SeqCst) {
            AWAY => Some(StoreError::Unavailable(cause())),
            BROKEN => Some(StoreError::Broken(cause())),
            PANICS => panic!("told to"),
            _ => None,
        }
    }
}

impl Store for Troubled {
    fn read(&self, job: Box<dyn Job>) {
        match self.trouble() {
            Some(error) => job.done(Outcome::Failed(error)),
            None => self.inner.read(job),
        }
    }

    fn write(&self, job: Box<dyn Job>) {
        if let Some(gate) = self
            .gate
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            gate.arrived.send(()).unwrap();
            gate.pass.recv().unwrap();
        }
        if let Some(error) = self.trouble() {
            return job.done(Outcome::Failed(error));
        }
        if self.placement.queued_writes {
            let inner = Arc::clone(&self.inner);
            thread::spawn(move || inner.write(job));
        } else {
            self.inner.write(job);
        }
    }

    fn placement(&self) -> Placement {
        self.placement
    }

    fn instance(&self) -> &dyn Instance {
        self.inner.instance()
    }

    fn number_events(&self) -> Result<usize, StoreError> {
        self.inner.number_events()
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.trouble().map_or(Ok(()), Err)
    }
}

fn config() -> HttpConfig {
    HttpConfig {
        public_url: URL.to_owned(),
        ..HttpConfig::default()
    }
}

#[actix_web::test]
async fn work_runs_wherever_the_store_wants_it() {
    for (quick_reads, queued_writes) in [(true, true), (true, false), (false, true), (false, false)]
    {
        let world = World::over(Troubled::new(quick_reads, queued_writes), config());
        let ann = world.user("ann").await;
        let staff = world.group("Staff", &[&ann]).await;
        let user = world.scim(&format!("GET /Users/{ann}")).send().await.json();
        assert_eq!(user["groups"][0]["value"], json!(staff));
        assert_eq!(
            world.scim("GET /Groups").send().await.json()["totalResults"],
            1
        );
        assert_eq!(
            world
                .admin(&format!("GET /users/{ann}/access"))
                .send()
                .await
                .status,
            200
        );
        assert_eq!(
            world
                .scim(&format!("DELETE /Groups/{staff}"))
                .send()
                .await
                .status,
            204
        );
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_503_and_to_be_tried_again() {
    let store = Troubled::new(true, false);
    let world = World::over(store.clone(), config());
    let ann = world.user("ann").await;
    store.is(AWAY);
    for line in [
        "GET /Users",
        &format!("GET /Users/{ann}"),
        &format!("DELETE /Users/{ann}"),
    ] {
        let answer = world.scim(line).send().await;
        answer.is_scim_error(503, None, "Try again");
        assert_eq!(answer.header("retry-after"), Some("1"));
        assert!(!answer.text.contains("SECRET"));
    }
    let answer = world.admin("GET /access").send().await;
    answer.is_problem(503, "unavailable", "Try again");
    assert_eq!(answer.header("retry-after"), Some("1"));
    world
        .anonymous("GET /readyz")
        .send()
        .await
        .is_problem(503, "unavailable", "Try again");
    assert_eq!(world.anonymous("GET /livez").send().await.status, 200);
    store.is(WELL);
    assert_eq!(world.anonymous("GET /readyz").send().await.status, 200);
    assert_eq!(
        world.scim(&format!("GET /Users/{ann}")).send().await.status,
        200
    );
}

#[actix_web::test]
async fn faults_and_panics_tell_nothing() {
    for (quick_reads, queued_writes) in [(true, true), (false, false)] {
        let store = Troubled::new(quick_reads, queued_writes);
        let world = World::over(store.clone(), config());
        let ann = world.user("ann").await;
        for mood in [BROKEN, PANICS] {
            store.is(mood);
            for line in [
                "GET /Users",
                &format!("GET /Users/{ann}"),
                &format!("DELETE /Users/{ann}"),
            ] {
                let answer = world.scim(line).send().await;
                answer.is_scim_error(500, None, "nothing was changed");
                assert!(!answer.text.contains("SECRET") && !answer.text.contains("told to"));
            }
            let answer = world.admin("GET /settings").send().await;
            answer.is_problem(500, "internal", "nothing was changed");
            store.is(WELL);
            assert_eq!(
                world.scim(&format!("GET /Users/{ann}")).send().await.status,
                200
            );
        }
    }
}

#[actix_web::test]
async fn what_does_not_fit_into_the_queue_is_turned_away() {
    let store = Troubled::new(true, false);
    let world = World::over(
        store.clone(),
        HttpConfig {
            blocking: 1,
            waiting: 0,
            ..config()
        },
    );
    // Settings and key are remembered from here on, so that nothing else needs the queue.
    let ann = world.user("ann").await;
    let metrics = world.anonymous("GET /metrics").key(&world.owner);
    assert!(metrics.send().await.text.contains("rolecall_db_up 1"));
    let (arrived, arrives) = tokio::sync::oneshot::channel();
    let (lets_pass, pass) = mpsc::channel();
    *store.gate.lock().unwrap() = Some(Gate { arrived, pass });
    let body = json!({ "userName": "bob" });
    let first = world.scim("POST /Users").body(&body);
    let meanwhile = async {
        arrives.await.unwrap();
        let second = world.scim("GET /Users").send().await;
        second.is_scim_error(503, None, "Try again");
        assert_eq!(second.header("retry-after"), Some("1"));
        // Figures are wanted now more than ever; the database's are left out.
        let metrics = world.anonymous("GET /metrics").key(&world.owner);
        let metrics = metrics.send().await;
        assert_eq!(metrics.status, 200, "{}", metrics.text);
        for line in ["rolecall_db_up 0", "rolecall_blocking_running 1"] {
            assert!(
                metrics.text.contains(line),
                "{line} is not in {}",
                metrics.text
            );
        }
        // What needs no queue is answered all the same.
        let read = world.scim(&format!("GET /Users/{ann}")).send().await;
        assert_eq!(read.status, 200);
        lets_pass.send(()).unwrap();
    };
    let (first, ()) = tokio::join!(first, meanwhile);
    assert_eq!(first.status, 201);
    assert_eq!(world.scim("GET /Users").send().await.status, 200);
}
