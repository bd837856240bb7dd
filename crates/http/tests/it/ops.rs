//! Probes, headers that every answer has, and methods.

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

#[actix_web::test]
async fn a_good_id_of_the_client_comes_back() {
    let world = World::new();
    for (sent, kept) in [
        ("trace-1.a_B", true),
        ("a b", false),
        ("<x>", false),
        ("", false),
    ] {
        let answer = world
            .anonymous("GET /livez")
            .header("x-request-id", sent)
            .send()
            .await;
        assert_eq!(answer.header("x-request-id") == Some(sent), kept, "{sent}");
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
