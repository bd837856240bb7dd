//! Who gets in, and in which order refusals come.

use serde_json::json;

use crate::world::{Answer, World};

/// What a 401 says where no token was sent, and where one was that is not good.
const ASKS: &str = "Bearer realm=\"rolecall\"";
const REFUSES: &str = "Bearer realm=\"rolecall\", error=\"invalid_token\"";

#[track_caller]
fn challenged(answer: &Answer, challenge: &str) {
    answer.is_scim_error(401, None, "Authorization: Bearer");
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

#[track_caller]
fn refused(answer: &Answer) {
    challenged(answer, REFUSES);
}

#[actix_web::test]
async fn without_a_good_key_there_is_nothing_but_401() {
    let world = World::new();
    let wrong_secret = format!("{}{}", &world.scim[..22], &world.foreign[22..]);
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Basic Og==",
        "Bearer rc_scim_short",
        &format!("Token {}", world.scim),
        &format!("Bearer {}x", world.scim),
        &format!("Bearer {wrong_secret}"),
        &world.scim,
    ] {
        let call = world
            .anonymous("GET /scim/v2/Users")
            .header("authorization", authorization);
        let bearer = authorization.starts_with("Bearer");
        challenged(&call.send().await, if bearer { REFUSES } else { ASKS });
    }
    let keyless = world.anonymous("GET /scim/v2/Users").send().await;
    challenged(&keyless, ASKS);
    let unknown = domain::key::assemble(
        domain::key::Kind::Scim,
        &domain::key::KeyId::from_random([7; 16]),
        &domain::key::Secret::from_random(&[7; 32]),
    );
    let before = world.hasher.verifies();
    refused(
        &world
            .anonymous("GET /scim/v2/Users")
            .key(&unknown)
            .send()
            .await,
    );
    assert_eq!(
        world.hasher.verifies(),
        before,
        "an unknown id never costs a hash"
    );
}

#[actix_web::test]
async fn abuse_02_and_03_authentication_comes_before_routing() {
    let world = World::new();
    for line in [
        "GET /scim/v2/Nothing",
        "GET /scim/v2//Users",
        "GET /scim/v2/users",
        "GET /scim/v2/%2e%2e",
        "OPTIONS /scim/v2/Users",
        "TRACE /scim/v2/Users",
        "DELETE /scim/v2/Users",
        "GET /orgs/nobody/scim/v2/Users",
        "GET /scim/v2/ServiceProviderConfig",
        "POST /scim/v2/Users?access_token=x",
    ] {
        challenged(&world.anonymous(line).send().await, ASKS);
    }
    for line in [
        "GET /api/v1",
        "GET /api/v1/nothing",
        "DELETE /api/v1/orgs",
        "GET /api/v1/orgs/acme",
    ] {
        let answer = world.anonymous(line).send().await;
        answer.is_problem(401, "unauthenticated", "Authorization: Bearer");
        assert_eq!(answer.header("www-authenticate"), Some(ASKS));
    }
}

#[actix_web::test]
async fn keys_count_in_the_header_only_and_once() {
    let world = World::new();
    for parameter in ["access_token", "api_key", "token"] {
        let line = format!("GET /scim/v2/Users?{parameter}={}", world.scim);
        challenged(&world.anonymous(&line).send().await, ASKS);
    }
    let twice = world
        .anonymous("GET /scim/v2/Users")
        .key(&world.scim)
        .key(&world.scim);
    refused(&twice.send().await);
    let cookie = world
        .anonymous("GET /scim/v2/Users")
        .header("cookie", &world.scim);
    challenged(&cookie.send().await, ASKS);
    for word in ["bearer", "BEARER"] {
        let call = world.anonymous("GET /scim/v2/Users");
        let call = call.header("authorization", &format!("{word}  {} ", world.scim));
        assert_eq!(call.send().await.status, 200, "{word}");
    }
}

#[actix_web::test]
async fn abuse_12_the_wrong_plane_is_403() {
    let world = World::new();
    for key in [&world.admin, &world.read, &world.owner] {
        let answer = world.anonymous("GET /scim/v2/Users").key(key).send().await;
        answer.is_scim_error(403, None, "kind scim");
        // Before routing too.
        assert_eq!(
            world
                .anonymous("GET /scim/v2/Nothing")
                .key(key)
                .send()
                .await
                .status,
            403
        );
    }
    let answer = world
        .anonymous("GET /api/v1/orgs/acme")
        .key(&world.scim)
        .send()
        .await;
    answer.is_problem(403, "wrong_kind", "admin or read or owner");
    let patch = world.anonymous("PATCH /api/v1/orgs/acme/settings");
    let answer = patch.key(&world.read).body(&json!({})).await;
    answer.is_problem(403, "wrong_kind", "admin or owner");
    // Keys of the organization that knock at the wrong door are in its log.
    let log = world.admin("GET /requests?status=403").send().await.json();
    let rows = log["items"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "{log}");
    assert!(rows.iter().all(|row| row["error"] == "wrong_kind"), "{log}");
}

#[actix_web::test]
async fn kinds_of_the_admin_api() {
    let world = World::new();
    let check = async |key: &str, line: &str, status: u16| {
        let answer = world.anonymous(line).key(key).raw("{}").send().await;
        assert_eq!(answer.status, status, "{line}: {}", answer.text);
    };
    check(&world.read, "GET /api/v1/orgs/acme", 200).await;
    check(&world.read, "GET /api/v1/orgs/acme/roles", 200).await;
    check(&world.read, "GET /api/v1/orgs/acme/access", 200).await;
    check(&world.read, "GET /api/v1/orgs/acme/events", 200).await;
    check(&world.read, "GET /api/v1/orgs/acme/settings", 403).await;
    check(&world.read, "GET /api/v1/orgs/acme/keys", 403).await;
    check(&world.read, "GET /api/v1/orgs/acme/mapping", 403).await;
    check(&world.read, "PUT /api/v1/orgs/acme/roles", 403).await;
    check(&world.read, "PATCH /api/v1/orgs/acme/settings", 403).await;
    check(&world.admin, "PATCH /api/v1/orgs/acme/settings", 200).await;
    check(&world.admin, "GET /api/v1/orgs", 403).await;
    check(&world.admin, "POST /api/v1/orgs", 403).await;
    check(&world.admin, "DELETE /api/v1/orgs/acme", 403).await;
    check(&world.owner, "GET /api/v1/orgs/acme/settings", 200).await;
    check(&world.owner, "GET /api/v1/orgs/nobody/settings", 404).await;
    for line in [
        "GET /api/v1/orgs/other",
        "GET /api/v1/orgs/other/access",
        "GET /api/v1/orgs/nobody",
    ] {
        check(&world.admin, line, 404).await;
        check(&world.read, line, 404).await;
    }
}

#[actix_web::test]
async fn another_organizations_resource_is_not_there() {
    let world = World::new();
    let user = world.user("ann").await;
    let group = world.group("Staff", &[&user]).await;
    let random = "01900000-0000-7000-8000-000000000000";
    for method in ["GET", "DELETE", "PATCH", "PUT"] {
        for (endpoint, id) in [("Users", &user), ("Groups", &group)] {
            let send = async |id: &str| {
                let line = format!("{method} /scim/v2/{endpoint}/{id}");
                let call = world.anonymous(&line).key(&world.foreign);
                call.body(
                    &json!({ "userName": "x", "displayName": "x", "Operations": [
                    { "op": "replace", "path": "externalId", "value": "x" }] }),
                )
                .await
            };
            let (theirs, nobodys) = (send(id).await, send(random).await);
            theirs.is_scim_error(404, None, "There is no");
            assert_eq!(theirs.text, nobodys.text);
        }
    }
    // The same name is free in another organization, and foreign members are dropped.
    let create = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
    assert_eq!(create.body(&json!({ "userName": "ann" })).await.status, 201);
    let create = world.anonymous("POST /scim/v2/Groups").key(&world.foreign);
    let body = json!({ "displayName": "Staff", "members": [{ "value": user }] });
    let answer = create.body(&body).await;
    assert_eq!(
        (answer.status, &answer.json()["members"]),
        (201, &json!([]))
    );
}

#[actix_web::test]
async fn a_revoked_or_expired_key_is_refused() {
    let world = World::new();
    assert_eq!(world.scim("GET /Users").send().await.status, 200);
    let keys = world.admin("GET /keys").send().await.json();
    let scim = keys["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kind"] == "scim");
    let id = scim.unwrap()["id"].as_str().unwrap().to_owned();
    let answer = world.admin(&format!("DELETE /keys/{id}")).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    refused(&world.scim("GET /Users").send().await);
    for _ in 0..366 {
        world.clock.advance(24 * 60 * 60 * 1_000);
    }
    assert_eq!(world.admin("GET /keys").send().await.status, 401);
}

#[actix_web::test]
async fn a_key_is_hashed_once() {
    let world = World::new();
    for _ in 0..5 {
        assert_eq!(world.scim("GET /Users").send().await.status, 200);
    }
    assert_eq!(world.hasher.verifies(), 1);
}

#[actix_web::test]
async fn a_disabled_connection_says_how_to_enable_it() {
    let world = World::new();
    let off = json!({ "connection": { "enabled": false } });
    assert_eq!(world.admin("PATCH /settings").body(&off).await.status, 200);
    let answer = world.scim("GET /Nothing").send().await;
    answer.is_scim_error(403, None, "rolecall connection enable --org acme");
    // A foreign path stays a 404.
    let call = world
        .anonymous("GET /orgs/other/scim/v2/Users")
        .key(&world.scim);
    assert_eq!(call.send().await.status, 404);
    let on = json!({ "connection": { "enabled": true } });
    assert_eq!(world.admin("PATCH /settings").body(&on).await.status, 200);
    assert_eq!(world.scim("GET /Users").send().await.status, 200);
}
