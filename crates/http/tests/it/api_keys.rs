//! API keys of an organization.

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
        "revoked_at": null,
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
