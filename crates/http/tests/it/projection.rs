//! Which attributes are answered.

use serde_json::json;

use crate::world::World;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

#[actix_web::test]
async fn attributes_and_excluded_attributes() {
    let world = World::new();
    let body = json!({ "userName": "ann", "name": { "givenName": "A", "familyName": "B" } });
    let id = world.scim("POST /Users").body(&body).await.id();
    let check = async |query: &str, keys: &[&str]| {
        let one = world.scim(&format!("GET /Users/{id}?{query}")).send().await;
        assert_eq!(one.status, 200, "{}", one.text);
        let list = world
            .scim(&format!("GET /Users?{query}"))
            .send()
            .await
            .json();
        let one = one.json();
        assert_eq!(list["Resources"][0], one, "{query}");
        let found: Vec<&str> = one
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(found, keys, "{query}");
    };
    let all = [
        "schemas", "id", "userName", "name", "active", "groups", "meta",
    ];
    check("", &all).await;
    check("attributes=", &all).await;
    check("attributes=userName", &["schemas", "id", "userName"]).await;
    check(
        "attributes=USERNAME,nothing&",
        &["schemas", "id", "userName"],
    )
    .await;
    check("attributes=name.givenName", &["schemas", "id", "name"]).await;
    check(
        "excludedAttributes=meta,groups,id,name",
        &["schemas", "id", "userName", "active"],
    )
    .await;
    let both = format!("GET /Users/{id}?attributes=userName&excludedAttributes=name");
    world
        .scim(&both)
        .send()
        .await
        .is_scim_error(400, Some("invalidValue"), "attributes");
}

#[actix_web::test]
async fn answers_to_writes_are_projected_too() {
    let world = World::new();
    let body = json!({ "userName": "ann", "title": "x" });
    let wanted = json!({ "schemas": [USER], "id": "<1>", "userName": "ann" });
    let created = world
        .scim("POST /Users?attributes=userName")
        .body(&body)
        .await;
    created.is(201, wanted.clone());
    assert_eq!(created.header("etag"), Some("W/\"1\""));
    let id = created.id();
    let line = format!("PUT /Users/{id}?attributes=userName");
    world
        .scim(&line)
        .body(&json!({ "userName": "ann" }))
        .await
        .is(200, wanted.clone());
    let patch = json!({ "Operations": [{ "op": "add", "path": "title", "value": "y" }] });
    let line = format!("PATCH /Users/{id}?attributes=userName");
    world.scim(&line).body(&patch).await.is(200, wanted);
}
