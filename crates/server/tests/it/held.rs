//! Somebody holds the locks of an organization on PostgreSQL, as a process that hangs does. It is that
//! organization's trouble alone.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::channel,
    },
    thread,
};

use app::{
    Work,
    port::{Instance, Lock},
    scope::Scope,
};
use storage::{Config, Database};

use crate::support::{Client, Db, Server, org_with_key, user};

const WRITES: usize = 30;

/// Fewer connections than writes, and nothing ends by itself as long as the test looks.
const SETTINGS: [(&str, &str); 2] = [
    ("ROLECALL__DATABASE__CONNECTIONS", "8"),
    ("ROLECALL__DATABASE__STATEMENT_TIMEOUT_MS", "60000"),
];

/// The status of each write, as long as they come.
fn write_all(client: impl Fn() -> Client + Sync) -> Vec<u16> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..WRITES)
            .map(|number| {
                let client = client();
                let body = user(&format!("user{number}@example.com"));
                scope.spawn(move || client.ask("POST", "/Users", Some(&body)).0)
            })
            .collect();
        let statuses = threads.into_iter().map(|thread| thread.join().unwrap());
        statuses.collect()
    })
}

#[test]
fn an_organization_whose_locks_are_held_keeps_no_other_one_waiting() {
    let Some(database) = Db::postgresql() else {
        return;
    };
    let acme = org_with_key(&database, "acme", "plain", "scim");
    let other = org_with_key(&database, "other", "plain", "scim");
    let server = Server::start_with(&database, &SETTINGS);
    let [acme, other] =
        [acme, other].map(|token| move |server: &Server| server.client("/scim/v2", &token));
    assert_eq!(acme(&server).get("/Users")["totalResults"], 0);
    other(&server).add_user("first@example.com");
    let holder = Database::open(&Config::new(&database.url)).unwrap();
    let org = holder.org_by_slug("acme").unwrap().unwrap().id;
    let (inside, is_inside) = channel();
    let (let_go, held) = channel::<()>();
    let held = Mutex::new(held);
    let holds = Work::new(&Scope::operator(org), Lock::Exclusive, move |_| {
        inside.send(()).unwrap();
        held.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let holding = scope.spawn(|| holds.wait(&holder));
        is_inside.recv().unwrap();
        let writing = scope.spawn(|| {
            let statuses = write_all(|| acme(&server));
            over.store(true, Ordering::SeqCst);
            statuses
        });
        let health = server.client("", "");
        for round in 0..20 {
            other(&server).add_user(&format!("user{round}@example.com"));
            assert_eq!(other(&server).get("/Users")["totalResults"], round + 2);
            assert_eq!(acme(&server).get("/Users")["totalResults"], 0);
            assert_eq!(health.ask("GET", "/readyz", None).0, 200);
        }
        assert!(!over.load(Ordering::SeqCst), "nobody waited");
        let_go.send(()).unwrap();
        holding.join().unwrap().unwrap();
        let statuses = writing.join().unwrap();
        // Who waited for too long was told so.
        assert!(
            statuses.iter().all(|status| [201, 503].contains(status)),
            "{statuses:?}"
        );
        let made = statuses.iter().filter(|status| **status == 201).count();
        assert!(made > 0);
        assert_eq!(acme(&server).get("/Users")["totalResults"], made);
    });
    server.stop();
}
