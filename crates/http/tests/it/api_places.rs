//! Workspaces, projects and who is in them.

use serde_json::{Value, json};

use crate::world::{URL, World};

const AT: &str = "2026-01-01T00:00:00.000Z";

#[actix_web::test]
async fn places_are_made_renamed_and_removed() {
    let world = World::new();
    let body = json!({ "slug": "quality", "name": "Quality" });
    let made = world.admin("POST /workspaces").body(&body).await;
    let quality = json!({ "slug": "quality", "name": "Quality", "created_at": AT });
    made.is(201, quality.clone());
    let location = format!("{URL}/api/v1/orgs/acme/workspaces/quality");
    assert_eq!(made.header("location"), Some(&*location));
    world
        .admin("POST /workspaces")
        .body(&body)
        .await
        .is_problem(409, "taken", "slug: there is a workspace");
    let projects = "/workspaces/quality/projects";
    let body = json!({ "slug": "nightly" });
    let made = world.admin(&format!("POST {projects}")).body(&body).await;
    let nightly = json!({ "slug": "nightly", "name": "nightly", "workspace": "quality",
        "created_at": AT });
    made.is(201, nightly.clone());
    let location = format!("{URL}/api/v1/orgs/acme/workspaces/quality/projects/nightly");
    assert_eq!(made.header("location"), Some(&*location));
    let nowhere = world.admin("POST /workspaces/x/projects").body(&body).await;
    nowhere.is_problem(404, "not_found", "workspace");

    let one = world.admin("GET /workspaces/quality").send().await;
    one.is(200, quality.clone());
    let renamed = world
        .admin("PUT /workspaces/quality")
        .body(&json!({ "name": "QA" }))
        .await;
    let quality = json!({ "slug": "quality", "name": "QA", "created_at": AT });
    renamed.is(200, quality.clone());
    let list = world.admin("GET /workspaces").send().await;
    list.is(200, json!({ "items": [quality], "next_cursor": null }));
    let list = world.admin(&format!("GET {projects}")).send().await;
    list.is(200, json!({ "items": [nightly], "next_cursor": null }));

    let gone = world
        .admin(&format!("DELETE {projects}/nightly"))
        .send()
        .await;
    assert_eq!(gone.status, 204);
    let one = world.admin(&format!("GET {projects}/nightly")).send().await;
    one.is_problem(404, "not_found", "project");
    let gone = world.admin("DELETE /workspaces/quality").send().await;
    assert_eq!(gone.status, 204);
    for line in [
        "GET /workspaces/quality",
        "DELETE /workspaces/quality",
        "GET /workspaces/quality/projects",
        "GET /workspaces/quality/members",
        "GET /workspaces/Not+A+Slug",
    ] {
        let answer = world.admin(line).send().await;
        answer.is_problem(404, "not_found", "workspace");
    }
}

#[actix_web::test]
async fn names_and_slugs_that_are_not_right() {
    let world = World::new();
    world.places().await;
    for (line, body, field) in [
        ("POST /workspaces", json!({ "name": "X" }), "slug"),
        ("POST /workspaces", json!({ "slug": "SECRET!" }), "slug"),
        ("POST /workspaces", json!({ "slug": "a", "nme": 1 }), "nme"),
        (
            "POST /workspaces",
            json!({ "slug": "a", "name": " " }),
            "name",
        ),
        ("PUT /workspaces/quality", json!({}), "name"),
        ("PUT /workspaces/quality", json!({ "slug": "a" }), "slug"),
    ] {
        let answer = world.admin(line).body(&body).await;
        assert_eq!(answer.status, 422, "{line} {body} {}", answer.text);
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
        assert!(!answer.text.contains("SECRET"), "{}", answer.text);
    }
    let nobody = world
        .admin("PUT /workspaces/x")
        .body(&json!({ "name": "X" }))
        .await;
    nobody.is_problem(404, "not_found", "workspace");
}

#[actix_web::test]
async fn places_are_paged_by_slug() {
    let world = World::new();
    for slug in ["c", "a", "b"] {
        let body = json!({ "slug": slug });
        assert_eq!(
            world.admin("POST /workspaces").body(&body).await.status,
            201
        );
    }
    let first = world.admin("GET /workspaces?limit=2").send().await.json();
    assert_eq!(slugs(&first), ["a", "b"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = world.admin(&format!("GET /workspaces?cursor={cursor}"));
    let rest = rest.send().await.json();
    assert_eq!(slugs(&rest), ["c"]);
    assert_eq!(rest["next_cursor"], Value::Null);
}

fn slugs(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["slug"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn what_a_rule_names_is_not_removed_by_the_way() {
    let world = World::new();
    world.places().await;
    let rule = json!({ "group": "QA", "project": "quality/nightly", "role": "member" });
    world.map(json!({ "projects": [rule] })).await;
    for path in [
        "/workspaces/quality/projects/nightly",
        "/workspaces/quality",
    ] {
        let refused = world.admin(&format!("DELETE {path}")).send().await;
        refused.is_problem(409, "in_use", "?force=true");
        let detail = refused.json()["errors"][0]["detail"].clone();
        assert!(detail.as_str().unwrap().contains("\"QA\""), "{detail}");
    }
    let forced = world.admin("DELETE /workspaces/quality?force=true").send();
    assert_eq!(forced.await.status, 204);
    let empty = json!({ "organization": [], "workspaces": [], "projects": [] });
    let read = world.admin("GET /mapping").send().await;
    read.is(200, empty);
    assert_eq!(read.header("etag"), Some("\"3\""));
}

#[actix_web::test]
async fn members_are_those_whose_access_reaches_the_place() {
    let world = World::new();
    world.places().await;
    let (ann, bob, cleo) = (
        world.user("ann").await,
        world.user("bob").await,
        world.user("cleo").await,
    );
    world.user("dan").await;
    world
        .map(json!({
            "organization": [{ "group": "Admins", "role": "admin" }],
            "workspaces": [{ "group": "QA", "workspace": "quality" }],
        }))
        .await;
    world.group("Admins", &[&ann]).await;
    world.group("QA", &[&bob]).await;
    let put = world.admin(&format!("PUT /workspaces/quality/members/{cleo}"));
    let put = put.send().await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(put.json()["scope"], "quality");
    assert_eq!(put.json()["role"], Value::Null);
    assert_eq!(put.json()["kind"], "floor");

    let list = world.admin("GET /workspaces/quality/members").send().await;
    let member = |place: usize, name: &str, role: &str, via: &str| {
        json!({
            "user": { "id": format!("<{place}>"), "userName": name, "email": null,
                "active": true, "person": null },
            "role": { "key": role, "name": if role == "admin" { "Admin" } else { "Member" } },
            "via": via, "pending": false,
        })
    };
    let wanted = json!({ "items": [
        member(1, "ann", "admin", "role"), member(2, "bob", "member", "rule"),
        member(3, "cleo", "member", "manual"),
    ], "next_cursor": null });
    list.is(200, wanted);

    let project = "/workspaces/quality/projects/nightly/members";
    let line = format!("PUT {project}/{bob}");
    let put = world.admin(&line).body(&json!({ "role": "admin" })).await;
    assert_eq!(put.json()["scope"], "quality/nightly", "{}", put.text);
    let roles = |list: Value| -> Vec<(String, String, bool)> {
        let items = list["items"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let item = |item: &Value| {
            let inherited = item["inherited"].as_bool().unwrap();
            (
                text(&item["user"]["userName"]),
                text(&item["role"]["key"]),
                inherited,
            )
        };
        items.map(item).collect()
    };
    let list = world.admin(&format!("GET {project}")).send().await.json();
    let wanted = [
        ("ann", "admin", true),
        ("bob", "admin", false),
        ("cleo", "member", true),
    ];
    let wanted =
        wanted.map(|(name, role, inherited)| (name.to_owned(), role.to_owned(), inherited));
    assert_eq!(roles(list), wanted);

    let gone = world.admin(&format!("DELETE /workspaces/quality/members/{cleo}"));
    assert_eq!(gone.send().await.status, 204);
    let again = world.admin(&format!("DELETE /workspaces/quality/members/{cleo}"));
    again.send().await.is_problem(404, "not_found", "grant");
    // What a rule gives is not taken by hand.
    let gone = world.admin(&format!("DELETE /workspaces/quality/members/{bob}"));
    gone.send().await.is_problem(404, "not_found", "grant");
    let first = world.admin("GET /workspaces/quality/members?limit=1");
    let first = first.send().await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 1);
    let cursor = first["next_cursor"].as_str().unwrap().to_owned();
    let rest = world.admin(&format!("GET /workspaces/quality/members?cursor={cursor}"));
    let rest = rest.send().await.json();
    assert_eq!(rest["items"][0]["user"]["userName"], "bob");
}

#[actix_web::test]
async fn members_that_cannot_be() {
    let world = World::new();
    world.places().await;
    let ann = world.user("ann").await;
    let check = async |path: String, body: Value, status: u16, says: &str| {
        let answer = world.admin(&format!("PUT {path}")).body(&body).await;
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        answer.is_problem(status, &code, says);
    };
    let workspace = "/workspaces/quality/members";
    let project = "/workspaces/quality/projects/nightly/members";
    let nobody = "00000000-0000-7000-8000-000000000000";
    check(format!("{workspace}/{nobody}"), json!({}), 404, "user").await;
    check(format!("{workspace}/x"), json!({}), 404, "user").await;
    check(
        format!("/workspaces/x/members/{ann}"),
        json!({}),
        404,
        "workspace",
    )
    .await;
    let body = json!({ "role": "admin" });
    check(format!("{workspace}/{ann}"), body, 422, "leave role out").await;
    check(format!("{project}/{ann}"), json!({}), 422, "role").await;
    let body = json!({ "role": "admn" });
    check(format!("{project}/{ann}"), body, 422, "role").await;
    let body = json!({ "role": "admin", "kind": "ceiling" });
    check(format!("{project}/{ann}"), body, 422, "floor, fixed").await;
}
