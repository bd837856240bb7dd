//! Starting, being asked, stopping.

use std::net::TcpListener;

use crate::support::{Db, Server, both, command, key, org_with_key, rolecall, run};

both!(
    starts_answers_and_stops
    a_signal_right_after_the_greeting_stops_it_well
    keeps_what_it_knows
    who_waits_for_events_is_answered_at_the_end
);

fn starts_answers_and_stops(database: &Db) {
    for signal in ["TERM", "INT", "HUP"] {
        let server = Server::start(database);
        let anybody = server.client("", "");
        assert_eq!(anybody.ask("GET", "/livez", None).0, 200);
        assert_eq!(anybody.ask("GET", "/readyz", None).0, 200);
        assert_eq!(anybody.ask("GET", "/scim/v2/Users", None).0, 401);
        let port = server.url.rsplit(':').next().unwrap().to_owned();
        let bind = format!("http.bind=127.0.0.1:{port}");
        let check = ["healthcheck", "--set", &bind];
        assert_eq!(rolecall(database, &check).code, 0);
        server.stop_by(signal);
        rolecall(database, &check).refused(1, &["no server answers", "http.bind"]);
    }
}

/// Whoever has read that it listens may stop it, and does so well. Connections to the database are
/// still being made then.
fn a_signal_right_after_the_greeting_stops_it_well(database: &Db) {
    for _ in 0..10 {
        Server::start(database).stop();
    }
}

fn keeps_what_it_knows(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let server = Server::start(database);
    let id = server
        .client("/scim/v2", &token)
        .add_user("ada@example.com");
    server.stop();
    let server = Server::start(database);
    let found = server
        .client("/scim/v2", &token)
        .get(&format!("/Users/{id}"));
    assert_eq!(found["userName"], "ada@example.com");
    let location = found["meta"]["location"].as_str().unwrap();
    assert_eq!(location, format!("{}/scim/v2/Users/{id}", server.url));
    server.stop();
}

/// Who waits would wait for a minute, and the server for them. A request that came too late to be
/// taken is no proof, and is tried again.
fn who_waits_for_events_is_answered_at_the_end(database: &Db) {
    let admin = org_with_key(database, "acme", "plain", "admin");
    let answered = (0..5).any(|_| {
        let server = Server::start(database);
        let client = server.client("/api/v1", &admin);
        let (asking, asks) = std::sync::mpsc::channel();
        let waiting = std::thread::spawn(move || {
            asking.send(()).unwrap();
            client.send("GET", "/orgs/acme/events?after=0&wait=60", None)
        });
        asks.recv().unwrap();
        for _ in 0..50 {
            server.client("", "").ask("GET", "/readyz", None);
        }
        server.stop();
        let answer = waiting.join().unwrap();
        answer.is_ok_and(|answer| answer.status == 200)
    });
    assert!(answered, "nobody who waited had an answer");
}

#[test]
fn the_commands_work_beside_a_running_server() {
    let database = Db::sqlite();
    let server = Server::start(&database);
    let token = org_with_key(&database, "acme", "plain", "scim");
    server
        .client("/scim/v2", &token)
        .add_user("ada@example.com");
    let read = key(&database, "acme", "read");
    let page = server.client("/api/v1", &read).get("/orgs/acme/access");
    assert_eq!(page["items"][0]["role"]["key"], "member");
    server.stop();
}

#[test]
fn a_taken_address_is_named() {
    let database = Db::sqlite();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let ran = run(command(&database).env("ROLECALL__HTTP__BIND", &address));
    ran.refused(1, &["http.bind", &address, "another program has it"]);
    assert!(
        !database.folder.path().join("rolecall.db").exists(),
        "it touched the database"
    );
}

#[test]
fn the_greeting_tells_the_next_command() {
    let database = Db::sqlite();
    let ran = rolecall(&database, &["org", "list"]);
    ran.refused(1, &["there is no database", "database.url"]);
    assert_eq!(rolecall(&database, &["migrate"]).code, 0);
    let ran = rolecall(&database, &["org", "list"]);
    assert!(
        ran.stdout
            .contains("org create acme --preset plain --key scim"),
        "{ran:?}"
    );
}
