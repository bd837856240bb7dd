//! The OpenAPI document and the page made of it.

use std::{env, fs, path::Path};

use serde_json::{Value, json};

use crate::world::World;

fn document() -> Value {
    serde_json::from_str(&rolecall_http::openapi::text().unwrap()).unwrap()
}

/// `UPDATE_OPENAPI=1 cargo test -p rolecall-http --test it openapi` writes the file anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "asked of whoever runs the tests")]
fn the_checked_in_document_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
    let now = rolecall_http::openapi::text().unwrap();
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&file, &now).unwrap();
    }
    let then = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        then == now,
        "write docs/api/openapi.json anew: rolecall openapi > docs/api/openapi.json"
    );
}

#[actix_web::test]
async fn what_there_is_to_read_needs_no_key() {
    let world = World::new();
    let served = world.anonymous("GET /api/v1/openapi.json").send().await;
    assert_eq!((served.status, served.json()), (200, document()));
    assert_eq!(served.header("content-type"), Some("application/json"));
    for path in ["/docs", "/docs/"] {
        let page = world.anonymous(&format!("GET {path}")).send().await;
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'"),
            "{policy}"
        );
        for path in document()["paths"].as_object().unwrap().keys() {
            assert!(page.text.contains(path), "{path}");
        }
        for foreign in ["<script", "style=", "http:", "https:", "//cdn"] {
            assert!(!page.text.contains(foreign), "{foreign}");
        }
    }
    let style = world.anonymous("GET /docs/style.css").send().await;
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    let post = world.anonymous("POST /docs").send().await;
    assert_eq!(
        (post.status, post.header("allow")),
        (405, Some("GET, HEAD"))
    );
    assert_eq!(world.anonymous("GET /docs/x").send().await.status, 404);
}

/// A path of the document, with something in its places.
fn filled(path: &str, ids: &Value) -> String {
    let mut filled = path.to_owned();
    for (name, value) in ids.as_object().unwrap() {
        filled = filled.replace(&format!("{{{name}}}"), value.as_str().unwrap());
    }
    filled
}

/// Every example of a body may be sent as it is.
#[actix_web::test]
async fn examples_are_right() {
    let document = document();
    let mut sent = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(name) = body["$ref"].as_str() else {
                continue;
            };
            let name = name.rsplit('/').next().unwrap();
            let example = &document["components"]["schemas"][name]["example"];
            assert!(!example.is_null(), "{name} has no example");
            let world = World::new();
            let is_workspaces = path.ends_with("/workspaces");
            if !is_workspaces {
                world.places().await;
            }
            let id = world.user("ann").await;
            let keys = world.admin("GET /keys").send().await.json();
            let key = keys["items"][0]["id"].clone();
            let ids = json!({ "org": if path == "/api/v1/orgs" { "x" } else { "other" },
                "user": id, "key": key, "workspace": "quality", "project": "nightly",
                "urn": document["components"]["schemas"]["ExtensionSchema"]["example"]["id"] });
            let path = filled(path, &ids).replace("/orgs/other", "/orgs/acme");
            let line = format!("{} {path}", method.to_uppercase());
            let example = if path == "/api/v1/orgs" {
                json!({ "slug": "new", "name": example["name"], "preset": example["preset"] })
            } else if path.contains("/projects/nightly/members/") {
                json!({ "kind": example["kind"], "role": "inherit" })
            } else {
                example.clone()
            };
            let call = world.anonymous(&line).key(&world.owner);
            let answer = call.body(&example).await;
            assert!(answer.status < 300, "{line} {example}: {}", answer.text);
            sent += 1;
        }
    }
    assert!(sent > 12, "only {sent} bodies");
}

/// Walks the document, so that no route can be open to everybody or to the wrong kind of key: what
/// it says of kinds is what happens.
#[actix_web::test]
async fn abuse_02_no_route_is_open() {
    let world = World::new();
    let keys = [
        ("scim", &world.scim),
        ("read", &world.read),
        ("admin", &world.admin),
        ("owner", &world.owner),
    ];
    let ids = json!({ "org": "acme", "user": "x", "group": "x", "workspace": "x", "project": "x",
        "key": "x", "request": "x", "urn": "x" });
    let mut walked = 0;
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let path = filled(path, &ids);
            let line = format!("{} {path}", method.to_uppercase());
            let nobody = world.anonymous(&line).send().await;
            nobody.is_problem(401, "unauthenticated", "");
            assert!(
                nobody
                    .header("www-authenticate")
                    .unwrap()
                    .starts_with("Bearer")
            );
            let kinds = operation["security"].as_array().unwrap();
            assert!(!kinds.is_empty(), "{line}: no security");
            for (kind, key) in keys {
                let may = kinds.iter().any(|one| one.get(kind).is_some());
                // What has to be there is not; nothing is removed by the walk.
                let answer = world.anonymous(&line).key(key).header("if-match", "\"0\"");
                // A stream would not end; this keeps it from beginning.
                let answer = answer.header("last-event-id", "x");
                let answer = answer.raw("[]").send().await;
                let turned_away = answer.status == 403;
                assert_eq!(turned_away, !may, "{line} {kind}: {}", answer.text);
                let declared = &operation["responses"][answer.status.to_string()];
                assert!(
                    declared.is_object(),
                    "{line}: {} is not declared",
                    answer.status
                );
            }
            walked += 1;
        }
    }
    assert!(walked > 45, "only {walked} operations");
}
