//! Groups over the admin API: found, made by hand, removed.

use serde_json::{Value, json};

use crate::world::{URL, World};

#[actix_web::test]
async fn groups_are_made_found_and_removed() {
    let world = World::new();
    let body = json!({ "displayName": "QA", "externalId": "7" });
    let made = world.admin("POST /groups").body(&body).await;
    let id = made.id();
    let location = format!("{URL}/api/v1/orgs/acme/groups/{id}");
    assert_eq!(made.header("location"), Some(&*location));
    let at = "2026-01-01T00:00:00.000Z";
    let view = json!({ "id": "<1>", "displayName": "QA", "externalId": "7", "created_at": at,
        "modified_at": at });
    made.is(201, view.clone());
    let one = world.admin(&format!("GET /groups/{id}")).send().await;
    assert_eq!(one.header("etag"), made.header("etag"));
    one.is(200, view.clone());
    let list = json!({ "items": [view], "next_cursor": null });
    world
        .admin("GET /groups")
        .send()
        .await
        .is(200, list.clone());
    let found = world.admin("GET /groups?displayName=qa").send().await;
    found.is(200, list);
    let none = world.admin("GET /groups?displayName=dev").send().await;
    none.is(200, json!({ "items": [], "next_cursor": null }));
    let again = world
        .admin("POST /groups")
        .body(&json!({ "displayName": "qa" }))
        .await;
    again.is_problem(409, "taken", "displayName");
    let gone = world.admin(&format!("DELETE /groups/{id}")).send().await;
    assert_eq!((gone.status, gone.json()), (204, Value::Null));
    for line in ["GET", "DELETE"] {
        let answer = world.admin(&format!("{line} /groups/{id}")).send().await;
        answer.is_problem(404, "not_found", "group");
    }
}

/// A rule that waits for the name is bound by a group made by hand, and the identity provider links
/// to it.
#[actix_web::test]
async fn a_group_made_by_hand_is_linked_by_the_identity_provider() {
    let world = World::new();
    world
        .map(json!({ "organization": [{ "group": "Admins", "role": "admin" }] }))
        .await;
    let made = world.admin("POST /groups");
    let group = made.body(&json!({ "displayName": "Admins" })).await.id();
    let line = "GET /Groups?filter=displayName+eq+%22Admins%22";
    let found = world.scim(line).send().await.json();
    assert_eq!(found["Resources"][0]["id"], json!(group));
    let ann = world.user("ann").await;
    let add = json!({ "Operations": [
        { "op": "add", "path": "members", "value": [{ "value": ann }] }] });
    let line = format!("PATCH /Groups/{group}");
    assert_eq!(world.scim(&line).body(&add).await.status, 204);
    let access = world
        .admin(&format!("GET /users/{ann}/access"))
        .send()
        .await;
    assert_eq!(access.json()["role"]["key"], "admin");
}

#[actix_web::test]
async fn groups_are_paged() {
    let world = World::new();
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(world.group(name, &[]).await);
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let line = format!("GET /groups?limit=2&cursor={cursor}");
        let page = world.admin(&line).send().await.json();
        let items = page["items"].as_array().unwrap();
        found.extend(items.iter().map(|item| item["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found, ids);
}

#[actix_web::test]
async fn groups_that_are_not_right() {
    let world = World::new();
    for (body, status, says) in [
        (json!({}), 422, "displayName"),
        (
            json!({ "displayname": "x" }),
            422,
            "Did you mean displayName?",
        ),
        (json!({ "displayName": "" }), 400, "displayName"),
        (json!({ "displayName": "x", "members": [] }), 422, "members"),
    ] {
        let answer = world.admin("POST /groups").body(&body).await;
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        answer.is_problem(status, &code, says);
    }
    let empty = world.admin("GET /groups?displayName=").send().await;
    empty.is_problem(422, "invalid_field", "displayName");
    let nobody = world.admin("GET /groups").send().await;
    nobody.is(200, json!({ "items": [], "next_cursor": null }));
}

/// What an identity provider cannot be told, an administrator can.
#[actix_web::test]
async fn the_group_of_the_last_admin_is_not_removed_by_an_administrator() {
    let world = World::new();
    let rules = json!({ "organization": [{ "group": "Admins", "role": "admin" }] });
    world.map(rules).await;
    let ann = world.user("ann").await;
    let group = world.group("Admins", &[&ann]).await;
    let refused = world.admin(&format!("DELETE /groups/{group}")).send().await;
    refused.is_problem(409, "last_holder", "admin");
    assert_eq!(
        world
            .admin(&format!("GET /groups/{group}"))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(
        world
            .scim(&format!("DELETE /Groups/{group}"))
            .send()
            .await
            .status,
        204
    );
    let access = world
        .admin(&format!("GET /users/{ann}/access"))
        .send()
        .await;
    assert_eq!(access.json()["role"]["key"], "admin", "held");
}
