//! Settings, roles, and optimistic locking.

use serde_json::{Value, json};

use crate::world::{URL, World};

#[actix_web::test]
async fn settings_are_merged() {
    let world = World::new();
    let before = world.admin("GET /settings").send().await;
    assert_eq!((before.status, before.header("etag")), (200, Some("\"1\"")));
    let urls: Vec<String> = [
        "/scim/v2",
        "/scim",
        "/orgs/acme/scim/v2",
        "/api/teams/acme/scim/v2",
        "/gms/openapi/scim/v2",
        "/api/v1/auth/scim",
        "/api/v2/scim",
    ]
    .iter()
    .map(|mount| format!("{URL}{mount}"))
    .collect();
    let mut wanted = before.json();
    assert_eq!(wanted["scim_base_urls"], json!(urls));
    let patch = json!({ "connection": { "strict": true }, "policies": { "default_role": "none" } });
    let after = world.admin("PATCH /settings").body(&patch).await;
    wanted["connection"]["strict"] = json!(true);
    wanted["policies"]["default_role"] = Value::Null;
    after.is(200, wanted.clone());
    assert_eq!(after.header("etag"), Some("\"2\""));
    world.admin("GET /settings").send().await.is(200, wanted);
}

#[actix_web::test]
async fn if_match_guards_settings_roles_and_mapping() {
    let world = World::new();
    let roles = world.admin("GET /roles").send().await.json();
    for (path, body) in [
        ("PATCH /settings", json!({})),
        ("PUT /roles", roles),
        ("PUT /mapping", json!({ "organization": [] })),
    ] {
        let send = async |tag: &str| world.admin(path).header("if-match", tag).body(&body).await;
        assert_eq!(send("\"1\"").await.status, 200, "{path}");
        assert_eq!(send("W/\"1\"").await.status, 200, "{path}");
        assert_eq!(send("*").await.status, 200, "{path}");
        send("\"7\"")
            .await
            .is_problem(412, "precondition_failed", "");
        send("\"x\"")
            .await
            .is_problem(412, "precondition_failed", "");
        for wrong in ["1", "", "\"1\", \"2\""] {
            send(wrong)
                .await
                .is_problem(422, "invalid_field", "If-Match");
        }
    }
}

#[actix_web::test]
async fn single_sign_on_comes_first_where_the_preset_says_so() {
    let world = World::new();
    let org = json!({ "slug": "labs", "preset": "datasaur" });
    assert_eq!(world.owner("POST /orgs").body(&org).await.status, 201);
    let enable = json!({ "connection": { "enabled": true } });
    let refused = world.owner("PATCH /orgs/labs/settings").body(&enable).await;
    refused.is_problem(409, "sso_required", "connection.sso");
    let sso =
        json!({ "protocol": "saml", "issuer": "urn:x", "sign_in_url": "https://idp.example/" });
    let enable = json!({ "connection": { "enabled": true, "sso": sso } });
    let enabled = world.owner("PATCH /orgs/labs/settings").body(&enable).await;
    assert_eq!(enabled.status, 200);
    let url = format!("{URL}/api/teams/labs/scim/v2");
    assert!(
        enabled.json()["scim_base_urls"]
            .as_array()
            .unwrap()
            .contains(&json!(url))
    );
}

#[actix_web::test]
async fn roles_are_replaced_whole() {
    let world = World::new();
    let body = json!({ "roles": [
        { "key": "boss", "name": "Boss" }, { "key": "member", "name": "Member" }] });
    let put = world.admin("PUT /roles").body(&body).await;
    let role = |key: &str, name: &str| {
        json!({ "key": key, "name": name, "takes_seat": true, "sees_all_workspaces": false,
            "mappable": true, "protected": false, "project_assignable": false })
    };
    let wanted = json!({ "roles": [role("boss", "Boss"), role("member", "Member")] });
    put.is(200, wanted.clone());
    assert_eq!(put.header("etag"), Some("\"2\""));
    world.admin("GET /roles").send().await.is(200, wanted);
    let body = json!({ "roles": [{ "key": "boss", "name": "Boss" }] });
    let used = world.admin("PUT /roles").body(&body).await;
    used.is_problem(409, "in_use", "member");
}
