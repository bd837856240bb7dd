//! One of two servers is killed with work in hand; the other does it.

use serde_json::json;

use super::{Pair, at_once};
use crate::support::eventually;

/// More than a change resolves in its own transaction, so that a worker has something to do.
const USERS: usize = 700;

/// The mapping is changed at the first server, which is killed the moment it has answered: what is
/// left to resolve, the job that tells of it, and the events without a number are the other's now.
#[test]
fn what_a_killed_server_left_is_done_by_the_other() {
    let Some(pair) = Pair::start() else { return };
    let users = at_once(8, |writer| {
        let idp = pair.idp(writer);
        let names = (writer..USERS).step_by(8);
        names
            .map(|number| idp.add_user(&format!("user{number}@example.com")))
            .collect::<Vec<_>>()
    })
    .concat();
    let members: Vec<&str> = users.iter().map(String::as_str).collect();
    pair.idp(0).add_group("Staff", &members);
    let Pair {
        servers: [first, second],
        admin,
        // The log is looked through when a server ends.
        database: _database,
        ..
    } = pair;
    let rules = json!({"organization": [{"group": "Staff", "role": "admin"}]});
    let there = first.client("/api/v1/orgs/acme", &admin);
    there.expect(200, "PUT", "/mapping", Some(&rules));
    first.kill();
    let admin = second.client("/api/v1/orgs/acme", &admin);
    eventually(|| {
        let jobs = admin.get("/jobs");
        let jobs = jobs["items"].as_array().unwrap();
        !jobs.is_empty() && jobs.iter().all(|job| job["state"] == "done")
    });
    eventually(|| granted(&admin) == USERS);
    let audit = admin.get("/audit");
    assert!(audit["items"].to_string().contains("mapping"), "{audit}");
    second.stop();
}

/// How many users the feed says are admins; its numbers have no gap.
fn granted(admin: &crate::support::Client) -> usize {
    let (mut after, mut granted) = (0, 0);
    loop {
        let page = admin.get(&format!("/events?after={after}&limit=1000"));
        let events = page["items"].as_array().unwrap();
        for event in events {
            assert_eq!(event["seq"], after + 1, "{event}");
            after += 1;
            let kind = event["type"].as_str().unwrap();
            let now_admin = kind.starts_with("role.") && event["after"]["role"] == "admin";
            granted += usize::from(now_admin);
        }
        if page["next_cursor"].is_null() {
            return granted;
        }
    }
}
