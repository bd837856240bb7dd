//! Following the feed by server-sent events.

use std::{future::poll_fn, pin::Pin, sync::atomic::AtomicBool};

use actix_web::{
    App as Actix,
    body::{BoxBody, MessageBody},
    test,
};
use rolecall_http::configure;
use serde_json::{Value, json};

use crate::world::World;

/// A stream that is read piece by piece.
struct Stream {
    body: Pin<Box<BoxBody>>,
    text: String,
}

impl Stream {
    async fn open(world: &World, path: &str, headers: &[(&str, &str)]) -> Stream {
        let state = world.state.clone();
        let service = test::init_service(Actix::new().configure(|s| configure(s, state))).await;
        let path = format!("/api/v1/orgs/acme/events/stream{path}");
        let mut request = test::TestRequest::get().uri(&path);
        request = request.append_header(("authorization", format!("Bearer {}", world.read)));
        for header in headers {
            request = request.append_header(*header);
        }
        let response = test::call_service(&service, request.to_request()).await;
        assert_eq!(response.status(), 200);
        let kind = response.headers().get("content-type").unwrap();
        assert_eq!(kind, "text/event-stream");
        Stream {
            body: Box::pin(response.into_body()),
            text: String::new(),
        }
    }

    /// The next piece; none at the end.
    async fn piece(&mut self) -> Option<String> {
        let piece = poll_fn(|context| self.body.as_mut().poll_next(context)).await;
        piece.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
    }

    /// The next event, by its lines.
    async fn event(&mut self) -> [String; 3] {
        loop {
            if let Some((first, rest)) = self.text.split_once("\n\n") {
                let (first, rest) = (first.to_owned(), rest.to_owned());
                self.text = rest;
                let lines: Vec<String> = first.lines().map(str::to_owned).collect();
                if let Ok(lines) = lines.try_into() {
                    return lines;
                }
                continue;
            }
            let piece = self.piece().await.unwrap();
            self.text.push_str(&piece);
        }
    }
}

#[actix_web::test]
async fn events_come_as_they_happen() {
    let world = World::new();
    let ann = world.user("ann").await;
    let feed = world.admin("GET /events").send().await.json();
    let feed = feed["items"].as_array().unwrap().clone();
    let mut stream = Stream::open(&world, "", &[]).await;
    for event in &feed {
        let [id, kind, data] = stream.event().await;
        assert_eq!(id, format!("id: {}", event["seq"]));
        assert_eq!(kind, format!("event: {}", event["type"].as_str().unwrap()));
        let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(data, *event);
        assert_eq!(data["subject"]["user"], json!(ann));
    }
    let (news, bob) = tokio::join!(stream.event(), world.user("bob"));
    assert_eq!(news[0], format!("id: {}", feed.len() + 1));
    assert!(news[2].contains(&bob), "{news:?}");
}

#[actix_web::test]
async fn a_long_feed_comes_whole_and_in_order() {
    let world = World::new();
    for number in 0..120 {
        world.user(&format!("user{number}")).await;
    }
    let last = world.admin("GET /events?after=latest").send().await.json();
    let last: i64 = last["next_cursor"].as_str().unwrap().parse().unwrap();
    assert!(last > 200, "more than two reads: {last}");
    let mut stream = Stream::open(&world, "", &[]).await;
    for seq in 1..=last {
        assert_eq!(stream.event().await[0], format!("id: {seq}"));
    }
}

#[actix_web::test]
async fn a_key_follows_so_often_and_no_more() {
    let world = World::new();
    let mut streams = Vec::new();
    for _ in 0..100 {
        streams.push(Stream::open(&world, "", &[]).await);
    }
    for path in ["/events/stream", "/events?wait=1"] {
        let line = format!("GET /api/v1/orgs/acme{path}");
        let refused = world.anonymous(&line).key(&world.read).send().await;
        refused.is_problem(429, "too_many_requests", "100 times with one key");
        assert_eq!(refused.header("retry-after"), Some("1"));
    }
    let line = "GET /api/v1/orgs/acme/events";
    let asked = world.anonymous(line).key(&world.read).send().await;
    assert_eq!(asked.status, 200, "without waiting");
    let other = world.admin("GET /events?wait=1").send().await;
    assert_eq!(other.status, 200, "another key has its own");
}

#[actix_web::test]
async fn a_stream_goes_on_where_it_ended() {
    let world = World::new();
    world.user("ann").await;
    let mut stream = Stream::open(&world, "?after=0", &[("last-event-id", "1")]).await;
    assert_eq!(stream.event().await[0], "id: 2");
    let mut stream = Stream::open(&world, "?after=latest", &[]).await;
    let last = world.admin("GET /events?after=latest").send().await.json();
    let last: i64 = last["next_cursor"].as_str().unwrap().parse().unwrap();
    let (news, _) = tokio::join!(stream.event(), world.user("bob"));
    assert_eq!(news[0], format!("id: {}", last + 1));
    for wrong in ["x", "-1", ""] {
        let call = world
            .admin("GET /events/stream")
            .header("last-event-id", wrong);
        call.send()
            .await
            .is_problem(422, "invalid_field", "Last-Event-ID");
    }
}

#[actix_web::test]
async fn nobody_keeps_the_server_from_ending() {
    let world = World::new();
    let mut stream = Stream::open(&world, "", &[]).await;
    let poll = world.admin("GET /events?wait=60").send();
    let closing = async {
        tokio::task::yield_now().await;
        world.state.stop_waiting();
    };
    let (poll, ()) = tokio::join!(poll, closing);
    poll.is(200, json!({ "items": [], "next_cursor": null }));
    while stream.piece().await.is_some() {}
}

#[actix_web::test]
async fn a_revoked_key_hears_nothing_more() {
    let world = World::new();
    let mut stream = Stream::open(&world, "", &[]).await;
    let keys = world.admin("GET /keys").send().await.json();
    let keys = keys["items"].as_array().unwrap().clone();
    let read = keys.iter().find(|key| key["kind"] == "read").unwrap();
    let line = format!("DELETE /keys/{}", read["id"].as_str().unwrap());
    assert_eq!(world.admin(&line).send().await.status, 204);
    world.user("ann").await;
    let mut heard = String::new();
    while let Some(piece) = stream.piece().await {
        heard.push_str(&piece);
    }
    assert!(!heard.contains("id:"), "{heard}");
}

/// Events that are not kept any more: the reader is told where to go on after reading all access.
#[actix_web::test]
async fn who_fell_behind_is_told_how_to_catch_up() {
    let world = World::new();
    world.user("ann").await;
    world.clock.advance(3 * 24 * 60 * 60 * 1_000);
    world.user("bob").await;
    let all = world.admin("GET /events").send().await.json();
    let all = all["items"].as_array().unwrap().clone();
    let forgotten = app::retention::forget(&world.app, &AtomicBool::new(false))
        .unwrap()
        .done;
    assert!(forgotten > 0 && usize::try_from(forgotten).unwrap() < all.len());
    let last = all.last().unwrap()["seq"].to_string();
    for line in [
        "GET /events",
        "GET /events?after=0&wait=5",
        "GET /events/stream",
    ] {
        let gone = world.admin(line).send().await;
        gone.is_problem(410, "events_gone", "Read everybody's access");
        assert_eq!(gone.json()["snapshot_cursor"], json!(last));
    }
    let line = format!("GET /events?after={forgotten}");
    let rest = world.admin(&line).send().await.json();
    assert_eq!(
        rest["items"].as_array().unwrap().len() + usize::try_from(forgotten).unwrap(),
        all.len()
    );
    let line = format!("GET /events?after={last}");
    let none = world.admin(&line).send().await;
    none.is(200, json!({ "items": [], "next_cursor": null }));
    let latest = world.admin("GET /events?after=latest").send().await;
    latest.is(200, json!({ "items": [], "next_cursor": last }));
}
