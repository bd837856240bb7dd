//! Holds, jobs, the report, and people across organizations.

use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn holds_are_shown() {
    let world = World::new();
    let none = json!({ "items": [], "next_cursor": null });
    world.admin("GET /holds").send().await.is(200, none);
    let rules = json!({ "organization": [{ "group": "Admins", "role": "admin" }] });
    world.map(rules).await;
    let ann = world.user("ann").await;
    let group = world.group("Admins", &[&ann]).await;
    assert_eq!(
        world
            .scim(&format!("DELETE /Groups/{group}"))
            .send()
            .await
            .status,
        204
    );
    let hold = json!({ "user": "<1>", "role": "admin", "since": "2026-01-01T00:00:00.000Z",
        "reason": "Nobody else active would have this protected role." });
    let held = world.admin("GET /holds").send().await;
    held.is(200, json!({ "items": [hold], "next_cursor": null }));
    let report = world.admin("GET /report").send().await.json();
    assert_eq!(report["holds"][0]["user"], json!(ann));
}

#[actix_web::test]
async fn jobs_are_listed() {
    let world = World::new();
    let none = json!({ "items": [], "next_cursor": null });
    world.admin("GET /jobs").send().await.is(200, none);
}

#[actix_web::test]
async fn the_report_tells_what_to_look_at() {
    let world = World::new();
    let patch = json!({ "policies": { "roles_attribute": "on" } });
    assert_eq!(
        world.admin("PATCH /settings").body(&patch).await.status,
        200
    );
    let rules = json!({ "organization": [{ "group": "Admins", "role": "admin" }] });
    world.map(rules).await;
    let body = json!({ "userName": "ann", "roles": [{ "value": "wizard" }] });
    let ann = world.scim("POST /Users").body(&body).await.id();
    let nobody = "00000000-0000-7000-8000-000000000000".to_owned();
    world.group("Others", &[&ann, &nobody]).await;
    let report = world.admin("GET /report").send().await.json();
    for (field, wanted) in [
        ("rules_without_group", json!(["Admins"])),
        ("groups_without_rule", json!(["Others"])),
        ("unknown_roles", json!(["wizard"])),
        ("unknown_members", json!([nobody])),
        ("seats", json!({ "used": 1, "limit": null })),
        ("manual", json!({ "users_with_grants": 0, "users": 1 })),
        ("expiring_keys", json!([])),
        ("mass_loss", json!(false)),
    ] {
        assert_eq!(report[field], wanted, "{field}: {report}");
    }
    assert_eq!(
        report["connection"]["last_change_at"],
        "2026-01-01T00:00:00.000Z"
    );
    assert_eq!(report["connection"]["stale"], false);
    world.clock.advance(3 * 24 * 60 * 60 * 1_000);
    let report = world.admin("GET /report").send().await.json();
    assert_eq!(report["connection"]["stale"], true);
}

#[actix_web::test]
async fn people_are_found_across_organizations() {
    let world = World::new();
    let body = json!({ "userName": "ann",
        "emails": [{ "value": "ann@example.com", "primary": true }] });
    world.scim("POST /Users").body(&body).await;
    let other = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
    other.body(&body).await;
    let found = world
        .owner("GET /people?email=ANN@example.com")
        .send()
        .await
        .json();
    let orgs: Vec<&Value> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["org"])
        .collect();
    assert_eq!(orgs, ["acme", "other"], "{found}");
    let persons: Vec<&Value> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["access"]["user"]["person"])
        .collect();
    assert_eq!(persons[0], persons[1]);
    let none = world
        .owner("GET /people?email=bob@example.com")
        .send()
        .await;
    none.is(200, json!({ "items": [], "next_cursor": null }));
    for line in [
        "GET /people",
        "GET /people?email=",
        "GET /people?email=a%00",
    ] {
        world
            .owner(line)
            .send()
            .await
            .is_problem(422, "invalid_field", "email");
    }
}
