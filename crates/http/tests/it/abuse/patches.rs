//! Cases 27 to 30: PATCH that reaches for what is not the client's.

use serde_json::{Value, json};

use super::patch;
use crate::world::{Answer, World};

async fn read(world: &World, resource: &str) -> (Option<String>, Value) {
    let answer = world.scim(&format!("GET {resource}")).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    (answer.header("etag").map(str::to_owned), answer.json())
}

async fn send(world: &World, resource: &str, mut body: Value) -> Answer {
    body["schemas"] = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
    world.scim(&format!("PATCH {resource}")).body(&body).await
}

async fn strict(world: &World, strict: bool) {
    let body = json!({ "connection": { "strict": strict } });
    let answer = world.admin("PATCH /settings").body(&body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[actix_web::test]
async fn abuse_27_odd_names_change_nothing() {
    const MALFORMED: &[&str] = &[
        "schemas[0]",
        "a..b",
        "emails[",
        "emails]",
        "emails[type eq \"work\"",
        "name.",
        ".name",
        "../admin",
        "emails[type eq \"work\"].",
        "name.givenName.x",
    ];
    const OURS: &[&str] = &["id", "meta", "meta.version", "groups", "groups.value"];
    const UNKNOWN: &[&str] = &[
        "constructor",
        "prototype",
        "password.x",
        "urn:x:admin",
        "name.x",
    ];
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    let before = read(&world, &user).await;
    for is_strict in [false, true] {
        strict(&world, is_strict).await;
        for path in MALFORMED {
            let refused = send(&world, &user, patch("replace", path, json!("x"))).await;
            refused.is_scim_error(400, Some("invalidPath"), "operation 1");
        }
        for path in OURS {
            let refused = send(&world, &user, patch("replace", path, json!("x"))).await;
            refused.is_scim_error(400, Some("mutability"), "operation 1");
        }
        for path in UNKNOWN {
            let answer = send(&world, &user, patch("replace", path, json!("x"))).await;
            let wanted = if is_strict { 400 } else { 200 };
            assert_eq!(answer.status, wanted, "{path}: {}", answer.text);
        }
        for path in ["__proto__", "__proto__.polluted", "schemas"] {
            let answer = send(&world, &user, patch("replace", path, json!(["x"]))).await;
            assert!(
                matches!(answer.status, 200 | 400),
                "{path}: {}",
                answer.text
            );
        }
        assert_eq!(read(&world, &user).await, before, "strict: {is_strict}");
    }
}

#[actix_web::test]
async fn abuse_28_keys_without_a_path_reach_known_attributes_only() {
    let world = World::new();
    let ann = world.user("ann").await;
    let user = format!("/Users/{ann}");
    let operation = |value: Value| json!({ "Operations": [{ "op": "replace", "value": value }] });
    let (_, before) = read(&world, &user).await;
    let forged = json!({ "name.familyName": "x", "id": "y",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName": "z" });
    let refused = send(&world, &user, operation(forged)).await;
    refused.is_scim_error(400, Some("mutability"), "id");
    assert_eq!(read(&world, &user).await.1, before);

    let mixed = json!({
        "name.familyName": "Archer", "urn:ietf:params:scim:schemas:core:2.0:User:userName": "zoe",
        "id": ann, "schemas": ["urn:x:admin"], "groups": [{ "value": "admins" }],
        "meta": { "version": "W/\"99\"", "created": "1999-01-01T00:00:00Z" },
        "constructor.prototype": { "admin": true }, "urn:x:admin": { "admin": true },
    });
    let answer = send(&world, &user, operation(mixed)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (_, after) = read(&world, &user).await;
    let mut wanted = before;
    wanted["name"] = json!({ "familyName": "Archer" });
    wanted["userName"] = json!("zoe");
    wanted["meta"]["version"] = json!("W/\"2\"");
    wanted["meta"]["lastModified"] = after["meta"]["lastModified"].clone();
    assert_eq!(after, wanted);
}

#[actix_web::test]
async fn abuse_29_nothing_is_half_applied() {
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    let group = format!("/Groups/{}", world.group("Staff", &[]).await);
    let bob = world.user("bob").await;
    let good = json!({ "op": "add", "path": "externalId", "value": "changed" });
    let join = json!({ "op": "add", "path": "members", "value": [{ "value": bob }] });
    let faults = [
        json!({ "op": "replace", "path": "id", "value": "x" }),
        json!({ "op": "replace", "path": "schemas[0]", "value": "x" }),
        json!({ "op": "frobnicate", "path": "externalId", "value": "x" }),
        json!({ "op": "add", "path": "externalId", "value": 7 }),
    ];
    for (resource, good) in [(&user, &good), (&group, &join)] {
        let before = read(&world, resource).await;
        for fault in &faults {
            let mut operations = vec![good.clone(); 20];
            operations[14] = fault.clone();
            let refused = send(&world, resource, json!({ "Operations": operations })).await;
            assert_eq!(refused.status, 400, "{fault}: {}", refused.text);
            assert!(refused.text.contains("operation 15"), "{}", refused.text);
            assert_eq!(read(&world, resource).await, before, "{fault}");
        }
    }
}

#[actix_web::test]
async fn abuse_30_what_is_required_or_immutable_stays() {
    let world = World::new();
    let ann = world.user("ann").await;
    let user = format!("/Users/{ann}");
    let group = format!("/Groups/{}", world.group("Staff", &[&ann]).await);
    for (resource, operation) in [
        (&user, patch("remove", "userName", Value::Null)),
        (&group, patch("remove", "displayName", Value::Null)),
        (
            &group,
            patch(
                "replace",
                &format!("members[value eq \"{ann}\"].value"),
                json!("x"),
            ),
        ),
    ] {
        let before = read(&world, resource).await;
        let refused = send(&world, resource, operation).await;
        refused.is_scim_error(400, Some("mutability"), "operation 1");
        assert_eq!(read(&world, resource).await, before);
    }
    // Without a filter all members go, as the RFC says.
    let gone = send(&world, &group, patch("remove", "members", Value::Null)).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let (_, after) = read(&world, &group).await;
    assert!(
        after.get("members").is_none_or(|list| list == &json!([])),
        "{after}"
    );
}
