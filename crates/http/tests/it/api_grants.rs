//! Manual grants and reported sign-ins.

use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn grants_come_and_go() {
    let world = World::new();
    world.places().await;
    let ann = world.user("ann").await;
    let grants = format!("/users/{ann}/grants");
    let role = async || {
        let line = format!("GET /users/{ann}/access");
        world.admin(&line).send().await.json()["role"]["key"].clone()
    };
    let by = domain::key::Token::parse(&world.admin)
        .unwrap()
        .id
        .to_string();
    let view = |scope: Value, role: Value, kind: &str| {
        json!({ "scope": scope, "role": role, "kind": kind, "by": by,
            "at": "2026-01-01T00:00:00.000Z" })
    };
    let put = async |body: Value| world.admin(&format!("PUT {grants}")).body(&body).await;
    let fixed = view(Value::Null, json!("admin"), "fixed");
    put(json!({ "role": "admin", "kind": "fixed" }))
        .await
        .is(200, fixed.clone());
    assert_eq!(role().await, "admin");
    let project = view(json!("quality/nightly"), json!("inherit"), "floor");
    let body = json!({ "scope": "quality/nightly", "role": "inherit", "kind": "floor" });
    put(body).await.is(200, project.clone());
    let list = world.admin(&format!("GET {grants}")).send().await;
    list.is(
        200,
        json!({ "items": [fixed, project], "next_cursor": null }),
    );

    // Somebody else has to have the protected role before it is taken.
    let refused = world.admin(&format!("DELETE {grants}")).send().await;
    refused.is_problem(409, "last_holder", "admin");
    let bob = world.user("bob").await;
    let line = format!("PUT /users/{bob}/grants");
    let body = json!({ "role": "admin", "kind": "floor" });
    assert_eq!(world.admin(&line).body(&body).await.status, 200);
    assert_eq!(
        world.admin(&format!("DELETE {grants}")).send().await.status,
        204
    );
    assert_eq!(role().await, "member");
    let again = world.admin(&format!("DELETE {grants}")).send().await;
    again.is_problem(404, "not_found", "grant");
    let gone = world.admin(&format!("DELETE {grants}?scope=quality/nightly"));
    assert_eq!(gone.send().await.status, 204);
}

#[actix_web::test]
async fn grants_that_cannot_be() {
    let world = World::new();
    world.places().await;
    let ann = world.user("ann").await;
    for (body, field) in [
        (json!({ "role": "admin" }), "kind"),
        (json!({ "role": "admin", "kind": "SECRET" }), "kind"),
        (json!({ "kind": "floor" }), "role"),
        (json!({ "role": "admn", "kind": "floor" }), "role"),
        (json!({ "scope": "x", "kind": "floor" }), "scope"),
        (
            json!({ "scope": "quality/x", "role": "admin", "kind": "floor" }),
            "scope",
        ),
        (json!({ "scop": "quality", "kind": "floor" }), "scop"),
    ] {
        let line = format!("PUT /users/{ann}/grants");
        let answer = world.admin(&line).body(&body).await;
        assert_eq!(answer.status, 422, "{body} {}", answer.text);
        assert_eq!(
            answer.json()["errors"][0]["field"],
            json!(field),
            "{}",
            answer.text
        );
        assert!(!answer.text.contains("SECRET"), "{}", answer.text);
    }
    let gone = world.admin(&format!("DELETE /users/{ann}/grants?scope=x"));
    gone.send().await.is_problem(422, "invalid_field", "scope");
    let nobody = "GET /users/00000000-0000-7000-8000-000000000000/grants";
    let nobody = world.admin(nobody).send().await;
    nobody.is_problem(404, "not_found", "user");
}

#[actix_web::test]
async fn a_sign_in_activates() {
    let world = World::new();
    let patch = json!({ "policies": { "require_activation": "on" } });
    assert_eq!(
        world.admin("PATCH /settings").body(&patch).await.status,
        200
    );
    let ann = world.user("ann").await;
    let access = world
        .admin(&format!("GET /users/{ann}/access"))
        .send()
        .await
        .json();
    assert_eq!(access["state"], "not_activated");
    assert_eq!(access["role"], Value::Null);
    assert_eq!(access["pending_role"]["key"], "member");
    let found = world
        .admin(&format!("GET /users/{ann}"))
        .send()
        .await
        .json();
    assert_eq!(found["pending_role"]["key"], "member");
    assert_eq!(found["role"], Value::Null);
    let line = format!("POST /api/v1/orgs/acme/users/{ann}/sign-in");
    for _ in 0..2 {
        let signed_in = world.anonymous(&line).key(&world.read).send().await;
        assert_eq!(signed_in.status, 200, "{}", signed_in.text);
        assert_eq!(signed_in.json()["state"], "active");
        assert_eq!(signed_in.json()["role"]["key"], "member");
    }
    let refused = world
        .anonymous(&line)
        .key(&world.read)
        .raw("{\"x\":1}")
        .send()
        .await;
    refused.is_problem(422, "unknown_field", "x");
    let nobody = world.admin("POST /users/x/sign-in").send().await;
    nobody.is_problem(404, "not_found", "user");
}
