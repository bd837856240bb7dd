//! An admin key gives nobody more than it has.

use serde_json::json;

use super::{make, show, works};
use crate::world::World;

/// An admin key that ends on the 31st and is good from one network.
async fn bound_admin(world: &World) -> (String, String) {
    let body = json!({
        "kind": "admin", "expires_at": "2026-01-31T00:00:00Z", "allowed_from": ["203.0.113.0/24"],
    });
    make(world, body).await
}

#[actix_web::test]
async fn an_admin_key_makes_no_key_that_outlives_it_or_reaches_farther() {
    let world = World::new();
    let (_, admin) = bound_admin(&world).await;
    let create = async |body: serde_json::Value| {
        let call = world.anonymous("POST /api/v1/orgs/acme/keys").key(&admin);
        call.from("203.0.113.7").body(&body).await
    };
    let near = json!(["203.0.113.128/25", "203.0.113.7"]);
    let made = create(json!({ "kind": "scim", "allowed_from": near })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["expires_at"], "2026-01-31T00:00:00.000Z");
    let end = "2026-01-30T00:00:00.000Z";
    let made = create(json!({ "kind": "read", "allowed_from": near, "expires_at": end })).await;
    assert_eq!(
        (made.status, &made.json()["expires_at"]),
        (201, &json!(end))
    );
    for end in [json!("2026-01-31T00:00:01Z"), json!(null)] {
        let body = json!({ "kind": "scim", "allowed_from": near, "expires_at": end });
        let refused = create(body).await;
        refused.is_problem(422, "invalid_field", "no later than 2026-01-31");
        assert_eq!(refused.json()["errors"][0]["field"], "expires_at");
    }
    for far in [
        json!([]),
        json!(["203.0.112.0/23"]),
        json!(["203.0.113.7", "198.51.100.1"]),
        json!(["::/0"]),
    ] {
        let refused = create(json!({ "kind": "scim", "allowed_from": far })).await;
        refused.is_problem(422, "invalid_field", "203.0.113.0/24");
        assert_eq!(refused.json()["errors"][0]["field"], "allowed_from");
    }
    // Owner keys are free.
    let body = json!({ "kind": "scim", "expires_at": null });
    let made = world.owner("POST /orgs/acme/keys").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
}

#[actix_web::test]
async fn an_admin_key_rotates_no_key_beyond_itself_nor_itself() {
    let world = World::new();
    let (own, admin) = bound_admin(&world).await;
    let turn = async |id: &str, body: serde_json::Value| {
        let line = format!("POST /api/v1/orgs/acme/keys/{id}/rotate");
        let call = world.anonymous(&line).key(&admin).from("203.0.113.7");
        call.body(&body).await
    };
    let year = json!({ "expires_at": "2026-12-31T00:00:00Z" });
    turn(&own, year.clone())
        .await
        .is_problem(422, "invalid_field", "expires_at");
    let turned = turn(&own, json!({})).await;
    assert_eq!(turned.status, 200, "{}", turned.text);
    assert_eq!(turned.json()["expires_at"], "2026-01-31T00:00:00.000Z");
    let (wide, token) = make(&world, json!({ "kind": "scim" })).await;
    turn(&wide, json!({}))
        .await
        .is_problem(422, "invalid_field", "allowed_from");
    assert!(works(&world, &token).await, "nothing was changed");
    assert_eq!(show(&world, &wide).await["rotation"], json!(null));
    let near = json!({ "kind": "scim", "allowed_from": ["203.0.113.7"], "expires_at": null });
    let made = world.owner("POST /orgs/acme/keys").body(&near).await;
    for body in [year, json!({})] {
        turn(&made.id(), body)
            .await
            .is_problem(422, "invalid_field", "no later than");
    }
}
