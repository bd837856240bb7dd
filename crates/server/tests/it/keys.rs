//! Keys against the built binary: other processes see a change within seconds, and a rotation costs
//! no request.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::support::{Db, Server, both, eventually, migrate, org_with_key, rolecall};

both!(
    abuse_11_a_revoked_key_is_refused_by_every_process
    a_rotation_under_load_fails_no_request
    the_first_owner_key_and_another_for_the_lost_one
);

/// The public id in a token.
fn id(token: &str) -> &str {
    token.split('_').nth(2).unwrap()
}

fn status(server: &Server, token: &str) -> u16 {
    server
        .client("/scim/v2", token)
        .ask("GET", "/Users", None)
        .0
}

/// Revoked on the command line, which is a process of its own; both servers have verified it before.
fn abuse_11_a_revoked_key_is_refused_by_every_process(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let servers = [Server::start(database), Server::start(database)];
    for server in &servers {
        assert_eq!(status(server, &token), 200);
    }
    let ran = rolecall(database, &["key", "revoke", id(&token), "--json"]);
    assert_eq!(ran.json()["revoked"], true);
    for server in servers {
        eventually(|| status(&server, &token) == 401);
        for _ in 0..5 {
            assert_eq!(status(&server, &token), 401, "it stays refused");
        }
        server.stop();
    }
    let shown = rolecall(database, &["key", "show", id(&token), "--json"]).json();
    assert!(shown["revoked_at"].is_string(), "{shown}");
}

/// Clients take the new token at some moment of their own, as people paste it; none sees a 401.
fn a_rotation_under_load_fails_no_request(database: &Db) {
    let old = org_with_key(database, "acme", "plain", "scim");
    let servers = [Server::start(database), Server::start(database)];
    let (stop, swap) = (AtomicBool::new(false), AtomicBool::new(false));
    let (sent, new) = (AtomicU64::new(0), std::sync::OnceLock::<String>::new());
    thread::scope(|scope| {
        for number in 0..4_usize {
            let (servers, stop, swap, sent, old, new) = (&servers, &stop, &swap, &sent, &old, &new);
            scope.spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let swapped = swap.load(Ordering::SeqCst) && number % 2 == 0;
                    let token = new.get().filter(|_| swapped).unwrap_or(old);
                    let client = servers[number / 2].client("/scim/v2", token);
                    let (status, body) = client.ask("GET", "/Users", None);
                    assert_eq!(status, 200, "client {number}: {body}");
                    sent.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        let wait_for_more = || {
            let until = sent.load(Ordering::SeqCst) + 100;
            eventually(|| sent.load(Ordering::SeqCst) >= until);
        };
        wait_for_more();
        let turned = rolecall(database, &["key", "rotate", id(&old), "--json"]).json();
        wait_for_more();
        new.set(turned["token"].as_str().unwrap().to_owned())
            .unwrap();
        swap.store(true, Ordering::SeqCst);
        wait_for_more();
        stop.store(true, Ordering::SeqCst);
    });
    let [one, two] = servers;
    one.stop();
    two.stop();
    // What was used last is written at the stop at the latest.
    let shown = rolecall(database, &["key", "show", id(&old), "--json"]).json();
    let rotation = &shown["rotation"];
    assert!(rotation["new_first_used_at"].is_string(), "{shown}");
    assert!(rotation["old_last_used_at"].is_string(), "{shown}");
    let words = rolecall(database, &["key", "show", id(&old)]).stdout;
    assert!(words.contains("still in use"), "{words}");
    let report = rolecall(database, &["report", "--org", "acme", "--json"]).json();
    assert_eq!(report["old_secrets_in_use"][0]["id"], json!(id(&old)));
    // A key has two secrets at most, and the older one was promised for days.
    let rotate = ["key", "rotate", id(&old)];
    let force = format!("key rotate {} --force", id(&old));
    rolecall(database, &rotate).refused(1, &["used after the rotation", &force]);
    let server = Server::start(database);
    assert_eq!(status(&server, &old), 200, "what was refused ended nothing");
    let forced = rolecall(database, &[&rotate[..], &["--force"]].concat());
    assert!(
        forced.stdout.contains("has ended now; it was used last at"),
        "{forced:?}"
    );
    eventually(|| status(&server, &old) == 401);
    assert_eq!(status(&server, new.get().unwrap()), 200);
    server.stop();
}

fn the_first_owner_key_and_another_for_the_lost_one(database: &Db) {
    migrate(database);
    let make = || {
        let made = rolecall(database, &["key", "create", "--kind", "owner", "--json"]).json();
        made["token"].as_str().unwrap().to_owned()
    };
    let lost = make();
    let server = Server::start(database);
    let found = make();
    let orgs = |token: &str| server.client("/api/v1", token).ask("GET", "/orgs", None).0;
    assert_eq!((orgs(&lost), orgs(&found)), (200, 200));
    assert_eq!(rolecall(database, &["key", "revoke", id(&lost)]).code, 0);
    eventually(|| orgs(&lost) == 401);
    assert_eq!(orgs(&found), 200);
    let listed = rolecall(database, &["key", "list", "--json"]).json();
    let states: Vec<bool> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["revoked_at"] == Value::Null)
        .collect();
    assert_eq!(states, [false, true]);
    assert!(!listed.to_string().contains("token"));
    server.stop();
}

#[test]
fn what_is_wrong_with_a_key_command_is_said() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let check = |arguments: &[&str], code: i32, says: &[&str]| {
        rolecall(&database, arguments).refused(code, says);
    };
    check(&["key", "rotate", "nobody"], 1, &["There is no key"]);
    check(&["key", "show", "nobody"], 1, &["There is no key"]);
    let whole = ["show", "rotate", "revoke"].map(|word| ["key", word, &token]);
    for arguments in &whole {
        check(arguments, 1, &["whole key", id(&token)]);
    }
    check(
        &["key", "rotate", id(&token), "--overlap-days", "8"],
        1,
        &["overlap_days", "0 to 7"],
    );
    let create = ["key", "create", "--org", "acme", "--kind", "scim"];
    let with = |flag: &'static str, value: &'static str| {
        create.into_iter().chain([flag, value]).collect::<Vec<_>>()
    };
    check(&with("--expires", "soon"), 2, &["90d", "never"]);
    check(
        &with("--expires", "2020-01-01"),
        1,
        &["expires_at", "time to come"],
    );
    check(
        &with("--allow-from", "10.0.0.1/8"),
        2,
        &["bits behind the prefix"],
    );
    let made = rolecall(
        &database,
        &[&with("--expires", "never")[..], &["--json"]].concat(),
    );
    assert_eq!(made.json()["expires_at"], Value::Null);
    let list = rolecall(&database, &["key", "list", "--org", "acme"]).stdout;
    assert!(list.contains("ENDS") && list.contains("never"), "{list}");
}
