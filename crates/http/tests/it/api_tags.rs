//! Optimistic locking on everything that can be changed.

use serde_json::{Value, json};

use crate::world::{Answer, World};

async fn with_tag(world: &World, line: &str, tag: &str, body: &Value) -> Answer {
    let call = world.admin(line).header("if-match", tag);
    match body {
        Value::Null => call.send().await,
        body => call.body(body).await,
    }
}

/// A read, a change that has another tag, one that has the right one.
async fn check(world: &World, read: &str, change: &str, body: Value) {
    let found = world.admin(&format!("GET {read}")).send().await;
    let tag = found.header("etag").unwrap_or_default().to_owned();
    assert!(
        found.status == 200 && tag.len() > 2,
        "{read}: {}",
        found.text
    );
    for wrong in ["\"999\"", "\"not-a-version\"", "W/\"999\""] {
        let refused = with_tag(world, change, wrong, &body).await;
        refused.is_problem(412, "precondition_failed", "");
    }
    for senseless in ["999", "\"1\", \"2\"", ""] {
        let refused = with_tag(world, change, senseless, &body).await;
        refused.is_problem(422, "invalid_field", "If-Match");
    }
    let changed = with_tag(world, change, &tag, &body).await;
    assert!(changed.status < 300, "{change}: {}", changed.text);
    if changed.status == 200 {
        let now = world.admin(&format!("GET {read}")).send().await;
        assert_ne!(now.header("etag"), Some(&*tag), "{change} moves the tag");
    }
}

#[actix_web::test]
async fn what_changed_since_is_not_overwritten() {
    let world = World::new();
    world.places().await;
    let ann = world.user("ann").await;
    let group = world.group("QA", &[]).await;
    let grants = format!("/users/{ann}/grants");
    let place = "/workspaces/quality";
    let project = "/workspaces/quality/projects/nightly";
    let name = || json!({ "name": "Another" });
    check(&world, project, &format!("PUT {project}"), name()).await;
    check(&world, project, &format!("DELETE {project}"), Value::Null).await;
    check(&world, place, &format!("PUT {place}"), name()).await;
    let grant = json!({ "role": "admin", "kind": "floor" });
    check(&world, &grants, &format!("PUT {grants}"), grant).await;
    let member = format!("PUT {place}/members/{ann}");
    check(&world, &grants, &member, json!({})).await;
    let member = format!("DELETE {place}/members/{ann}");
    check(&world, &grants, &member, Value::Null).await;
    let grant = json!({ "role": "admin", "kind": "floor" });
    world.admin(&format!("PUT {grants}")).body(&grant).await;
    let bob = world.user("bob").await;
    world
        .admin(&format!("PUT /users/{bob}/grants"))
        .body(&grant)
        .await;
    check(&world, &grants, &format!("DELETE {grants}"), Value::Null).await;
    check(&world, place, &format!("DELETE {place}"), Value::Null).await;
    let user = format!("/users/{ann}");
    check(&world, &user, &format!("DELETE {user}"), Value::Null).await;
    let group = format!("/groups/{group}");
    check(&world, &group, &format!("DELETE {group}"), Value::Null).await;
    let body = json!({ "kind": "read" });
    let key = world.admin("POST /keys").body(&body).await;
    let key = format!("/keys/{}", key.id());
    check(&world, &key, &format!("POST {key}/rotate"), json!({})).await;
    check(&world, &key, &format!("DELETE {key}"), Value::Null).await;
}

#[actix_web::test]
async fn organizations_are_renamed_and_removed() {
    let world = World::new();
    let read = world.owner("GET /orgs/acme").send().await;
    let tag = read.header("etag").unwrap().to_owned();
    let rename = async |tag: &str, body: Value| {
        let call = world.owner("PATCH /orgs/acme").header("if-match", tag);
        call.body(&body).await
    };
    let renamed = rename(&tag, json!({ "name": "Acme, Inc." })).await;
    let view = json!({ "slug": "acme", "name": "Acme, Inc.", "preset": "plain" });
    renamed.is(200, view.clone());
    world.owner("GET /orgs/acme").send().await.is(200, view);
    let late = rename(&tag, json!({ "name": "x" })).await;
    late.is_problem(412, "precondition_failed", "read it again");
    let now = renamed.header("etag").unwrap().to_owned();
    let same = rename(&now, json!({})).await;
    assert_eq!((same.status, same.header("etag")), (200, Some(&*now)));
    let slug = rename(&now, json!({ "slug": "other" })).await;
    slug.is_problem(422, "unknown_field", "slug");
    rename(&now, json!({ "name": " " }))
        .await
        .is_problem(422, "invalid_field", "name");
    let late = world.owner("DELETE /orgs/acme").header("if-match", &tag);
    late.send().await.is_problem(412, "precondition_failed", "");
    let gone = world.owner("DELETE /orgs/acme").header("if-match", &now);
    assert_eq!(gone.send().await.status, 204);
    assert_eq!(world.owner("GET /orgs/acme").send().await.status, 404);
}

/// Reads access with a tag that the caller has.
async fn access(world: &World, id: &str, known: &str) -> Answer {
    let call = world.admin(&format!("GET /users/{id}/access"));
    call.header("if-none-match", known).send().await
}

/// The tag of access is that of everything the answer shows.
#[actix_web::test]
async fn access_that_the_caller_has_is_not_sent_again() {
    let world = World::new();
    world.places().await;
    let ann = world.user("ann").await;
    let ben = world.user("ben").await;
    let group = world.group("QA", &[]).await;
    world
        .map(json!({ "workspaces": [{ "group": "QA", "workspace": "quality" }] }))
        .await;
    let mut seen: Vec<String> = Vec::new();
    let project = "/workspaces/quality/projects/nightly";
    let no_default = json!({ "policies": { "default_role": null } });
    let grant = json!({ "role": "admin", "kind": "floor" });
    let off = json!({ "userName": "anna", "active": false });
    let steps: [(&str, String, Value); 7] = [
        (
            "scim",
            format!("PATCH /Groups/{group}"),
            members("add", &ann),
        ),
        (
            "admin",
            format!("PUT {project}"),
            json!({ "name": "Other" }),
        ),
        ("admin", "PATCH /settings".into(), no_default),
        ("admin", format!("PUT /users/{ann}/grants"), grant),
        (
            "scim",
            format!("PUT /Users/{ann}"),
            json!({ "userName": "anna" }),
        ),
        (
            "scim",
            format!("PATCH /Groups/{group}"),
            members("remove", &ann),
        ),
        ("scim", format!("PUT /Users/{ann}"), off),
    ];
    for (plane, line, body) in steps {
        let before = access(&world, &ann, "\"nothing\"").await;
        let tag = before.header("etag").unwrap().to_owned();
        assert!(!seen.contains(&tag), "before {line}");
        for known in [tag.clone(), format!("\"a\", W/{tag}"), "*".to_owned()] {
            let same = access(&world, &ann, &known).await;
            assert_eq!((same.status, same.text.as_str()), (304, ""), "{known}");
            assert_eq!(same.header("etag"), Some(&*tag));
        }
        // Others have another tag; what happens to them moves nobody else's.
        let others = access(&world, &ben, &tag).await;
        assert_eq!(others.status, 200);
        let rename = json!({ "userName": format!("ben{}", seen.len()) });
        world.scim(&format!("PUT /Users/{ben}")).body(&rename).await;
        assert_eq!(access(&world, &ann, &tag).await.status, 304, "{line}");
        seen.push(tag.clone());
        let change = if plane == "scim" {
            world.scim(&line)
        } else {
            world.admin(&line)
        };
        let done = change.body(&body).await;
        assert!(done.status < 300, "{line}: {}", done.text);
        let after = access(&world, &ann, &tag).await;
        assert_eq!(after.status, 200, "{line}");
        assert_ne!(after.text, before.text, "{line}");
    }
}

fn members(op: &str, user: &str) -> Value {
    let path = match op {
        "add" => json!("members"),
        _ => json!(format!("members[value eq \"{user}\"]")),
    };
    let mut operation = json!({ "op": op, "path": path });
    if op == "add" {
        operation["value"] = json!([{ "value": user }]);
    }
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation] })
}

#[actix_web::test]
async fn abuse_78_a_list_of_known_tags_has_a_limit() {
    let world = World::new();
    let ann = world.user("ann").await;
    for (known, status) in [
        ("\"a\"", 200),
        ("W/\"a\",\"b\"", 200),
        (&*vec!["\"a\""; 100].join(", "), 200),
        (&*vec!["\"a\""; 101].join(", "), 422),
        ("a", 422),
        ("\"a", 422),
        ("", 422),
        ("\"a\", *", 422),
    ] {
        let answer = access(&world, &ann, known).await;
        assert_eq!(answer.status, status, "{known}");
        if status == 422 {
            answer.is_problem(422, "invalid_field", "If-None-Match");
        }
    }
}
