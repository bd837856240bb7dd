//! What is refused before it is read.

use rolecall_http::HttpConfig;
use serde_json::json;

use crate::world::{URL, World};

#[actix_web::test]
async fn bodies_over_the_limit_are_413() {
    let config = HttpConfig {
        public_url: URL.to_owned(),
        body_limit: 1_000,
        ..HttpConfig::default()
    };
    let world = World::with(config);
    let fits = json!({ "userName": "a", "title": "x".repeat(900) });
    assert_eq!(world.scim("POST /Users").body(&fits).await.status, 201);
    let large = json!({ "userName": "b", "title": "x".repeat(1_000) });
    world
        .scim("POST /Users")
        .body(&large)
        .await
        .is_scim_error(413, None, "1000 bytes");
    let answer = world.admin("PATCH /settings").body(&large).await;
    answer.is_problem(413, "too_large", "1000 bytes");
}

#[actix_web::test]
async fn bodies_of_other_types_are_415() {
    let world = World::new();
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-encoding", "gzip"),
    ] {
        let call = world
            .scim("POST /Users")
            .header(name, value)
            .raw(r#"{"userName":"a"}"#);
        call.send().await.is_scim_error(415, None, "Content-");
        let call = world.admin("PATCH /settings").header(name, value).raw("{}");
        call.send()
            .await
            .is_problem(415, "unsupported_media_type", "Content-");
    }
    let send = async |media: &str, name: &str| {
        let call = world.scim("POST /Users").header("content-type", media);
        call.raw(json!({ "userName": name }).to_string())
            .send()
            .await
            .status
    };
    assert_eq!(send("application/json; charset=utf-8", "a").await, 201);
    assert_eq!(send("Application/SCIM+JSON", "b").await, 201);
    let untyped = world.scim("POST /Users").raw(r#"{"userName":"c"}"#);
    assert_eq!(untyped.send().await.status, 201);
}

#[actix_web::test]
async fn operations_members_and_depth_have_limits() {
    let world = World::new();
    let id = world.group("Staff", &[]).await;
    let op = json!({ "op": "replace", "path": "externalId", "value": "x" });
    let body = json!({ "Operations": vec![op; 1_001] });
    let answer = world.scim(&format!("PATCH /Groups/{id}")).body(&body).await;
    answer.is_scim_error(413, None, "1,000");
    let members = vec![json!({ "value": "x" }); 100_001];
    let body = json!({ "displayName": "Staff", "members": members });
    let answer = world.scim(&format!("PUT /Groups/{id}")).body(&body).await;
    answer.is_scim_error(413, None, "100,000");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = world.scim("POST /Users").raw(deep).send().await;
    answer.is_scim_error(400, Some("invalidSyntax"), "64");
}
