//! Cases 1 to 8, 10 to 12 and 57: guessed, missing, foreign and misplaced keys.

use std::{rc::Rc, time::Duration};

use actix_web::rt::{spawn, time::sleep};
use domain::key::{KeyId, Kind, Secret, Token, assemble};
use serde_json::json;

use crate::world::World;

const DAY: u32 = 24 * 60 * 60 * 1_000;

/// A well-formed key that nobody made.
fn guessed(number: u16) -> String {
    let mut bytes = [7; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    assemble(
        Kind::Scim,
        &KeyId::from_random(bytes),
        &Secret::from_random(&[7; 32]),
    )
}

/// The same id with another secret.
fn wrong_secret(token: &str) -> String {
    let token = Token::parse(token).unwrap();
    assemble(token.kind, &token.id, &Secret::from_random(&[9; 32]))
}

async fn users(world: &World, token: &str, from: &str) -> crate::world::Answer {
    let call = world.anonymous("GET /scim/v2/Users").key(token);
    call.from(from).send().await
}

#[actix_web::test]
async fn abuse_01_guessing_is_slowed_by_source_and_keeps_no_valid_key_out() {
    let world = World::new();
    let mut bodies = std::collections::BTreeSet::new();
    for number in 0..1_000 {
        let answer = users(&world, &guessed(number), "203.0.113.7").await;
        if number < 20 {
            assert_eq!(answer.status, 401);
            bodies.insert(answer.text);
        } else {
            assert_eq!(answer.header("retry-after"), Some("60"), "{number}");
            answer.is_scim_error(429, None, "Try again after");
        }
    }
    assert_eq!(bodies.len(), 1, "one body for all");
    assert_eq!(world.hasher.verifies(), 0, "no hash for an unknown id");
    // A valid key still comes in, from there too: it was never verified here before.
    assert_eq!(users(&world, &world.scim, "203.0.113.7").await.status, 200);
    assert_eq!(users(&world, &world.scim, "198.51.100.1").await.status, 200);
    assert_eq!(users(&world, &guessed(1), "198.51.100.1").await.status, 401);
    world.clock.advance(60_000);
    assert_eq!(users(&world, &guessed(1), "203.0.113.7").await.status, 401);
}

#[actix_web::test]
async fn abuse_01_wrong_secrets_of_a_known_key_are_refused_like_unknown_ids() {
    let world = World::new();
    assert_eq!(users(&world, &world.scim, "203.0.113.1").await.status, 200);
    let wrong = wrong_secret(&world.scim);
    let unknown = users(&world, &guessed(1), "203.0.113.2").await;
    let known = users(&world, &wrong, "203.0.113.3").await;
    assert_eq!((unknown.status, &unknown.text), (known.status, &known.text));
    assert_eq!(users(&world, &world.scim, "203.0.113.3").await.status, 200);
}

/// Many wrong secrets of a key that there is, all at once from a source that is slowed down: they are
/// refused like ids that nobody has, and leave argon2 to the others.
#[actix_web::test]
async fn abuse_01_many_wrong_secrets_at_once_keep_no_valid_key_out() {
    let world = Rc::new(World::new());
    for number in 0..20 {
        users(&world, &guessed(number), "203.0.113.7").await;
    }
    let wrong = wrong_secret(&world.scim);
    let attackers: Vec<_> = (0..80)
        .map(|_| {
            let (world, wrong) = (Rc::clone(&world), wrong.clone());
            spawn(async move { users(&world, &wrong, "203.0.113.7").await })
        })
        .collect();
    // They are all on their way now.
    sleep(Duration::from_millis(300)).await;
    let valid = users(&world, &world.foreign, "198.51.100.1").await;
    assert_eq!(valid.status, 200, "{}", valid.text);
    // One from the same source, too, which nobody has seen before.
    let beside = world.anonymous("GET /api/v1/orgs/acme").key(&world.admin);
    let beside = beside.from("203.0.113.7").send().await;
    assert_eq!(beside.status, 200, "{}", beside.text);
    let nobody = users(&world, &guessed(100), "203.0.113.7").await;
    for attacker in attackers {
        let answer = attacker.await.unwrap();
        assert_eq!(
            (answer.status, &answer.text, answer.header("retry-after")),
            (429, &nobody.text, Some("60"))
        );
    }
    // A valid key from there still comes in, and is not taken for a wrong one.
    assert_eq!(users(&world, &world.scim, "203.0.113.7").await.status, 200);
}

#[actix_web::test]
async fn abuse_04_an_empty_secret_opens_nothing() {
    let world = World::new();
    for value in [
        "Bearer",
        "Bearer   ",
        "Bearer null",
        "Bearer undefined",
        "Basic Og==",
    ] {
        let call = world.anonymous("GET /scim/v2/Users");
        let answer = call.header("authorization", value).send().await;
        answer.is_scim_error(401, None, "Authorization: Bearer");
    }
}

/// By counters, not by time: a key that is malformed costs no look-up, an unknown id spends what a
/// known one does.
#[actix_web::test]
async fn abuse_05_an_unknown_id_takes_the_way_of_a_known_one() {
    let world = World::new();
    let (most, last) = world.scim.split_at(world.scim.len() - 1);
    let mistyped = format!("{most}{}", if last == "x" { "y" } else { "x" });
    users(&world, &mistyped, "203.0.113.1").await;
    assert_eq!((world.hasher.verifies(), world.hasher.pretends()), (0, 0));
    users(&world, &guessed(1), "203.0.113.1").await;
    assert_eq!((world.hasher.verifies(), world.hasher.pretends()), (0, 1));
}

#[actix_web::test]
async fn abuse_06_a_key_in_the_url_is_no_key() {
    let world = World::new();
    for name in ["access_token", "api_key", "token", "key"] {
        for line in [
            format!("GET /scim/v2/Users?{name}={}", world.scim),
            format!("GET /api/v1/orgs/acme?{name}={}", world.admin),
        ] {
            assert_eq!(world.anonymous(&line).send().await.status, 401, "{line}");
        }
    }
}

#[actix_web::test]
async fn abuse_07_several_credentials_are_none() {
    let world = World::new();
    for other in [&world.owner, &world.scim] {
        let call = world
            .anonymous("GET /api/v1/orgs")
            .key(&world.owner)
            .key(other);
        call.send()
            .await
            .is_problem(401, "unauthenticated", "Bearer");
    }
    let call = world
        .anonymous("GET /api/v1/orgs")
        .header("cookie", &world.owner);
    assert_eq!(call.send().await.status, 401);
}

#[actix_web::test]
async fn abuse_08_no_key_makes_a_wider_one() {
    let world = World::new();
    for maker in [&world.admin, &world.owner] {
        let call = world.anonymous("POST /api/v1/orgs/acme/keys").key(maker);
        let answer = call.body(&json!({ "kind": "owner" })).await;
        answer.is_problem(403, "wrong_kind", "on the machine");
    }
    let call = world
        .anonymous("POST /api/v1/orgs/acme/keys")
        .key(&world.read);
    assert_eq!(call.body(&json!({ "kind": "read" })).await.status, 403);
    let call = world
        .anonymous("POST /api/v1/orgs/other/keys")
        .key(&world.admin);
    assert_eq!(call.body(&json!({ "kind": "read" })).await.status, 404);
}

#[actix_web::test]
async fn abuse_10_a_foreign_key_is_not_there_to_be_turned_shown_or_revoked() {
    let world = World::new();
    let id = |token: &str| Token::parse(token).unwrap().id.to_string();
    let nobody = id(&guessed(1));
    for (method, rest) in [("POST", "/rotate"), ("GET", ""), ("DELETE", "")] {
        let nobodys = world
            .admin(&format!("{method} /keys/{nobody}{rest}"))
            .send()
            .await;
        // Another organization's, and an owner key, which has none.
        for foreign in [&world.foreign, &world.owner] {
            let line = format!("{method} /keys/{}{rest}", id(foreign));
            let answer = world.admin(&line).send().await;
            answer.is_problem(404, "not_found", "There is no key");
            assert_eq!(answer.json()["detail"], nobodys.json()["detail"]);
        }
    }
    assert_eq!(
        users(&world, &world.foreign, "203.0.113.1").await.status,
        200
    );
    let call = world.anonymous("GET /api/v1/orgs").key(&world.owner);
    assert_eq!(call.send().await.status, 200);
}

#[actix_web::test]
async fn abuse_11_an_ended_key_is_refused_at_once_here() {
    let world = World::new();
    let make = async |body| {
        let made = world.admin("POST /keys").body(&body).await;
        (made.id(), made.json()["token"].as_str().unwrap().to_owned())
    };
    let (id, revoked) = make(json!({ "kind": "scim" })).await;
    let (_, short) = make(json!({ "kind": "scim", "expires_at": "2026-01-02T00:00:00Z" })).await;
    for token in [&revoked, &short] {
        assert_eq!(users(&world, token, "203.0.113.1").await.status, 200);
    }
    assert_eq!(
        world
            .admin(&format!("DELETE /keys/{id}"))
            .send()
            .await
            .status,
        204
    );
    assert_eq!(users(&world, &revoked, "203.0.113.1").await.status, 401);
    world.clock.advance(DAY);
    assert_eq!(users(&world, &short, "203.0.113.1").await.status, 401);
    let log = world.admin("GET /requests").send().await.json();
    let details: Vec<&str> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["detail"].as_str())
        .collect();
    assert_eq!(details, ["The key has expired.", "The key is revoked."]);
}

#[actix_web::test]
async fn abuse_57_a_header_does_not_move_a_client() {
    let world = World::new();
    let body = json!({ "kind": "scim", "allowed_from": ["127.0.0.1"] });
    let made = world.admin("POST /keys").body(&body).await.json();
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip"] {
        let call = world.anonymous("GET /scim/v2/Users");
        let call = call
            .key(made["token"].as_str().unwrap())
            .from("203.0.113.1");
        let answer = call.header(header, "127.0.0.1").send().await;
        assert_eq!(answer.status, 401, "{header}");
    }
}
