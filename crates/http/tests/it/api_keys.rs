//! API keys of an organization.

mod bounds;
mod listed;

use serde_json::json;

use crate::world::World;

#[actix_web::test]
async fn the_life_of_a_key() {
    let world = World::new();
    let body = json!({ "kind": "scim", "name": "Okta" });
    let made = world.admin("POST /keys").body(&body).await;
    let key = made.json();
    let (id, token) = (key["id"].as_str().unwrap(), key["token"].as_str().unwrap());
    assert!(token.starts_with("rc_scim_"));
    let maker = domain::key::Token::parse(&world.admin)
        .unwrap()
        .id
        .to_string();
    let mut wanted = json!({
        "id": id, "token": token, "kind": "scim", "name": "Okta", "made_by": maker,
        "created_at": "2026-01-01T00:00:00.000Z", "expires_at": "2027-01-01T00:00:00.000Z",
        "revoked_at": null, "allowed_from": [], "last_used": null, "rotation": null,
    });
    made.is(201, wanted.clone());
    let call = world.anonymous("GET /scim/v2/Users").key(token);
    assert_eq!(call.send().await.status, 200);

    let listed = world.admin("GET /keys").send().await;
    wanted.as_object_mut().unwrap().remove("token");
    assert!(listed.json()["items"].as_array().unwrap().contains(&wanted));
    assert!(!listed.text.contains("token") && !listed.text.contains("phc"));

    assert_eq!(
        world
            .admin(&format!("DELETE /keys/{id}"))
            .send()
            .await
            .status,
        204
    );
    let call = world.anonymous("GET /scim/v2/Users").key(token);
    assert_eq!(call.send().await.status, 401);
    world
        .admin("DELETE /keys/nothing")
        .send()
        .await
        .is_problem(404, "not_found", "key");
}

#[actix_web::test]
async fn nobody_makes_a_wider_key() {
    let world = World::new();
    for key in [&world.admin, &world.owner] {
        let call = world.anonymous("POST /api/v1/orgs/acme/keys").key(key);
        call.body(&json!({ "kind": "owner" }))
            .await
            .is_problem(403, "wrong_kind", "rolecall key");
    }
    let call = world
        .anonymous("POST /api/v1/orgs/other/keys")
        .key(&world.admin);
    call.body(&json!({ "kind": "scim" }))
        .await
        .is_problem(404, "not_found", "organization");
    // A foreign key looks like none at all.
    let foreign = domain::key::Token::parse(&world.foreign).unwrap().id;
    let answer = world.admin(&format!("DELETE /keys/{foreign}")).send().await;
    answer.is_problem(404, "not_found", "key");
    let call = world.anonymous("GET /scim/v2/Users").key(&world.foreign);
    assert_eq!(call.send().await.status, 200);
}

/// Works for the requests that are sent with it.
async fn works(world: &World, token: &str) -> bool {
    let answer = world
        .anonymous("GET /scim/v2/Users")
        .key(token)
        .send()
        .await;
    match answer.status {
        200 => true,
        401 => false,
        other => panic!("{other}: {}", answer.text),
    }
}

async fn show(world: &World, id: &str) -> serde_json::Value {
    let answer = world.admin(&format!("GET /keys/{id}")).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// A new SCIM key: id and token.
async fn make(world: &World, body: serde_json::Value) -> (String, String) {
    let made = world.admin("POST /keys").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    (made.id(), token)
}

fn days(world: &World, days: u32) {
    for _ in 0..days {
        world.clock.advance(24 * 60 * 60 * 1_000);
    }
}

#[actix_web::test]
async fn a_rotated_key_has_two_secrets_until_the_overlap_ends() {
    let world = World::new();
    let (id, old) = make(&world, json!({ "kind": "scim" })).await;
    assert!(works(&world, &old).await);
    let line = format!("POST /keys/{id}/rotate");
    let turned = world.admin(&line).body(&json!({ "overlap_days": 2 })).await;
    assert_eq!((turned.status, turned.id()), (200, id.clone()));
    let new = turned.json()["token"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    let rotation = json!({
        "old_good_until": "2026-01-03T00:00:00.000Z", "old_last_used_at": null,
        "new_first_used_at": null,
    });
    assert_eq!(turned.json()["rotation"], rotation);
    assert!(works(&world, &old).await && works(&world, &new).await);
    app::keys::worker::once(&world.app()).unwrap();
    let shown = show(&world, &id).await;
    assert_eq!(
        shown["rotation"]["old_last_used_at"],
        "2026-01-01T00:00:00.000Z"
    );
    assert_eq!(
        shown["rotation"]["new_first_used_at"],
        "2026-01-01T00:00:00.000Z"
    );
    assert!(!shown.to_string().contains("token"));
    let report = world.admin("GET /report").send().await.json();
    assert_eq!(report["old_secrets_in_use"][0]["id"], json!(id));
    days(&world, 2);
    assert!(!works(&world, &old).await && works(&world, &new).await);
    assert_eq!(show(&world, &id).await["rotation"], json!(null));
}

#[actix_web::test]
async fn what_is_wrong_with_a_rotation_is_said() {
    let world = World::new();
    let (id, token) = make(&world, json!({ "kind": "scim" })).await;
    let line = format!("POST /keys/{id}/rotate");
    for (body, code, says) in [
        (json!({ "overlap_days": 8 }), "invalid_field", "0 to 7"),
        (
            json!({ "overlap_days": -1 }),
            "invalid_field",
            "overlap_days",
        ),
        (
            json!({ "expires_at": "2020-01-01T00:00:00Z" }),
            "invalid_field",
            "expires_at",
        ),
        (json!({ "days": 1 }), "unknown_field", "overlap_days"),
    ] {
        world
            .admin(&line)
            .body(&body)
            .await
            .is_problem(422, code, says);
    }
    assert!(works(&world, &token).await);
    assert_eq!(
        world
            .admin(&format!("DELETE /keys/{id}"))
            .send()
            .await
            .status,
        204
    );
    let ended = world.admin(&line).send().await;
    ended.is_problem(409, "key_ended", "Make a new one");
}

#[actix_web::test]
async fn an_overlap_of_no_days_ends_the_old_secret_at_once() {
    let world = World::new();
    let (id, old) = make(&world, json!({ "kind": "scim" })).await;
    assert!(works(&world, &old).await);
    let line = format!("POST /keys/{id}/rotate");
    let turned = world.admin(&line).body(&json!({ "overlap_days": 0 })).await;
    assert!(!works(&world, &old).await);
    assert!(works(&world, turned.json()["token"].as_str().unwrap()).await);
}

#[actix_web::test]
async fn a_key_ends_when_its_maker_said() {
    let world = World::new();
    let until = "2026-01-02T00:00:00.000Z";
    let (id, short) = make(&world, json!({ "kind": "scim", "expires_at": until })).await;
    // An admin key that ends itself makes none that never does.
    let body = json!({ "kind": "scim", "expires_at": null });
    let made = world.owner("POST /orgs/acme/keys").body(&body).await.json();
    let endless = made["token"].as_str().unwrap().to_owned();
    assert_eq!(show(&world, &id).await["expires_at"], until);
    assert!(works(&world, &short).await);
    days(&world, 1);
    assert!(!works(&world, &short).await);
    days(&world, 300);
    assert!(works(&world, &endless).await);
    for wrong in [json!("2025-12-31T00:00:00Z"), json!("soon")] {
        let body = json!({ "kind": "scim", "expires_at": wrong });
        let answer = world.admin("POST /keys").body(&body).await;
        answer.is_problem(422, "invalid_field", "expires_at");
    }
}

#[actix_web::test]
async fn a_key_is_good_from_its_addresses_only() {
    let world = World::new();
    let ranges = json!(["203.0.113.0/24", "2001:db8::1"]);
    let (id, token) = make(&world, json!({ "kind": "scim", "allowed_from": ranges })).await;
    assert_eq!(show(&world, &id).await["allowed_from"], ranges);
    let check = async |address: &str, status: u16| {
        let call = world.anonymous("GET /scim/v2/Users").key(&token);
        let call = call.header("x-forwarded-for", "203.0.113.7");
        assert_eq!(call.from(address).send().await.status, status, "{address}");
    };
    check("203.0.113.200", 200).await;
    check("::ffff:203.0.113.1", 200).await;
    check("2001:db8::1", 200).await;
    check("198.51.100.1", 401).await;
    check("2001:db8::2", 401).await;
    assert!(!works(&world, &token).await, "from nowhere");
    let log = world.admin("GET /requests?limit=1").send().await.json();
    assert_eq!(
        log["items"][0]["detail"],
        "The key may not be used from this address."
    );
    let body = json!({ "kind": "scim", "allowed_from": ["203.0.113.7/24"] });
    let answer = world.admin("POST /keys").body(&body).await;
    answer.is_problem(422, "invalid_field", "allowed_from");
}

#[actix_web::test]
async fn the_last_use_is_told() {
    let world = World::new();
    let (id, token) = make(&world, json!({ "kind": "scim" })).await;
    world.clock.advance(90_000);
    let call = world.anonymous("GET /scim/v2/Users").key(&token);
    let call = call.header("user-agent", "Okta/1").from("203.0.113.7");
    assert_eq!(call.send().await.status, 200);
    assert_eq!(
        show(&world, &id).await["last_used"],
        json!(null),
        "written in batches"
    );
    app::keys::worker::once(&world.app()).unwrap();
    let used =
        json!({ "at": "2026-01-01T00:01:00.000Z", "from": "203.0.113.7", "user_agent": "Okta/1" });
    assert_eq!(show(&world, &id).await["last_used"], used);
}

#[actix_web::test]
async fn the_end_of_a_key_is_announced_at_thirty_seven_and_one_days() {
    let world = World::new();
    let until = "2026-03-02T00:00:00.000Z";
    let (id, _) = make(
        &world,
        json!({ "kind": "scim", "name": "okta", "expires_at": until }),
    )
    .await;
    let mut told = 0;
    let mut check = async |after: u32, expected: Option<u32>| {
        days(&world, after);
        for again in 0..2 {
            let new = u64::from(expected.is_some() && again == 0);
            assert_eq!(app::keys::worker::once(&world.app()).unwrap(), new);
        }
        let feed = world.admin("GET /events?limit=1000").send().await.json();
        let items = feed["items"].as_array().unwrap();
        let ours: Vec<_> = items
            .iter()
            .filter(|item| item["type"] == "key.expiring")
            .collect();
        told += usize::from(expected.is_some());
        assert_eq!(ours.len(), told);
        if let Some(days) = expected {
            let after = json!({ "name": "okta", "expires_at": until, "days": days });
            assert_eq!(ours[told - 1]["after"], after, "{}", ours[told - 1]);
            assert_eq!(
                ours[told - 1]["subject"],
                json!({ "type": "key", "key": id })
            );
        }
    };
    check(0, None).await;
    check(29, None).await;
    check(1, Some(30)).await;
    check(20, None).await;
    check(3, Some(7)).await;
    check(6, Some(1)).await;
    check(1, None).await;
}

/// Gives a key another secret.
async fn rotate(world: &World, id: &str, body: serde_json::Value) -> String {
    let turned = world.admin(&format!("POST /keys/{id}/rotate"));
    let turned = turned.body(&body).await;
    assert_eq!(turned.status, 200, "{}", turned.text);
    turned.json()["token"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn the_end_of_a_key_is_the_end_of_its_old_secret() {
    let world = World::new();
    let (id, old) = make(&world, json!({ "kind": "scim" })).await;
    let body = json!({ "overlap_days": 7, "expires_at": "2026-01-02T00:00:00Z" });
    let new = rotate(&world, &id, body).await;
    assert!(works(&world, &old).await && works(&world, &new).await);
    let rotation = show(&world, &id).await["rotation"].clone();
    assert_eq!(rotation["old_good_until"], "2026-01-02T00:00:00.000Z");
    days(&world, 1);
    assert!(!works(&world, &old).await && !works(&world, &new).await);
}

#[actix_web::test]
async fn rotating_again_does_not_prolong_the_secret_in_use() {
    let world = World::new();
    let (id, old) = make(&world, json!({ "kind": "scim" })).await;
    rotate(&world, &id, json!({ "overlap_days": 2 })).await;
    for _ in 0..2 {
        world.clock.advance(60_000);
        rotate(&world, &id, json!({ "overlap_days": 7 })).await;
        let rotation = show(&world, &id).await["rotation"].clone();
        assert_eq!(rotation["old_good_until"], "2026-01-03T00:00:00.000Z");
    }
    assert!(works(&world, &old).await);
    days(&world, 2);
    assert!(!works(&world, &old).await);
}

#[actix_web::test]
async fn rotating_twice_in_a_row_keeps_the_secret_in_use() {
    let world = World::new();
    let (id, first) = make(&world, json!({ "kind": "scim" })).await;
    let second = rotate(&world, &id, json!({})).await;
    // Used here, and not written to the key's row yet.
    assert!(works(&world, &second).await);
    let third = rotate(&world, &id, json!({})).await;
    assert!(works(&world, &second).await && works(&world, &third).await);
    assert!(!works(&world, &first).await, "two are good, not three");
}

/// Two secrets in use, one of them promised for a week: a third ends it, which has to be meant.
#[actix_web::test]
async fn a_promised_secret_that_is_in_use_ends_early_by_force_alone() {
    let world = World::new();
    let (id, first) = make(&world, json!({ "kind": "scim" })).await;
    let second = rotate(&world, &id, json!({})).await;
    assert!(works(&world, &first).await && works(&world, &second).await);
    world.clock.advance(60_000);
    let again = world.admin(&format!("POST /keys/{id}/rotate")).send().await;
    again.is_problem(409, "old_secret_in_use", "2026-01-01T00:00:00.000Z");
    assert!(works(&world, &first).await && works(&world, &second).await);
    let forced = world.admin(&format!("POST /keys/{id}/rotate"));
    let forced = forced.body(&json!({ "force": true })).await;
    assert_eq!(forced.status, 200, "{}", forced.text);
    let ended = json!({
        "was_good_until": "2026-01-08T00:00:00.000Z",
        "last_used_at": "2026-01-01T00:01:00.000Z",
    });
    assert_eq!(forced.json()["ended_secret"], ended);
    assert!(!works(&world, &first).await && works(&world, &second).await);
    // Nothing is said of a secret that ends when it should.
    let (id, _) = make(&world, json!({ "kind": "scim" })).await;
    let turned = world.admin(&format!("POST /keys/{id}/rotate")).send().await;
    assert!(turned.json().get("ended_secret").is_none());
}

#[actix_web::test]
async fn a_second_rotation_waits_until_the_use_of_the_first_is_known() {
    let world = World::new();
    let (id, first) = make(&world, json!({ "kind": "scim" })).await;
    let lost = rotate(&world, &id, json!({})).await;
    let line = format!("POST /keys/{id}/rotate");
    let at_once = world.admin(&line).send().await;
    at_once.is_problem(409, "key_just_rotated", "in 30 s");
    world.clock.advance(29_001);
    let early = world.admin(&line).send().await;
    early.is_problem(409, "key_just_rotated", "in 1 s");
    world.clock.advance(999);
    let found = rotate(&world, &id, json!({})).await;
    assert!(works(&world, &first).await && works(&world, &found).await);
    assert!(!works(&world, &lost).await);
    // A leak does not wait: everything but the newest ends.
    let newest = rotate(&world, &id, json!({ "overlap_days": 0 })).await;
    assert!(works(&world, &newest).await);
    assert!(!works(&world, &first).await && !works(&world, &found).await);
}
