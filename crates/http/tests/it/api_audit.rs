//! What administrators did: every change has its row, with who, before and after.

use std::collections::BTreeSet;

use domain::key::Token;
use serde_json::{Value, json};

use crate::world::World;

async fn audit(world: &World, rest: &str) -> Vec<Value> {
    let answer = world
        .admin(&format!("GET /audit?limit=1000{rest}"))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"].as_array().unwrap().clone()
}

async fn does(world: &World, line: &str, body: Value) -> Value {
    let answer = world.admin(line).body(&body).await;
    assert!(answer.status < 300, "{line}: {}", answer.text);
    answer.json()
}

/// One of each, over the admin API; the table of routes has a test of its own that none is missing
/// there.
#[actix_web::test]
async fn every_change_has_its_row() {
    let world = World::new();
    let before = audit(&world, "").await.len();
    does(&world, "PATCH /settings", json!({ "seat_limit": 5 })).await;
    let roles = world.admin("GET /roles").send().await.json();
    let mut roles = roles["roles"].as_array().unwrap().clone();
    roles[0]["name"] = json!("Boss");
    does(&world, "PUT /roles", json!({ "roles": roles })).await;
    world.places().await;
    does(&world, "PUT /workspaces/quality", json!({ "name": "QA" })).await;
    let mapping = json!({ "organization": [{ "group": "Staff", "role": "admin" }] });
    does(&world, "PUT /mapping", mapping).await;
    let user = does(
        &world,
        "POST /users",
        json!({ "userName": "ann", "email": "ann@example.com" }),
    )
    .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let grants = format!("/users/{user}/grants");
    does(
        &world,
        &format!("PUT {grants}"),
        json!({ "role": "admin", "kind": "floor" }),
    )
    .await;
    let grant = json!({ "scope": "quality/nightly", "role": "inherit", "kind": "floor" });
    does(&world, &format!("PUT {grants}"), grant).await;
    does(
        &world,
        &format!("DELETE {grants}?scope=quality/nightly"),
        json!({}),
    )
    .await;
    does(&world, &format!("DELETE /users/{user}"), json!({})).await;
    let key = does(
        &world,
        "POST /keys",
        json!({ "kind": "read", "name": "app" }),
    )
    .await;
    let key = key["id"].as_str().unwrap().to_owned();
    does(&world, &format!("POST /keys/{key}/rotate"), json!({})).await;
    does(&world, &format!("DELETE /keys/{key}"), json!({})).await;
    does(&world, "DELETE /workspaces/quality", json!({})).await;
    let rows = audit(&world, "").await;
    let told: Vec<(String, String)> = rows[..rows.len() - before]
        .iter()
        .rev()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            (text("action"), text("subject"))
        })
        .collect();
    let wanted = [
        ("settings.changed", ""),
        ("roles.replaced", ""),
        ("place.created", "quality"),
        ("place.created", "quality/nightly"),
        ("place.changed", "quality"),
        ("mapping.replaced", ""),
        ("user.created", &user),
        ("grant.put", &user),
        ("grant.put", &user),
        ("grant.removed", &user),
        ("user.removed", &user),
        ("key.created", &key),
        ("key.rotated", &key),
        ("key.revoked", &key),
        ("place.removed", "quality"),
    ];
    let wanted: Vec<(String, String)> = wanted
        .iter()
        .map(|(action, subject)| ((*action).to_owned(), (*subject).to_owned()))
        .collect();
    assert_eq!(told, wanted);
    let numbers: BTreeSet<u64> = rows
        .iter()
        .map(|row| row["number"].as_u64().unwrap())
        .collect();
    assert_eq!(
        numbers.len() as u64,
        *numbers.last().unwrap(),
        "without gaps"
    );
}

#[actix_web::test]
async fn a_row_tells_who_before_and_after() {
    let world = World::new();
    let change = json!({ "seat_limit": 5 });
    let answer = world.admin("PATCH /settings").body(&change).await;
    let request = answer.header("x-request-id").unwrap().to_owned();
    let row = audit(&world, "&action=settings.changed").await.remove(0);
    let key = Token::parse(&world.admin).unwrap().id.to_string();
    let wanted = json!({
        "number": row["number"], "at": "2026-01-01T00:00:00.000Z", "by": "key", "key": key,
        "key_name": "test", "request": request, "action": "settings.changed", "subject": "",
        "before": { "seat_limit": null }, "after": { "seat_limit": 5 }, "hash": row["hash"],
    });
    assert_eq!(row, wanted);
    assert_eq!(row["hash"].as_str().unwrap().len(), 64);
    // An owner's deed in the organization names the owner's key.
    let line = "PATCH /orgs/acme/settings";
    assert_eq!(
        world
            .owner(line)
            .body(&json!({ "seat_limit": 6 }))
            .await
            .status,
        200
    );
    let row = audit(&world, "&action=settings.changed").await.remove(0);
    assert_eq!(
        row["key"],
        json!(Token::parse(&world.owner).unwrap().id.to_string())
    );
    assert_eq!(row["key_name"], "test");
}

#[actix_web::test]
async fn what_is_refused_or_changes_nothing_has_no_row() {
    let world = World::new();
    let before = audit(&world, "").await.len();
    for (line, body) in [
        ("PATCH /settings", json!({ "seat_limit": -1 })),
        ("PATCH /settings", json!({})),
        (
            "PUT /mapping",
            json!({ "organization": [{ "group": "x", "role": "nobody" }] }),
        ),
        (
            "PUT /mapping?dry_run=true",
            json!({ "organization": [{ "group": "x", "role": "admin" }] }),
        ),
        ("POST /keys", json!({ "kind": "owner" })),
        ("DELETE /keys/nobody", json!({})),
    ] {
        world.admin(line).body(&body).await;
        assert_eq!(audit(&world, "").await.len(), before, "{line}");
    }
    // What the identity provider does is in the provisioning log.
    world.user("ann").await;
    assert_eq!(audit(&world, "").await.len(), before);
}

#[actix_web::test]
async fn the_audit_is_searched_and_read_in_pages() {
    let world = World::new();
    for limit in 1..=7 {
        does(&world, "PATCH /settings", json!({ "seat_limit": limit })).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let line = format!("GET /audit?action=settings.changed&limit=3&cursor={cursor}");
        let page = world.admin(&line).send().await.json();
        for row in page["items"].as_array().unwrap() {
            seen.push(row["after"]["seat_limit"].as_u64().unwrap());
        }
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(audit(&world, "&subject=nobody").await.len(), 0);
    assert_eq!(audit(&world, "&until=2026-01-01T00:00:00Z").await.len(), 0);
    let key = Token::parse(&world.admin).unwrap().id;
    assert_eq!(audit(&world, &format!("&key={key}")).await.len(), 7);
    for (query, says) in [
        ("action=settings.change", "settings.changed"),
        ("from=yesterday", "RFC 3339"),
        ("cursor=x", "next_cursor"),
    ] {
        let answer = world.admin(&format!("GET /audit?{query}")).send().await;
        answer.is_problem(422, "invalid_field", says);
    }
}

#[actix_web::test]
async fn the_instance_has_an_audit_for_owners() {
    let world = World::new();
    let made = json!({ "slug": "new", "preset": "plain" });
    assert_eq!(world.owner("POST /orgs").body(&made).await.status, 201);
    assert_eq!(world.owner("DELETE /orgs/new").send().await.status, 204);
    let rows = world.owner("GET /audit").send().await.json();
    let told: Vec<_> = rows["items"].as_array().unwrap().iter().take(2).collect();
    assert_eq!(
        (&told[0]["action"], &told[0]["subject"]),
        (&json!("org.removed"), &json!("new"))
    );
    assert_eq!(
        (&told[1]["action"], &told[1]["subject"]),
        (&json!("org.created"), &json!("new"))
    );
    assert_eq!(
        told[1]["after"],
        json!({ "name": "new", "preset": "plain" })
    );
    // The end of the chain that went with it: nothing was ever done there.
    let head = format!("0:{}", "0".repeat(64));
    assert_eq!(
        told[0]["before"],
        json!({ "name": "new", "preset": "plain", "audit_head": head })
    );
    let call = world.anonymous("GET /api/v1/audit").key(&world.admin);
    call.send().await.is_problem(403, "wrong_kind", "owner");
    let call = world
        .anonymous("GET /api/v1/orgs/acme/audit")
        .key(&world.read);
    call.send().await.is_problem(403, "wrong_kind", "admin");
}

#[actix_web::test]
async fn another_order_of_roles_is_told_whole() {
    let world = World::new();
    let before = world.admin("GET /roles").send().await.json()["roles"].clone();
    let mut after = before.as_array().unwrap().clone();
    after.swap(0, 1);
    let mut viewer = after[1].clone();
    viewer["key"] = json!("viewer-2");
    viewer["name"] = json!("Viewer 2");
    after.push(viewer);
    does(&world, "PUT /roles", json!({ "roles": after })).await;
    let row = audit(&world, "&action=roles.replaced").await.remove(0);
    let keys = |side: &Value| -> Vec<Value> {
        let roles = side["roles"].as_array().or_else(|| side.as_array());
        let roles = roles.unwrap().iter();
        roles.map(|role| role["key"].clone()).collect()
    };
    assert_eq!(keys(&row["before"]), keys(&before), "{row}");
    assert_eq!(keys(&row["after"]), keys(&json!(after)), "{row}");
}

/// From where and with what a key was used is kept with the key, not for ever.
#[actix_web::test]
async fn the_audit_of_a_key_tells_nothing_of_its_users() {
    let world = World::new();
    let made = does(&world, "POST /keys", json!({ "kind": "scim" })).await;
    let (id, token) = (
        made["id"].as_str().unwrap(),
        made["token"].as_str().unwrap(),
    );
    let call = world.anonymous("GET /scim/v2/Users").key(token);
    let call = call
        .header("user-agent", "Zoe-at-home/1")
        .from("203.0.113.7");
    assert_eq!(call.send().await.status, 200);
    app::keys::worker::once(&world.app()).unwrap();
    does(&world, &format!("POST /keys/{id}/rotate"), json!({})).await;
    does(&world, &format!("DELETE /keys/{id}"), json!({})).await;
    let rows = audit(&world, &format!("&subject={id}")).await;
    assert_eq!(rows.len(), 3);
    let text = json!(rows).to_string();
    assert!(
        !text.contains("Zoe") && !text.contains("203.0.113.7"),
        "{text}"
    );
}

/// Values of people and secrets of keys are never there.
#[actix_web::test]
async fn abuse_71_the_audit_holds_no_personal_data_and_no_secret() {
    let world = World::new();
    let body =
        json!({ "userName": "zaphod", "email": "zaphod@example.com", "displayName": "Zaphod B" });
    let user = does(&world, "POST /users", body).await;
    let key = does(&world, "POST /keys", json!({ "kind": "scim" })).await;
    let line = format!("POST /keys/{}/rotate", key["id"].as_str().unwrap());
    let turned = does(&world, &line, json!({})).await;
    does(
        &world,
        &format!("DELETE /users/{}", user["id"].as_str().unwrap()),
        json!({}),
    )
    .await;
    let text = json!(audit(&world, "").await).to_string().to_lowercase();
    assert!(text.contains("username"), "names of attributes are");
    for value in ["zaphod", "phc", "$test$", "$argon2"] {
        assert!(!text.contains(value), "{value}");
    }
    for made in [key, turned] {
        let token = made["token"].as_str().unwrap().to_lowercase();
        assert!(!text.contains(&token));
    }
}
