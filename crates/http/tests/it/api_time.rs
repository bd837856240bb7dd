//! Access at past moments, and why somebody has what they have.

use app::port::Clock;
use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn access_at_a_past_moment() {
    let world = World::new();
    let rules = json!({ "organization": [{ "group": "Admins", "role": "admin" }] });
    world.map(rules).await;
    let ann = world.user("ann").await;
    world.clock.advance(60_000);
    world.group("Admins", &[&ann]).await;
    world.clock.advance(60_000);
    let role = async |at: &str| {
        let line = format!("GET /users/{ann}/access?at={at}");
        let answer = world.admin(&line).send().await;
        (answer.status, answer.json()["role"]["key"].clone())
    };
    assert_eq!(role("2026-01-01T00:00:30Z").await, (200, json!("member")));
    assert_eq!(
        role("2026-01-01T01:00:59.999%2B01:00").await,
        (200, json!("member"))
    );
    assert_eq!(role("2026-01-01T00:01:00Z").await, (200, json!("admin")));
    assert_eq!(role("2025-12-31T23:59:59Z").await.0, 404);
    let page = async |at: &str| {
        let line = format!("GET /access?at={at}");
        world.admin(&line).send().await.json()
    };
    let then = page("2026-01-01T00:00:30Z").await;
    assert_eq!(then["items"][0]["role"]["key"], "member");
    assert_eq!(then["items"][0]["cause"]["kind"], "provisioning");
    assert_eq!(page("2025-01-01T00:00:00Z").await["items"], json!([]));
    assert_eq!(
        world
            .admin(&format!("DELETE /users/{ann}"))
            .send()
            .await
            .status,
        204
    );
    let then = page("2026-01-01T00:01:30Z").await;
    assert_eq!(
        then["items"][0]["user"]["id"],
        json!(ann),
        "the removed one is found"
    );
}

/// Time is drawn before a change waits for its turn, and clocks of processes differ: what was
/// written last is what is, and no time that was told goes back.
#[actix_web::test]
async fn a_change_that_drew_its_time_early_is_the_last_one_all_the_same() {
    let world = World::new();
    let ann = world.user("ann").await;
    let group = world.group("Staff", &[]).await;
    let active = async |on: bool| {
        let body = json!({ "Operations": [
            { "op": "replace", "path": "active", "value": on }] });
        let line = format!("PATCH /Users/{ann}");
        assert_eq!(world.scim(&line).body(&body).await.status, 200);
    };
    let rename = async |name: &str| {
        let body = json!({ "Operations": [
            { "op": "replace", "path": "displayName", "value": name }] });
        let line = format!("PATCH /Groups/{group}");
        assert_eq!(world.scim(&line).body(&body).await.status, 204);
    };
    world.clock.advance(60_000);
    let late = world.clock.now();
    active(false).await;
    active(true).await;
    rename("People").await;
    world.clock.set(late - 30_000);
    active(false).await;
    rename("Everybody").await;
    world.clock.set(late + 30_000);
    for line in ["", "?at=2026-01-01T00:01:30Z"] {
        let line = format!("GET /users/{ann}/access{line}");
        let access = world.admin(&line).send().await.json();
        assert_eq!(access["state"], "deactivated", "{line}");
    }
    for line in [format!("GET /Users/{ann}"), format!("GET /Groups/{group}")] {
        let meta = world.scim(&line).send().await.json()["meta"].clone();
        assert_eq!(meta["lastModified"], "2026-01-01T00:01:00.000Z", "{line}");
    }
}

#[actix_web::test]
async fn reasons_are_told_where_they_are_asked_for() {
    let world = World::new();
    world
        .map(json!({ "organization": [
            { "group": "Admins", "role": "admin" }, { "group": "All", "role": "member" }] }))
        .await;
    let ann = world.user("ann").await;
    world.group("All", &[&ann]).await;
    world.group("Admins", &[&ann]).await;
    let line = format!("GET /users/{ann}/access");
    let plain = world.admin(&line).send().await.json();
    assert_eq!(
        (plain.get("because"), plain.get("state_because")),
        (None, None)
    );
    let told = world
        .admin(&format!("{line}?explain=true"))
        .send()
        .await
        .json();
    assert_eq!(told["role"]["key"], "admin");
    assert_eq!(told["state_because"], "active");
    let because = told["because"].as_array().unwrap();
    let brief: Vec<Value> = because
        .iter()
        .map(|one| {
            json!([
                one["candidate"],
                one["won"],
                one["from"]["kind"],
                one["from"]["group"]["name"],
                one["lost_because"]
            ])
        })
        .collect();
    let wanted = [
        json!(["admin", true, "rule", "Admins", null]),
        json!(["member", false, "rule", "All", "lower_role"]),
        json!(["member", false, "default", null, "default_not_needed"]),
    ];
    assert_eq!(brief, wanted, "{told}");
    for (query, field) in [
        ("explain=1", "explain"),
        ("explain=true&at=2026-01-01T00:00:00Z", "explain"),
        ("at=now", "at"),
        ("at=", "at"),
    ] {
        let refused = world.admin(&format!("{line}?{query}")).send().await;
        assert_eq!(refused.status, 422, "{query}");
        assert_eq!(
            refused.json()["errors"][0]["field"],
            json!(field),
            "{query}"
        );
    }
}
