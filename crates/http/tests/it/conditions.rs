//! Entity tags: no update is lost, no membership is hidden.

use serde_json::json;

use crate::world::World;

#[actix_web::test]
async fn if_match() {
    let world = World::new();
    let id = world.user("ann").await;
    let patch = |value: &str| json!({ "Operations": [{ "op": "replace", "path": "title", "value": value }] });
    let send = async |tag: &str, value: &str| {
        let call = world
            .scim(&format!("PATCH /Users/{id}"))
            .header("if-match", tag);
        call.body(&patch(value)).await
    };
    assert_eq!(send("W/\"1\"", "a").await.status, 200);
    send("W/\"1\"", "b")
        .await
        .is_scim_error(412, None, "If-Match");
    assert_eq!(send("\"1\", \"2\"", "c").await.status, 200);
    assert_eq!(send("*", "d").await.status, 200);
    send("nonsense", "e")
        .await
        .is_scim_error(400, Some("invalidValue"), "If-Match");
    let many = vec!["\"1\""; 65].join(",");
    send(&many, "e")
        .await
        .is_scim_error(400, Some("invalidValue"), "If-Match");
    // 412 comes before 400, 404 before both.
    let call = world
        .scim(&format!("PUT /Users/{id}"))
        .header("if-match", "\"1\"");
    assert_eq!(call.raw("{").send().await.status, 412);
    let call = world
        .scim(&format!("DELETE /Users/{id}"))
        .header("if-match", "\"1\"");
    assert_eq!(call.send().await.status, 412);
    let nobody = "01900000-0000-7000-8000-000000000000";
    let call = world
        .scim(&format!("PUT /Users/{nobody}"))
        .header("if-match", "nonsense");
    assert_eq!(call.raw("{").send().await.status, 404);
    let call = world
        .scim(&format!("PUT /Users/{id}"))
        .header("if-none-match", "*");
    assert_eq!(call.body(&json!({ "userName": "ann" })).await.status, 412);
    let call = world
        .scim(&format!("DELETE /Users/{id}"))
        .header("if-match", "\"4\"");
    assert_eq!(call.send().await.status, 204);
}

#[actix_web::test]
async fn a_304_never_hides_a_membership() {
    let world = World::new();
    let ann = world.user("ann").await;
    let get = async |tag: &str| {
        let call = world
            .scim(&format!("GET /Users/{ann}"))
            .header("if-none-match", tag);
        call.send().await
    };
    let alone = get("\"0\"").await;
    let tag = alone.header("etag").unwrap().to_owned();
    assert_eq!(alone.json()["meta"]["version"], json!(tag));
    let same = get(&tag).await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    assert_eq!(same.header("etag"), Some(tag.as_str()));

    let staff = world.group("Staff", &[&ann]).await;
    let joined = get(&tag).await;
    assert_eq!(joined.status, 200);
    let with_group = joined.header("etag").unwrap().to_owned();
    assert_eq!(joined.json()["meta"]["version"], json!(with_group));
    assert_eq!(get(&with_group).await.status, 304);
    // A write is conditional on the user alone.
    let call = world
        .scim(&format!("PUT /Users/{ann}"))
        .header("if-match", &with_group);
    assert_eq!(call.body(&json!({ "userName": "ann" })).await.status, 200);

    let group_tag = "W/\"1\"";
    let get = async |tag: &str| {
        let call = world
            .scim(&format!("GET /Groups/{staff}"))
            .header("if-none-match", tag);
        call.send().await.status
    };
    assert_eq!(get(group_tag).await, 304);
    assert_eq!(
        world
            .scim(&format!("DELETE /Users/{ann}"))
            .send()
            .await
            .status,
        204
    );
    assert_eq!(get(group_tag).await, 200);
}
