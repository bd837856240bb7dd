//! Paths and methods for those who have a key.

use crate::world::World;

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
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"] {
        check(&format!("{method} /Users"), "GET, POST").await;
    }
    check("POST /Groups/x", "GET, PUT, PATCH, DELETE").await;
    check("POST /ServiceProviderConfig", "GET").await;
    check("DELETE /Schemas/urn:x", "GET").await;
    let answer = world.admin("POST /settings").send().await;
    answer.is_problem(405, "method_not_allowed", "GET, PATCH");
    assert_eq!(answer.header("allow"), Some("GET, PATCH"));
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
