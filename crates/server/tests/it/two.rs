//! Two servers on one PostgreSQL: nothing that one of them does is lost, done twice or told in
//! another order by the other. `ROLECALL_TWO_ROUNDS` says how often what depends on meeting is tried.

mod feed;
mod takeover;

use std::{
    collections::BTreeSet,
    sync::{Barrier, Mutex},
    thread,
};

use serde_json::{Value, json};

use crate::support::{Client, Db, Server, key, org_with_key, patch, user};

/// How many ask at the same moment.
const AT_ONCE: usize = 50;
const ROUNDS: usize = 3;

fn rounds() -> usize {
    #[expect(clippy::disallowed_methods, reason = "the script says how often")]
    let wanted = std::env::var("ROLECALL_TWO_ROUNDS");
    wanted.map_or(ROUNDS, |text| {
        text.parse().expect("ROLECALL_TWO_ROUNDS is a number")
    })
}

/// Two servers, and keys of one organization.
struct Pair {
    /// Its folder has the servers' log.
    database: Db,
    servers: [Server; 2],
    scim: String,
    read: String,
    admin: String,
}

impl Pair {
    /// None where there is no PostgreSQL, which the test kit says loudly.
    fn start() -> Option<Pair> {
        let database = Db::postgresql()?;
        let scim = org_with_key(&database, "acme", "plain", "scim");
        let [read, admin] = ["read", "admin"].map(|kind| key(&database, "acme", kind));
        let few = [("ROLECALL__DATABASE__CONNECTIONS", "8")];
        let servers = [(); 2].map(|()| Server::start_with(&database, &few));
        Some(Pair {
            database,
            servers,
            scim,
            read,
            admin,
        })
    }

    /// The identity provider at one of the two.
    fn idp(&self, number: usize) -> Client {
        self.servers[number % 2].client("/scim/v2", &self.scim)
    }

    /// The application at one of the two.
    fn app(&self, number: usize) -> Client {
        self.servers[number % 2].client("/api/v1/orgs/acme", &self.read)
    }

    fn stop(self) {
        for server in self.servers {
            server.stop();
        }
    }
}

/// Runs the same in so many threads, all at one moment.
fn at_once<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (start, act) = (&start, &act);
                scope.spawn(move || {
                    start.wait();
                    act(number)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .expect("a client was answered as it should be")
            })
            .collect()
    })
}

/// TRUST F11. Half of them write the name in capitals.
#[test]
fn f11_of_equal_posts_one_makes_the_user() {
    let Some(pair) = Pair::start() else { return };
    let clients: Vec<Client> = (0..AT_ONCE).map(|number| pair.idp(number)).collect();
    for round in 0..rounds() {
        let name = format!("ann{round}@example.com");
        let statuses = at_once(AT_ONCE, |number| {
            let mut body = user(&name);
            if number % 4 < 2 {
                body["userName"] = name.to_uppercase().into();
            }
            clients[number].ask("POST", "/Users", Some(&body)).0
        });
        let made = statuses.iter().filter(|status| **status == 201).count();
        let taken = statuses.iter().filter(|status| **status == 409).count();
        assert_eq!((made, taken), (1, AT_ONCE - 1), "{round}: {statuses:?}");
        let filter = format!("/Users?filter=userName%20eq%20%22{name}%22");
        for client in &clients[..2] {
            assert_eq!(client.get(&filter)["totalResults"], 1, "{name}");
        }
    }
    pair.stop();
}

/// TRUST F10. Each writer has members of its own: adds all, takes half of them out again.
#[test]
fn f10_members_written_at_both_servers_are_all_there() {
    const WRITERS: usize = 8;
    let Some(pair) = Pair::start() else { return };
    let each = 4 * rounds();
    let users: Vec<Vec<String>> = at_once(WRITERS, |writer| {
        let idp = pair.idp(writer);
        let add = |number| idp.add_user(&format!("user{writer}-{number}@example.com"));
        (0..each).map(add).collect()
    });
    let group = pair.idp(0).add_group("Everybody", &[]);
    let path = format!("/Groups/{group}");
    at_once(WRITERS, |writer| {
        let idp = pair.idp(writer);
        for (number, user) in users[writer].iter().enumerate() {
            let add = json!({"op": "add", "path": "members", "value": [{"value": user}]});
            assert!(idp.ask("PATCH", &path, Some(&patch(add))).0 < 300);
            if number % 2 == 1 {
                let remove =
                    json!({"op": "remove", "path": format!("members[value eq \"{user}\"]")});
                assert!(idp.ask("PATCH", &path, Some(&patch(remove))).0 < 300);
            }
        }
    });
    let staying = users.iter().flat_map(|users| users.iter().step_by(2));
    let staying: BTreeSet<&str> = staying.map(String::as_str).collect();
    for side in 0..2 {
        let group = pair.idp(side).get(&path);
        let members = group["members"].as_array().unwrap().iter();
        let found: BTreeSet<&str> = members
            .map(|member| member["value"].as_str().unwrap())
            .collect();
        assert_eq!(found, staying, "server {side}");
    }
    pair.stop();
}

/// TRUST F10. Each reads the number in the title and writes the next one, if nobody did so before.
#[test]
fn f10_a_user_written_with_if_match_at_both_loses_no_write() {
    const WRITERS: usize = 6;
    let Some(pair) = Pair::start() else { return };
    let each = 3 * rounds();
    let id = pair.idp(0).add_user("ann@example.com");
    let path = format!("/Users/{id}");
    let set = json!({"op": "add", "path": "title", "value": "0"});
    pair.idp(0).expect(200, "PATCH", &path, Some(&patch(set)));
    let refused = Mutex::new(0);
    at_once(WRITERS, |writer| {
        let idp = pair.idp(writer);
        let mut done = 0;
        while done < each {
            let seen = idp.get(&path);
            let tag = seen["meta"]["version"].as_str().unwrap();
            let next = number(&seen) + 1;
            let add = json!({"op": "add", "path": "title", "value": next.to_string()});
            let answer = idp
                .send_with(&[("If-Match", tag)], "PATCH", &path, Some(&patch(add)))
                .unwrap();
            match answer.status {
                200 => done += 1,
                412 => *refused.lock().unwrap() += 1,
                other => panic!("{other}"),
            }
        }
    });
    for side in 0..2 {
        assert_eq!(number(&pair.idp(side).get(&path)), WRITERS * each);
    }
    // Where nobody ever met another, nothing was tried.
    assert!(*refused.lock().unwrap() > 0);
    pair.stop();
}

fn number(user: &Value) -> usize {
    user["title"].as_str().unwrap().parse().unwrap()
}
