//! Dry runs, previews, and applying exactly what was previewed.

use serde_json::{Value, json};

use crate::world::World;

fn admins() -> Value {
    json!({ "organization": [{ "group": "QA", "role": "admin" }] })
}

#[actix_web::test]
async fn a_dry_run_tells_the_plan_and_changes_nothing() {
    let world = World::new();
    let ann = world.user("ann").await;
    world.group("QA", &[&ann]).await;
    let plan = world
        .admin("PUT /mapping?dry_run=true")
        .body(&admins())
        .await;
    let fingerprint = plan.json()["fingerprint"].clone();
    assert_eq!(
        fingerprint.as_str().map(str::len),
        Some(64),
        "{}",
        plan.text
    );
    let change = json!({ "user": "<1>", "userName": "ann", "differences": [
        { "scope": "organization", "what": "moves", "before": "member", "after": "admin" }] });
    let wanted = json!({ "fingerprint": fingerprint, "users": 1,
        "seats": { "before": 1, "after": 1, "limit": null }, "refused_for": [],
        "changes": [change] });
    plan.is(200, wanted.clone());
    let body = json!({ "mapping": admins() });
    let preview = world.admin("POST /mapping/preview").body(&body).await;
    preview.is(200, wanted);
    assert_eq!(
        world.admin("GET /mapping").send().await.header("etag"),
        Some("\"1\"")
    );
    let late = world
        .admin("PUT /mapping?dry_run=true")
        .header("if-match", "\"7\"");
    late.body(&admins())
        .await
        .is_problem(412, "precondition_failed", "mapping");
}

#[actix_web::test]
async fn only_the_plan_that_was_seen_is_applied() {
    let world = World::new();
    let ann = world.user("ann").await;
    world.group("QA", &[&ann]).await;
    let seen = async || {
        let plan = world
            .admin("PUT /mapping?dry_run=true")
            .body(&admins())
            .await;
        plan.json()["fingerprint"].as_str().unwrap().to_owned()
    };
    let old = seen().await;
    let bob = world.user("bob").await;
    let join =
        json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": bob }] }] });
    let group = world.scim("GET /Groups").send().await.json()["Resources"][0]["id"].clone();
    let line = format!("PATCH /Groups/{}", group.as_str().unwrap());
    assert_eq!(world.scim(&line).body(&join).await.status, 204);
    let new = seen().await;
    let refused = world
        .admin(&format!("PUT /mapping?plan={old}"))
        .body(&admins())
        .await;
    refused.is_problem(409, "plan_changed", "Preview it again");
    assert_eq!(refused.json()["fingerprint"], json!(new));
    let refused = world
        .admin("PUT /mapping")
        .header("if-plan", &old)
        .body(&admins())
        .await;
    refused.is_problem(409, "plan_changed", "Preview it again");
    assert_eq!(refused.json()["fingerprint"], json!(new));
    let both = world
        .admin(&format!("PUT /mapping?plan={new}"))
        .header("if-plan", &old);
    both.body(&admins())
        .await
        .is_problem(422, "invalid_field", "If-Plan");
    let applied = world
        .admin("PUT /mapping")
        .header("if-plan", &new)
        .body(&admins())
        .await;
    assert_eq!(applied.status, 200, "{}", applied.text);
}

#[actix_web::test]
async fn catalogs_and_policies_are_previewed_too() {
    let world = World::new();
    world.user("ann").await;
    let role = |key: &str| json!({ "key": key, "name": key });
    let roles = json!([role("boss"), { "key": "member", "name": "Member", "takes_seat": false }]);
    let line = "POST /mapping/preview";
    let plan = world
        .admin(line)
        .body(&json!({ "roles": roles }))
        .await
        .json();
    assert_eq!(
        plan["seats"],
        json!({ "before": 1, "after": 0, "limit": null })
    );
    let fingerprint = plan["fingerprint"].as_str().unwrap();
    let none = "0".repeat(64);
    let put = async |plan: &str| {
        let line = format!("PUT /roles?plan={plan}");
        world.admin(&line).body(&json!({ "roles": roles })).await
    };
    let refused = put(&none).await;
    refused.is_problem(409, "plan_changed", "");
    assert_eq!(refused.json()["fingerprint"], fingerprint);
    assert_eq!(put(fingerprint).await.status, 200);

    let policies = json!({ "default_role": "none" });
    let plan = world
        .admin(line)
        .body(&json!({ "policies": policies }))
        .await
        .json();
    assert_eq!(
        plan["changes"][0]["differences"][0]["what"], "loses",
        "{plan}"
    );
    let fingerprint = plan["fingerprint"].as_str().unwrap();
    let patch = async |plan: &str| {
        let line = format!("PATCH /settings?plan={plan}");
        world
            .admin(&line)
            .body(&json!({ "policies": policies }))
            .await
    };
    let refused = patch(&none).await;
    refused.is_problem(409, "plan_changed", "");
    assert_eq!(refused.json()["fingerprint"], fingerprint);
    assert_eq!(patch(fingerprint).await.status, 200);
}

#[actix_web::test]
async fn previews_that_are_not_right() {
    let world = World::new();
    for (body, field) in [
        (json!({}), "body"),
        (json!({ "mapping": {}, "roles": [] }), "body"),
        (json!({ "maping": {} }), "maping"),
        (
            json!({ "policies": { "defualt_role": "x" } }),
            "policies.defualt_role",
        ),
        (
            json!({ "mapping": { "organization": [{ "group": "A", "role": "admn" }] } }),
            "organization[0].role",
        ),
    ] {
        let answer = world.admin("POST /mapping/preview").body(&body).await;
        assert_eq!(answer.status, 422, "{body} {}", answer.text);
        assert_eq!(
            answer.json()["errors"][0]["field"],
            json!(field),
            "{}",
            answer.text
        );
    }
}
