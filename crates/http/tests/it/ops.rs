//! Probes, headers that every answer has, and methods.

use serde_json::json;
use uuid::Uuid;

use crate::world::World;

#[actix_web::test]
async fn probes_need_no_key() {
    let world = World::new();
    let check = async |line: &str, status: u16, text: &str| {
        let answer = world.anonymous(line).send().await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (status, text),
            "{line}"
        );
    };
    check("GET /livez", 200, r#"{"status":"live"}"#).await;
    check("GET /readyz", 200, r#"{"status":"ready"}"#).await;
    let answer = world.anonymous("POST /livez").send().await;
    answer.is_problem(405, "method_not_allowed", "GET, HEAD");
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    for nowhere in ["GET /", "GET /scimx", "GET /favicon.ico"] {
        world
            .anonymous(nowhere)
            .send()
            .await
            .is_problem(404, "not_found", "There is no page");
    }
}

#[actix_web::test]
async fn every_answer_has_its_headers() {
    let world = World::new();
    let mut seen = Vec::new();
    for line in [
        "GET /livez",
        "GET /nothing",
        "GET /scim/v2/Users",
        "GET /api/v1/orgs",
    ] {
        let answer = world
            .anonymous(line)
            .header("origin", "https://evil.example")
            .send()
            .await;
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert!(Uuid::try_parse(&id).is_ok() && !seen.contains(&id));
        seen.push(id);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

/// Whatever a client or a proxy calls its request: the answer leads to our row of the log.
#[actix_web::test]
async fn the_id_of_an_answer_finds_its_row_of_the_log() {
    let world = World::new();
    let mut seen = Vec::new();
    for name in ["ann", "ann"] {
        let call = world
            .scim("POST /Users")
            .header("x-request-id", "trace-1.a_B");
        let answer = call.body(&json!({ "userName": name })).await;
        let id = answer.header("x-request-id").unwrap().to_owned();
        let row = world.admin(&format!("GET /requests/{id}")).send().await;
        assert_eq!(row.json()["status"], answer.status);
        assert!(!seen.contains(&id), "two requests have one id");
        seen.push(id);
    }
}

/// Each operation has a row of its own; the answer's id finds them all.
#[actix_web::test]
async fn the_id_of_a_bulk_finds_the_rows_of_its_operations() {
    let world = World::new();
    let operation = |name: &str, bulk_id: &str| json!({ "method": "POST", "path": "/Users", "bulkId": bulk_id, "data": { "userName": name } });
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [operation("ann", "1"), operation("ann", "2")],
    });
    let answer = world.scim("POST /Bulk").body(&body).await;
    let id = answer.header("x-request-id").unwrap();
    world.user("bob").await;
    let found = world
        .admin(&format!("GET /requests?about={id}"))
        .send()
        .await;
    let found = found.json();
    let rows = found["items"].as_array().unwrap();
    let statuses: Vec<_> = rows.iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, [409, 201], "{found}");
    assert!(rows.iter().all(|row| row["bulk"] == *id), "{found}");
}

/// Whoever asked may keep what has an entity tag, and has to ask again with it.
#[actix_web::test]
async fn what_has_a_tag_is_kept_by_the_caller_alone() {
    let world = World::new();
    let ann = world.user("ann").await;
    let access = format!("GET /users/{ann}/access");
    let first = world.admin(&access).send().await;
    let tag = first.header("etag").unwrap().to_owned();
    let again = world
        .admin(&access)
        .header("if-none-match", &tag)
        .send()
        .await;
    assert_eq!((first.status, again.status), (200, 304));
    let user = world.scim(&format!("GET /Users/{ann}")).send().await;
    for answer in [&first, &again, &user] {
        assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
        assert_eq!(answer.header("vary"), Some("authorization"));
    }
    let list = world.scim("GET /Users").send().await;
    let body = json!({ "userName": "bob" });
    let made = world.scim("POST /Users").body(&body).await;
    assert!(made.header("etag").is_some());
    for answer in [&list, &made] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[actix_web::test]
async fn abuse_72_metrics_want_an_owner_and_have_templates_alone() {
    let world = World::new();
    world.scim("GET /Users/SECRET").send().await;
    world.anonymous("GET /SECRET").send().await;
    assert_eq!(world.anonymous("GET /metrics").send().await.status, 401);
    let key = format!("Bearer {}", world.admin);
    let refused = world
        .anonymous("GET /metrics")
        .header("authorization", &key);
    assert_eq!(refused.send().await.status, 403);
    let key = format!("Bearer {}", world.owner);
    let answer = world
        .anonymous("GET /metrics")
        .header("authorization", &key);
    let answer = answer.send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(
        answer
            .text
            .contains("route=\"/Users/{id}\",method=\"GET\",status=\"404\"} 1")
    );
    assert!(!answer.text.contains("SECRET"), "{}", answer.text);
}

#[actix_web::test]
async fn a_problem_names_its_request() {
    let world = World::new();
    let answer = world.anonymous("GET /api/v1/orgs").send().await;
    let instance = format!("urn:uuid:{}", answer.header("x-request-id").unwrap());
    assert_eq!(answer.json()["instance"], serde_json::json!(instance));
}
