//! One surface at every mount.

use serde_json::json;

use crate::world::{URL, World};

#[actix_web::test]
async fn every_mount_answers_with_links_of_its_own() {
    let world = World::new();
    let id = world.user("ann").await;
    world.group("Staff", &[&id]).await;
    for mount in [
        "/scim/v2",
        "/scim",
        "/orgs/acme/scim/v2",
        "/api/teams/acme/scim/v2",
        "/gms/openapi/scim/v2",
        "/api/v1/auth/scim",
        "/api/v2/scim",
    ] {
        let call = world
            .anonymous(&format!("GET {mount}/Users/{id}"))
            .key(&world.scim);
        let call = call
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example");
        let user = call.send().await;
        assert_eq!(user.status, 200, "{mount}");
        let location = format!("{URL}{mount}/Users/{id}");
        assert_eq!(user.header("location"), Some(location.as_str()));
        assert_eq!(user.json()["meta"]["location"], json!(location));
        let link = user.json()["groups"][0]["$ref"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(link.starts_with(&format!("{URL}{mount}/Groups/")), "{link}");
        assert!(!user.text.contains("evil"));
    }
}

#[actix_web::test]
async fn a_path_names_the_keys_own_organization_or_nobody() {
    let world = World::new();
    for slug in ["other", "nobody", "ACME", "acme%20"] {
        let call = world
            .anonymous(&format!("GET /orgs/{slug}/scim/v2/Users"))
            .key(&world.scim);
        call.send()
            .await
            .is_scim_error(404, None, "There is no organization");
    }
}

#[actix_web::test]
async fn media_types() {
    let world = World::new();
    let check = async |accept: &str, answered: &str| {
        let call = world.scim("GET /Users").header("accept", accept);
        let answer = call.send().await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(answered))
        );
    };
    check("application/json", "application/json").await;
    check("*/*", "application/scim+json").await;
    check("text/html", "application/scim+json").await;
    check(
        "application/scim+json, application/json",
        "application/scim+json",
    )
    .await;
}

#[actix_web::test]
async fn an_unknown_version_is_not_there() {
    let world = World::new();
    for path in ["/scim/v1/Users", "/scim/v3/Users", "/scim/v2.1/Users"] {
        let call = world.anonymous(&format!("GET {path}")).key(&world.scim);
        call.send().await.is_scim_error(404, None, "");
    }
}
