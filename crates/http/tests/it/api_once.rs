//! Requests that make something, sent again with the same `Idempotency-Key`.

use serde_json::{Value, json};

use crate::world::{Answer, World};

async fn send(world: &World, line: &str, name: &str, body: &Value) -> Answer {
    let call = world.admin(line).header("idempotency-key", name);
    call.body(body).await
}

fn facts(answer: &Answer) -> (u16, &str, Option<&str>, Option<&str>) {
    let header = |name| answer.header(name);
    (
        answer.status,
        &answer.text,
        header("location"),
        header("etag"),
    )
}

#[actix_web::test]
async fn what_is_asked_for_twice_is_made_once() {
    let world = World::new();
    world.places().await;
    for (line, body) in [
        (
            "POST /users",
            json!({ "userName": "ann", "email": "ann@example.com" }),
        ),
        ("POST /groups", json!({ "displayName": "QA" })),
        ("POST /workspaces", json!({ "slug": "sales" })),
        (
            "POST /workspaces/quality/projects",
            json!({ "slug": "weekly" }),
        ),
    ] {
        let name = format!("name of {line}");
        let first = send(&world, line, &name, &body).await;
        assert_eq!(
            (first.status, first.header("idempotency-replayed")),
            (201, None)
        );
        let second = send(&world, line, &name, &body).await;
        assert_eq!(facts(&second), facts(&first), "{line}");
        assert_eq!(
            second.header("idempotency-replayed"),
            Some("true"),
            "{line}"
        );
        let other = send(&world, line, "another", &body).await;
        other.is_problem(409, "taken", "");
    }
    let users = world.admin("GET /users").send().await.json();
    assert_eq!(users["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_organization_is_made_once() {
    let world = World::new();
    let body = json!({ "slug": "new", "preset": "plain" });
    let send = async |body: &Value| {
        let call = world.owner("POST /orgs").header("idempotency-key", "k");
        call.body(body).await
    };
    let first = send(&body).await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(facts(&send(&body).await), facts(&first));
    let other = send(&json!({ "slug": "newer", "preset": "plain" })).await;
    other.is_problem(422, "idempotency_mismatch", "another request");
}

/// Both on their way before either is answered.
#[actix_web::test]
async fn an_organization_asked_for_twice_at_once_is_made_once() {
    let world = World::new();
    for round in 0..20 {
        let body = json!({ "slug": format!("new{round}"), "preset": "plain" });
        let name = format!("k{round}");
        let send = || {
            let call = world.owner("POST /orgs");
            call.header("idempotency-key", &name).body(&body)
        };
        let (one, other) = tokio::join!(send(), send());
        assert_eq!(one.status, 201, "{}", one.text);
        assert_eq!(facts(&one), facts(&other));
        let again = |answer: &Answer| answer.header("idempotency-replayed").is_some();
        assert_ne!(again(&one), again(&other), "one of them made it");
    }
    let orgs = world.owner("GET /orgs?limit=100").send().await.json();
    assert_eq!(orgs["items"].as_array().unwrap().len(), 22);
}

#[actix_web::test]
async fn a_name_is_for_one_request() {
    let world = World::new();
    let ann = json!({ "userName": "ann" });
    assert_eq!(send(&world, "POST /users", "k", &ann).await.status, 201);
    let bob = json!({ "userName": "bob" });
    let refused = send(&world, "POST /users", "k", &bob).await;
    refused.is_problem(422, "idempotency_mismatch", "another request");
    // Nor where only the path is another.
    world.places().await;
    let place = json!({ "slug": "sales" });
    let made = send(&world, "POST /workspaces", "place", &place).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let elsewhere = "POST /workspaces/quality/projects";
    let refused = send(&world, elsewhere, "place", &place).await;
    refused.is_problem(422, "idempotency_mismatch", "another request");
    // Another key has its own names.
    let line = "POST /api/v1/orgs/acme/users";
    let call = world.anonymous(line).key(&world.owner);
    let made = call.header("idempotency-key", "k").body(&bob).await;
    assert_eq!(made.status, 201, "{}", made.text);
}

#[actix_web::test]
async fn a_refused_request_keeps_nothing() {
    let world = World::new();
    world.user("ann").await;
    let taken = send(&world, "POST /users", "k", &json!({ "userName": "ann" })).await;
    taken.is_problem(409, "taken", "userName");
    let mended = send(&world, "POST /users", "k", &json!({ "userName": "bob" })).await;
    assert_eq!(mended.status, 201, "{}", mended.text);
}

#[actix_web::test]
async fn answers_are_kept_for_a_day() {
    let world = World::new();
    let body = json!({ "userName": "ann" });
    let first = send(&world, "POST /users", "k", &body).await;
    assert_eq!(first.status, 201);
    world.clock.advance(24 * 60 * 60 * 1_000);
    let last = send(&world, "POST /users", "k", &body).await;
    assert_eq!(facts(&last), facts(&first));
    world.clock.advance(1);
    let late = send(&world, "POST /users", "k", &body).await;
    late.is_problem(409, "taken", "userName");
}

#[actix_web::test]
async fn names_that_are_not_right_and_answers_with_secrets() {
    let world = World::new();
    let body = json!({ "userName": "ann" });
    for name in ["", "é", &"x".repeat(256)] {
        let answer = send(&world, "POST /users", name, &body).await;
        answer.is_problem(422, "invalid_field", "255 printable");
        let error = answer.json()["errors"][0].clone();
        assert_eq!(error["header"], "Idempotency-Key");
    }
    let twice = world.admin("POST /users").header("idempotency-key", "a");
    let twice = twice.header("idempotency-key", "b").body(&body).await;
    twice.is_problem(422, "invalid_field", "once");
    let key = send(&world, "POST /keys", "k", &json!({ "kind": "read" })).await;
    key.is_problem(422, "invalid_field", "secret");
    let keys = world.admin("GET /keys").send().await;
    let made = keys.json()["items"].as_array().unwrap().len();
    assert_eq!(made, 3, "only those of the world");
}
