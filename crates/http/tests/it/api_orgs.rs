//! Organizations.

use serde_json::json;

use crate::world::{URL, World};

#[actix_web::test]
async fn the_life_of_an_organization() {
    let world = World::new();
    let body = json!({ "slug": "labs", "name": "The Labs", "preset": "datasaur" });
    let created = world.owner("POST /orgs").body(&body).await;
    created.is(201, body.clone());
    let location = format!("{URL}/api/v1/orgs/labs");
    assert_eq!(created.header("location"), Some(location.as_str()));
    world
        .owner("GET /orgs/labs")
        .send()
        .await
        .is(200, body.clone());
    let taken = world.owner("POST /orgs").body(&body).await;
    taken.is_problem(409, "taken", "slug");
    assert_eq!(world.owner("DELETE /orgs/labs").send().await.status, 204);
    world
        .owner("GET /orgs/labs")
        .send()
        .await
        .is_problem(404, "not_found", "organization");
    world
        .owner("DELETE /orgs/labs")
        .send()
        .await
        .is_problem(404, "not_found", "organization");
}

#[actix_web::test]
async fn organizations_are_paged() {
    let world = World::new();
    let item = |slug: &str| json!({ "slug": slug, "name": slug, "preset": "plain" });
    let first = world.owner("GET /orgs?limit=1").send().await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    first.is(
        200,
        json!({ "items": [item("acme")], "next_cursor": cursor }),
    );
    let second = world
        .owner(&format!("GET /orgs?limit=1&cursor={cursor}"))
        .send()
        .await;
    second.is(
        200,
        json!({ "items": [item("other")], "next_cursor": null }),
    );
    let both = json!({ "items": [item("acme"), item("other")], "next_cursor": null });
    world.owner("GET /orgs").send().await.is(200, both);
    let wrong = world.owner("GET /orgs?cursor=!").send().await;
    wrong.is_problem(422, "invalid_field", "cursor");
}

#[actix_web::test]
async fn the_keys_of_a_removed_organization_are_worth_nothing() {
    let world = World::new();
    assert_eq!(world.scim("GET /Users").send().await.status, 200);
    assert_eq!(world.owner("DELETE /orgs/acme").send().await.status, 204);
    let status = world.scim("GET /Users").send().await.status;
    assert!(status == 401 || status == 404, "{status}");
    world.clock.advance(2_000);
    assert_eq!(world.scim("GET /Users").send().await.status, 401);
}
