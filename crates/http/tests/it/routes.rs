//! Paths and methods for those who have a key.

use crate::world::{Answer, World};

#[actix_web::test]
async fn paths_are_exact() {
    let world = World::new();
    for path in [
        "//Users",
        "/users",
        "/Users;x",
        "/%55sers",
        "/Users//",
        "/Nothing",
        "/Users/x/y",
        "/v2",
    ] {
        world
            .scim(&format!("GET {path}"))
            .send()
            .await
            .is_scim_error(404, None, "There is no");
    }
    for path in ["/nothing", "/settings/x", "/people", "/users/x/accesses"] {
        let answer = world.admin(&format!("GET {path}")).send().await;
        answer.is_problem(404, "not_found", "There is no");
    }
}

#[actix_web::test]
async fn methods_that_are_not_there() {
    let world = World::new();
    let check = async |line: &str, allow: &str| {
        let answer = world
            .scim(line)
            .header("x-http-method-override", "GET")
            .send()
            .await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some(allow)),
            "{line}"
        );
        if !line.starts_with("HEAD") {
            answer.is_scim_error(405, None, allow);
        }
    };
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
        check(&format!("{method} /Users"), "GET, HEAD, POST").await;
    }
    check("POST /Groups/x", "GET, HEAD, PUT, PATCH, DELETE").await;
    check("POST /ServiceProviderConfig", "GET, HEAD").await;
    check("DELETE /Schemas/urn:x", "GET, HEAD").await;
    check("HEAD /Bulk", "POST").await;
    let answer = world.admin("POST /settings").send().await;
    answer.is_problem(405, "method_not_allowed", "GET, HEAD, PATCH");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, PATCH"));
}

#[actix_web::test]
async fn head_is_answered_as_get() {
    let world = World::new();
    let ann = world.user("ann").await;
    let told = |answer: Answer| {
        let ours = |(name, _): &(String, String)| name != "x-request-id";
        let headers: Vec<_> = answer.headers.into_iter().filter(ours).collect();
        (answer.status, headers)
    };
    let user = format!("/Users/{ann}");
    for path in [
        &user,
        "/Users",
        "/Users?filter=nonsense",
        "/Users/x",
        "/",
        "/Schemas",
        "/Me",
    ] {
        let [get, head] = ["GET", "HEAD"].map(|method| world.scim(&format!("{method} {path}")));
        assert_eq!(told(head.send().await), told(get.send().await), "{path}");
    }
    let user = format!("/users/{ann}");
    for path in [
        &user,
        "/users?limit=1",
        "/settings",
        "/events",
        "/keys",
        "/nothing",
        "/users/x",
    ] {
        let [get, head] = ["GET", "HEAD"].map(|method| world.admin(&format!("{method} {path}")));
        assert_eq!(told(head.send().await), told(get.send().await), "{path}");
    }
    let answer = world.anonymous("HEAD /scim/v2/Users").send().await;
    assert_eq!(answer.status, 401);
}

/// Nothing is waited for, and nothing followed: both would keep whoever only wants to know that it
/// is there.
#[actix_web::test]
async fn head_neither_waits_nor_streams() {
    let world = World::new();
    let latest = world.admin("GET /events?after=latest").send().await.json();
    let after = latest["next_cursor"].as_str().unwrap();
    let line = format!("HEAD /events?wait=60&after={after}");
    assert_eq!(world.admin(&line).send().await.status, 200);
    for _ in 0..40 {
        let answer = world.admin("HEAD /events/stream").send().await;
        let media = answer.header("content-type");
        assert_eq!((answer.status, media), (200, Some("text/event-stream")));
        assert_eq!(answer.text, "");
    }
    let answer = world.admin("HEAD /events/stream?after=x").send().await;
    assert_eq!(answer.status, 422);
}

#[actix_web::test]
async fn what_is_not_built_is_501() {
    let world = World::new();
    for line in ["GET /Me", "PATCH /Me"] {
        world
            .scim(line)
            .send()
            .await
            .is_scim_error(501, None, "not available");
    }
}
