//! Cases 13 to 15 and 22: foreign ids, ids that clients make up, ids that come back.

use serde_json::{Value, json};

use super::{NOBODY, access, patch, role};
use crate::world::{Answer, World};

/// Everything about an answer that does not name its own request.
fn face(answer: &Answer, id: &str) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter();
    let headers = headers.filter(|(name, _)| name != "x-request-id").cloned();
    (
        answer.status,
        headers.collect(),
        answer.text.replace(id, "ID"),
    )
}

#[actix_web::test]
async fn abuse_13_a_foreign_id_looks_like_one_that_never_was() {
    let world = World::new();
    let theirs = async |line: &str, body: Value| {
        let (method, path) = line.split_once(' ').unwrap();
        let call = world.anonymous(&format!("{method} /scim/v2{path}"));
        call.key(&world.foreign).body(&body).await
    };
    let eve = theirs("POST /Users", json!({ "userName": "eve" }))
        .await
        .id();
    let group = theirs("POST /Groups", json!({ "displayName": "QA" }))
        .await
        .id();
    let off = patch("replace", "active", json!(false));
    let rename = patch("replace", "displayName", json!("Mine"));
    for (kind, id, change) in [("Users", &eve, off), ("Groups", &group, rename)] {
        let put = json!({ "userName": "mine", "displayName": "Mine" });
        for (method, body) in [
            ("GET", Value::Null),
            ("PUT", put),
            ("PATCH", change),
            ("DELETE", Value::Null),
        ] {
            let ask = async |id: &str| {
                let line = format!("{method} /{kind}/{id}");
                face(&world.scim(&line).body(&body).await, id)
            };
            let answer = ask(id).await;
            assert_eq!(answer.0, 404, "{method} {kind}");
            assert_eq!(answer, ask(NOBODY).await, "{method} {kind}");
        }
    }
    for path in ["", "/access", "/grants"] {
        let ask = async |id: &str| {
            let answer = world.admin(&format!("GET /users/{id}{path}")).send().await;
            let body = answer.json();
            (answer.status, body["code"].clone(), body["detail"].clone())
        };
        assert_eq!(ask(&eve).await, ask(NOBODY).await, "{path}");
        assert_eq!(ask(&eve).await.0, 404, "{path}");
    }
    let their = theirs(&format!("PATCH /Users/{eve}"), json!({ "Operations": [] })).await;
    assert_eq!(their.json()["userName"], "eve", "nothing happened to them");
}

#[actix_web::test]
async fn abuse_13_a_foreign_path_member_name_or_cursor_gives_nothing() {
    let world = World::new();
    let body = json!({ "userName": "eve" });
    let call = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
    let eve = call.body(&body).await.id();
    for slug in ["other", "nowhere"] {
        let line = format!("GET /orgs/{slug}/scim/v2/Users");
        let refused = world.anonymous(&line).key(&world.scim).send().await;
        refused.is_scim_error(404, None, "There is no organization");
        let line = format!("GET /api/v1/orgs/{slug}/users");
        let refused = world.anonymous(&line).key(&world.admin).send().await;
        refused.is_problem(404, "not_found", "organization");
    }
    let ann = world.user("ann").await;
    let nobody = NOBODY.to_owned();
    for stranger in [&eve, &nobody] {
        let name = format!("With {stranger}");
        let group = world.group(&name, &[&ann, stranger]).await;
        let read = world.scim(&format!("GET /Groups/{group}")).send().await;
        let members = read.json()["members"].clone();
        assert_eq!(members.as_array().map(Vec::len), Some(1), "{members}");
        assert_eq!(members[0]["value"], json!(ann));
    }
    let made = world.scim("POST /Users").body(&body).await;
    assert_eq!(made.status, 201, "no conflict crosses: {}", made.text);
    for line in ["/access?cursor=", "/users?cursor="] {
        let mine = world.admin(&format!("GET {line}{eve}")).send().await;
        assert!(!mine.text.contains(&eve), "{}", mine.text);
    }
}

#[actix_web::test]
async fn abuse_14_an_external_id_is_never_a_key() {
    let world = World::new();
    let owner = world.user("owner").await;
    super::grant(&world, &owner, "admin").await;
    for external in ["1", "0", "-1", &owner, "../admin", NOBODY] {
        let body = json!({ "userName": format!("user {external}"), "externalId": external });
        let made = world.scim("POST /Users").body(&body).await;
        assert_eq!(made.status, 201, "{external}: {}", made.text);
        let id = made.id();
        let version = uuid::Uuid::try_parse(&id).unwrap().get_version_num();
        assert_eq!((version, id != owner), (7, true), "{external}");
        assert_eq!(role(&world, &id).await, "member", "{external}");
        if *external == *owner {
            continue;
        }
        let line = format!("GET /Users/{}", external.replace('/', "%2F"));
        assert_eq!(world.scim(&line).send().await.status, 404, "{external}");
    }
    assert_eq!(role(&world, &owner).await, "admin");
    let read = world.scim(&format!("GET /Users/{owner}")).send().await;
    assert_eq!(read.json()["userName"], "owner");
}

#[actix_web::test]
async fn abuse_15_ids_and_meta_are_ours() {
    let world = World::new();
    let ann = world.user("ann").await;
    let forged = |name: &str| {
        json!({ "userName": name, "id": ann, "meta": { "version": "W/\"99\"",
            "created": "1999-01-01T00:00:00Z", "location": "https://evil.example/",
            "resourceType": "Group" } })
    };
    let made = world.scim("POST /Users").body(&forged("bob")).await;
    let bob = made.id();
    assert_ne!(bob, ann);
    let put = world
        .scim(&format!("PUT /Users/{bob}"))
        .body(&forged("bob"))
        .await;
    for answer in [made, put] {
        let body = answer.json();
        assert_eq!(body["id"], json!(bob), "{body}");
        assert_eq!(body["meta"]["version"], "W/\"1\"");
        assert_eq!(body["meta"]["created"], "2026-01-01T00:00:00.000Z");
        assert_eq!(body["meta"]["resourceType"], "User");
        assert!(!answer.text.contains("evil"), "{}", answer.text);
    }
    let line = format!("PATCH /Users/{bob}");
    let refused = world
        .scim(&line)
        .body(&patch("replace", "id", json!(ann)))
        .await;
    refused.is_scim_error(400, Some("mutability"), "id");
}

#[actix_web::test]
async fn abuse_22_who_comes_back_is_somebody_new() {
    let world = World::new();
    let rules = json!({ "organization": [{ "group": "Admins", "role": "admin" }] });
    world.map(rules).await;
    let keep = world.user("keep").await;
    let body = json!({ "userName": "ann", "externalId": "7",
        "emails": [{ "value": "ann@example.com", "primary": true }] });
    let ann = world.scim("POST /Users").body(&body).await.id();
    let group = world.group("Admins", &[&ann, &keep]).await;
    let line = format!("PUT /users/{ann}/grants");
    let grant = json!({ "role": "admin", "kind": "fixed" });
    world.admin(&line).body(&grant).await;
    let deleted = world.scim(&format!("DELETE /Users/{ann}")).send().await;
    assert_eq!(deleted.status, 204);

    let again = world.scim("POST /Users").body(&body).await;
    assert_eq!((again.status, again.id() != ann), (201, true));
    assert_eq!(role(&world, &again.id()).await, "member");
    assert_eq!(again.json()["groups"], json!([]));
    let grants = world
        .admin(&format!("GET /users/{}/grants", again.id()))
        .send()
        .await;
    assert_eq!(grants.json()["items"], json!([]));
    let read = world.scim(&format!("GET /Groups/{group}")).send().await;
    assert!(!read.text.contains(&ann), "{}", read.text);
    let call = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
    let there = call.body(&body).await;
    assert_eq!(there.status, 201);
    assert_ne!(there.id(), again.id());
    let old = world
        .admin(&format!("GET /users/{ann}/access"))
        .send()
        .await;
    old.is_problem(404, "not_found", "user");
    assert_eq!(access(&world, &again.id()).await["workspaces"], json!([]));
}
