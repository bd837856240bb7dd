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
async fn a_problem_names_its_request() {
    let world = World::new();
    let answer = world.anonymous("GET /api/v1/orgs").send().await;
    let instance = format!("urn:uuid:{}", answer.header("x-request-id").unwrap());
    assert_eq!(answer.json()["instance"], serde_json::json!(instance));
}
