//! Cases 60, 73 and 80: other origins, doors for debugging, and floods.

use rolecall_http::HttpConfig;

use crate::world::World;

async fn users(world: &World, key: &str, from: &str) -> crate::world::Answer {
    let call = world.anonymous("GET /scim/v2/Users").key(key);
    call.from(from).send().await
}

#[actix_web::test]
async fn abuse_80_a_flood_of_one_tenant_refuses_that_tenant_only() {
    let world = World::with(HttpConfig {
        requests_per_key: 5,
        requests_per_address: 0,
        ..HttpConfig::default()
    });
    for number in 0..50 {
        let theirs = users(&world, &world.foreign, "203.0.113.7").await;
        if number < 5 {
            assert_eq!(theirs.status, 200);
        } else {
            assert_eq!(theirs.header("retry-after"), Some("1"));
            theirs.is_scim_error(429, None, "Try again after 1 s");
        }
        if number % 10 == 0 {
            let ours = users(&world, &world.scim, "203.0.113.7").await;
            assert_eq!(ours.status, 200, "{number}");
        }
    }
    world.clock.advance(1_000);
    assert_eq!(
        users(&world, &world.foreign, "203.0.113.7").await.status,
        200
    );
}

#[actix_web::test]
async fn abuse_80_a_flood_from_one_address_leaves_the_others_alone() {
    let world = World::with(HttpConfig {
        requests_per_key: 0,
        requests_per_address: 3,
        ..HttpConfig::default()
    });
    for _ in 0..3 {
        assert_eq!(users(&world, "nothing", "203.0.113.7").await.status, 401);
    }
    let refused = users(&world, &world.scim, "203.0.113.7").await;
    refused.is_scim_error(429, None, "Try again after");
    assert_eq!(users(&world, &world.scim, "203.0.113.8").await.status, 200);
    let call = world.anonymous("GET /api/v1/orgs/acme").key(&world.admin);
    let refused = call.from("203.0.113.7").send().await;
    refused.is_problem(429, "too_many_requests", "Try again after");
    // Who asks whether the server lives is always answered.
    let probe = world
        .anonymous("GET /livez")
        .from("203.0.113.7")
        .send()
        .await;
    assert_eq!(probe.status, 200);
}

/// Wrong secrets of one tenant's key wait for argon2 without a thread, and without the others.
#[actix_web::test]
async fn abuse_80_wrong_secrets_cost_the_others_nothing() {
    use domain::key::{Secret, Token, assemble};
    let world = World::new();
    let theirs = Token::parse(&world.foreign).unwrap();
    assert_eq!(users(&world, &world.scim, "203.0.113.1").await.status, 200);
    for number in 0..20_u8 {
        let wrong = assemble(theirs.kind, &theirs.id, &Secret::from_random(&[number; 32]));
        assert_eq!(users(&world, &wrong, "203.0.113.7").await.status, 401);
        assert_eq!(users(&world, &world.scim, "203.0.113.1").await.status, 200);
    }
    assert_eq!(
        users(&world, &world.foreign, "203.0.113.9").await.status,
        200
    );
}

#[actix_web::test]
async fn abuse_60_no_other_origin_is_let_in() {
    let world = World::new();
    let call = world.anonymous("OPTIONS /api/v1/orgs/acme/users");
    let call = call.header("origin", "https://evil.example.com");
    let call = call.header("access-control-request-method", "POST");
    let answer = call.send().await;
    assert_eq!(answer.status, 401);
    let call = world
        .admin("GET /users")
        .header("origin", "https://evil.example.com");
    let allowed = call.send().await;
    for answer in [answer, allowed] {
        let cors = answer
            .headers
            .iter()
            .find(|(name, _)| name.starts_with("access-control-"));
        assert_eq!(cors, None);
    }
    let call = world
        .admin("POST /users")
        .header("content-type", "text/plain");
    assert_eq!(call.raw("{\"userName\":\"x\"}").send().await.status, 415);
}

#[actix_web::test]
async fn abuse_73_there_are_no_doors_for_debugging() {
    let world = World::new();
    for path in [
        "/debug",
        "/actuator",
        "/debug/pprof",
        "/console",
        "/env",
        "/swagger",
    ] {
        let answer = world.anonymous(&format!("GET {path}")).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
}
