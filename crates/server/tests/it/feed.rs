//! The feed of a running server.

use std::sync::mpsc::channel;

use crate::support::{Db, Server, both, key, org_with_key};

both!(who_waits_hears_of_every_change);

/// Each change is waited for by a request that was on its way before it: the numbers come whole and
/// in order, also where they are given after the commit.
fn who_waits_hears_of_every_change(database: &Db) {
    let scim = org_with_key(database, "acme", "plain", "scim");
    let read = key(database, "acme", "read");
    let server = Server::start(database);
    let app = server.client("/api/v1", &read);
    let (asking, asks) = channel();
    let listening = std::thread::spawn(move || {
        let mut told = Vec::new();
        while told.len() < 5 {
            asking.send(()).unwrap();
            let after = told.last().map_or(0, |(seq, _)| *seq);
            let path = format!("/orgs/acme/events?after={after}&wait=60");
            let page = app.get(&path);
            let events = page["items"].as_array().unwrap();
            assert!(!events.is_empty(), "nothing was told in a minute");
            for event in events {
                let user = event["subject"]["user"].as_str().map(str::to_owned);
                told.push((event["seq"].as_u64().unwrap(), user));
            }
        }
        told
    });
    asks.recv().unwrap();
    let idp = server.client("/scim/v2", &scim);
    let users: Vec<String> = (0..5)
        .map(|number| idp.add_user(&format!("user{number}@example.com")))
        .collect();
    let told = listening.join().unwrap();
    let seqs: Vec<u64> = told.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(seqs, (1..=told.len() as u64).collect::<Vec<_>>());
    assert_eq!(told[0].1.as_ref(), Some(&users[0]));
    server.stop();
}
