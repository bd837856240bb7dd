//! Long polls.

use rolecall_http::HttpConfig;
use serde_json::{Value, json};

use crate::world::{URL, World};

#[actix_web::test]
async fn a_long_poll_is_woken_by_an_event() {
    let world = World::new();
    let ann = world.user("ann").await;
    let end = world.admin("GET /events").send().await.json();
    let last = end["items"].as_array().unwrap().len();
    let line = format!("GET /events?after={last}&wait=60");
    let (first, second, bob) = tokio::join!(
        world.admin(&line).send(),
        world.admin(&line).send(),
        world.user("bob")
    );
    assert_ne!(ann, bob);
    for woken in [first, second] {
        assert_eq!(woken.status, 200);
        let news = woken.json();
        assert_eq!(news["items"][0]["seq"], json!(last + 1), "{news}");
        assert_eq!(news["items"][0]["subject"]["user"], json!(bob), "{news}");
    }
}

#[actix_web::test]
async fn those_who_wait_keep_nobody_from_working() {
    let config = HttpConfig {
        public_url: URL.to_owned(),
        blocking: 2,
        ..HttpConfig::default()
    };
    let world = World::with(config);
    let waiting = async || world.admin("GET /events?wait=60").send().await;
    let (a, b, c, d, ann) = tokio::join!(
        waiting(),
        waiting(),
        waiting(),
        waiting(),
        world.user("ann")
    );
    for woken in [a, b, c, d] {
        let subject = woken.json()["items"][0]["subject"]["user"].clone();
        assert_eq!(subject, json!(ann), "{}", woken.text);
    }
}

#[actix_web::test]
async fn another_organization_wakes_nobody() {
    let world = World::new();
    let other = async {
        let body = json!({ "userName": "eve" });
        let line = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
        line.body(&body).await
    };
    let (mine, theirs) = tokio::join!(world.admin("GET /events?wait=1").send(), other);
    assert_eq!(theirs.status, 201);
    mine.is(200, json!({ "items": [], "next_cursor": null }));
}

/// It is refused when the wait is over, here by the end of the server.
#[actix_web::test]
async fn a_key_that_is_revoked_while_it_waits_hears_nothing() {
    let world = World::new();
    let keys = world.admin("GET /keys").send().await.json();
    let keys = keys["items"].as_array().unwrap().clone();
    let read = keys.iter().find(|key| key["kind"] == "read").unwrap();
    let revoke = format!("DELETE /keys/{}", read["id"].as_str().unwrap());
    let poll = async || {
        let line = world.anonymous("GET /api/v1/orgs/acme/events?wait=60");
        line.key(&world.read).send().await
    };
    let meanwhile = async {
        assert_eq!(world.admin(&revoke).send().await.status, 204);
        world.state.stop_waiting();
    };
    // Proved before, so that it comes in and waits.
    let now = world.anonymous("GET /api/v1/orgs/acme/events");
    assert_eq!(now.key(&world.read).send().await.status, 200);
    let (poll, ()) = tokio::join!(poll(), meanwhile);
    poll.is_problem(401, "unauthenticated", "");
}

#[actix_web::test]
async fn what_is_there_is_not_waited_for() {
    let world = World::new();
    world.user("ann").await;
    let there = world
        .admin("GET /events?wait=60&limit=1")
        .send()
        .await
        .json();
    assert_eq!(there["items"][0]["seq"], 1);
    assert_eq!(there["next_cursor"], "1");
    let last = world.admin("GET /events?after=latest").send().await.json();
    let last = last["next_cursor"].as_str().unwrap();
    let none = world.admin(&format!("GET /events?after={last}&wait=0"));
    let none = none.send().await;
    none.is(200, json!({ "items": [], "next_cursor": null }));
}

#[actix_web::test]
async fn nobody_waits_once_the_server_stops() {
    let world = World::new();
    let stop = async { world.state.stop_waiting() };
    let (early, ()) = tokio::join!(world.admin("GET /events?wait=60").send(), stop);
    let late = world.admin("GET /events?wait=60").send().await;
    for answer in [early, late] {
        answer.is(200, json!({ "items": [], "next_cursor": null }));
    }
}

/// Numbers are given out once. Whoever has one that was not given out yet read a feed that is no
/// more: the database was restored from a backup.
#[actix_web::test]
async fn a_number_that_was_not_given_out_is_gone() {
    let world = World::new();
    world.user("ann").await;
    let head = world.admin("GET /events?after=latest").send().await.json();
    let head = head["next_cursor"].as_str().unwrap().to_owned();
    let at_head = world
        .admin(&format!("GET /events?after={head}"))
        .send()
        .await;
    at_head.is(200, serde_json::json!({ "items": [], "next_cursor": null }));
    for after in ["1000000", "9223372036854775807"] {
        for path in ["events", "events/stream"] {
            let line = format!("GET /{path}?after={after}");
            let gone = world.admin(&line).send().await;
            gone.is_problem(410, "events_gone", "");
            assert_eq!(gone.json()["snapshot_cursor"], head.as_str(), "{line}");
        }
    }
}

/// Paths name places by slug, so an event does too.
#[actix_web::test]
async fn events_name_places_as_paths_do() {
    let world = World::new();
    world.places().await;
    let ann = world.user("ann").await;
    world.group("QA", &[&ann]).await;
    world
        .map(json!({
            "workspaces": [{ "group": "QA", "workspace": "quality" }],
            "projects": [{ "group": "QA", "project": "quality/nightly", "role": "inherit" }],
        }))
        .await;
    let slugs = async || {
        let feed = world.admin("GET /events?after=0").send().await.json();
        let items = feed["items"].as_array().unwrap();
        let of = |kind: &str| {
            let event = items.iter().find(|event| event["type"] == kind);
            event.unwrap()["subject"]["slug"].clone()
        };
        assert_eq!(of("user.activated"), Value::Null);
        (of("workspace.member_added"), of("project.member_added"))
    };
    assert_eq!(slugs().await, (json!("quality"), json!("quality/nightly")));
    let line = "DELETE /workspaces/quality/projects/nightly?force=true";
    assert_eq!(world.admin(line).send().await.status, 204);
    assert_eq!(slugs().await, (json!("quality"), Value::Null));
}

/// Members by the thousand are told in parts that add up to the change; the next page goes on behind
/// what ended one.
#[actix_web::test]
async fn a_change_of_many_members_is_told_in_parts() {
    let world = World::new();
    let mut users = Vec::new();
    for number in 0..1_001 {
        users.push(world.user(&format!("user{number}")).await);
    }
    let group = world
        .group("Everyone", &users.iter().collect::<Vec<_>>())
        .await;
    let latest = world.admin("GET /events?after=latest").send().await.json();
    let before = latest["next_cursor"].as_str().unwrap().to_owned();
    let body = json!({ "displayName": "All", "members": [] });
    let answer = world
        .scim(&format!("PUT /Groups/{group}"))
        .body(&body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let line = format!("GET /events?after={before}&limit=1000");
    let feed = world.admin(&line).send().await.json();
    let items = feed["items"].as_array().unwrap();
    let told = items
        .iter()
        .filter(|event| event["type"] == "group.updated");
    let told: Vec<&Value> = told.collect();
    let part = |number: u64| json!({ "number": number, "of": 2 });
    let parts: Vec<&Value> = told.iter().map(|event| &event["members"]["part"]).collect();
    assert_eq!(parts, [&part(1), &part(2)]);
    let names =
        |event: &Value| [&event["before"], &event["after"]].map(|side| side["name"].clone());
    assert_eq!(names(told[0]), [json!("Everyone"), json!("All")]);
    assert_eq!(names(told[1]), [json!("All"), json!("All")]);
    let mut gone: Vec<String> = Vec::new();
    for event in told {
        let removed = event["members"]["removed"].as_array().unwrap();
        assert!(removed.len() <= 1_000 && event["members"]["added"] == json!([]));
        gone.extend(removed.iter().map(|id| id.as_str().unwrap().to_owned()));
    }
    users.sort_unstable();
    gone.sort_unstable();
    assert_eq!(gone, users);
}
