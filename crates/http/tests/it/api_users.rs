//! Finding, reading, making and removing users over the admin API.

use serde_json::{Value, json};

use crate::world::{URL, World};

async fn names(world: &World, query: &str) -> Vec<String> {
    let answer = world.admin(&format!("GET /users{query}")).send().await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    let list = answer.json();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["userName"].as_str().unwrap().to_owned())
        .collect()
}

async fn three(world: &World) -> [String; 3] {
    world
        .map(json!({ "organization": [{ "group": "Admins", "role": "admin" }] }))
        .await;
    let body = json!({ "userName": "Ann", "externalId": "7", "displayName": "Ann A.",
        "emails": [{ "value": "Ann@example.com", "primary": true }] });
    let ann = world.scim("POST /Users").body(&body).await.id();
    let bob = world.user("bob").await;
    let cleo = json!({ "userName": "cleo", "active": false });
    let cleo = world.scim("POST /Users").body(&cleo).await.id();
    world.group("Admins", &[&ann, &cleo]).await;
    [ann, bob, cleo]
}

#[actix_web::test]
async fn users_are_found() {
    let world = World::new();
    three(&world).await;
    for (query, found) in [
        ("", vec!["Ann", "bob", "cleo"]),
        ("?userName=ANN", vec!["Ann"]),
        ("?userName=nobody", vec![]),
        ("?userName=a%22+or+userName+pr+or+userName+eq+%22", vec![]),
        ("?email=ann@EXAMPLE.com", vec!["Ann"]),
        ("?group=admins", vec!["Ann", "cleo"]),
        ("?role=admin", vec!["Ann"]),
        ("?role=member", vec!["bob"]),
        ("?state=deactivated", vec!["cleo"]),
        ("?state=active", vec!["Ann", "bob"]),
        ("?group=Admins&state=active", vec!["Ann"]),
    ] {
        assert_eq!(names(&world, query).await, found, "{query}");
    }
    let refused = world.admin("GET /users?role=admn").send().await;
    refused.is_problem(422, "invalid_field", "Did you mean admin?");
}

/// Whatever is asked for, whoever is found is all of it.
#[actix_web::test]
async fn users_are_found_by_several_things_at_once() {
    let world = World::new();
    three(&world).await;
    world.places().await;
    let hand = json!({ "userName": "dora", "email": "dora@example.com" });
    let dora = world.admin("POST /users").body(&hand).await.id();
    let member = format!("PUT /workspaces/quality/members/{dora}");
    assert_eq!(world.admin(&member).body(&json!({})).await.status, 200);
    for (query, found) in [
        ("?managed_by=admin", vec!["dora"]),
        ("?managed_by=scim", vec!["Ann", "bob", "cleo"]),
        ("?managed_by=admin&state=deactivated", vec![]),
        ("?managed_by=scim&group=Admins&state=active", vec!["Ann"]),
        (
            "?userName=ann&email=ann@example.com&group=Admins&role=admin",
            vec!["Ann"],
        ),
        ("?userName=bob&group=Admins", vec![]),
        ("?userName=bob&email=ann@example.com", vec![]),
        ("?email=ann@example.com&role=member", vec![]),
        // Admins see all workspaces.
        ("?workspace=quality", vec!["Ann", "dora"]),
        ("?workspace=quality&role=member", vec!["dora"]),
        ("?workspace=quality&managed_by=scim", vec!["Ann"]),
        ("?project=quality/nightly", vec!["Ann", "dora"]),
        (
            "?project=quality/nightly&group=Admins&workspace=quality",
            vec!["Ann"],
        ),
        ("?workspace=quality&state=deactivated", vec![]),
    ] {
        assert_eq!(names(&world, query).await, found, "{query}");
    }
}

/// D10: whom an administrator made is the identity provider's from its first write on.
#[actix_web::test]
async fn who_manages_a_user_is_told() {
    let world = World::new();
    let hand = json!({ "userName": "dora" });
    let made = world.admin("POST /users").body(&hand).await;
    assert_eq!(made.json()["managed_by"], "admin");
    let id = made.id();
    let managed_by = async || {
        let read = world.admin(&format!("GET /users/{id}")).send().await.json();
        read["managed_by"].as_str().unwrap().to_owned()
    };
    let grant = json!({ "role": "admin", "kind": "floor" });
    let put = format!("PUT /users/{id}/grants");
    assert_eq!(world.admin(&put).body(&grant).await.status, 200);
    assert_eq!(
        world.scim(&format!("GET /Users/{id}")).send().await.status,
        200
    );
    assert_eq!(managed_by().await, "admin");
    let patch = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "title", "value": "Dr." }] });
    let taken = world.scim(&format!("PATCH /Users/{id}")).body(&patch).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(managed_by().await, "scim");
    let bob = world.user("bob").await;
    let bob = world.admin(&format!("GET /users/{bob}")).send().await;
    assert_eq!(bob.json()["managed_by"], "scim");
}

#[actix_web::test]
async fn users_are_paged() {
    let world = World::new();
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        ids.push(world.user(name).await);
    }
    let members: Vec<&String> = ids.iter().collect();
    world.group("All", &members).await;
    for way in ["", "&group=All", "&role=member"] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let line = format!("GET /users?limit=2{way}&cursor={cursor}");
            let page = world.admin(&line).send().await.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2, "{way}");
            found.extend(items.iter().map(|item| item["id"].clone()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(found, ids, "{way}");
    }
}

#[actix_web::test]
async fn pages_of_those_in_a_state_are_whole() {
    let world = World::new();
    let mut off = Vec::new();
    for number in 0..9 {
        let body = json!({ "userName": format!("u{number}"), "active": number % 3 == 0 });
        let id = world.scim("POST /Users").body(&body).await.id();
        if number % 3 != 0 {
            off.push(id);
        }
    }
    let members: Vec<&String> = off.iter().collect();
    world.group("All", &members).await;
    for way in ["", "&group=All"] {
        let first = format!("GET /users?state=deactivated&limit=4{way}");
        let page = world.admin(&first).send().await.json();
        let ids = |page: &Value| -> Vec<Value> {
            let items = page["items"].as_array().unwrap().iter();
            items.map(|item| item["id"].clone()).collect()
        };
        assert_eq!(ids(&page), off[..4], "{way}");
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = world
            .admin(&format!("{first}&cursor={cursor}"))
            .send()
            .await;
        assert_eq!(ids(&next.json()), off[4..], "{way}");
    }
}

#[actix_web::test]
async fn a_pending_role_is_found_too() {
    let world = World::new();
    let policy = json!({ "policies": { "require_activation": "on" } });
    world.admin("PATCH /settings").body(&policy).await;
    world.user("waits").await;
    assert_eq!(names(&world, "?role=member").await, ["waits"]);
    assert_eq!(
        names(&world, "?role=member&state=not_activated").await,
        ["waits"]
    );
    assert_eq!(names(&world, "?role=member&state=active").await, [""; 0]);
    assert_eq!(names(&world, "?state=not_activated").await, ["waits"]);
}

#[actix_web::test]
async fn one_user() {
    let world = World::new();
    let [ann, ..] = three(&world).await;
    let one = world.admin(&format!("GET /users/{ann}")).send().await;
    let person = one.json()["person"].clone();
    assert_eq!(person.as_str().map(str::len), Some(32));
    let at = "2026-01-01T00:00:00.000Z";
    one.is(
        200,
        json!({
            "id": "<1>", "userName": "Ann", "email": "Ann@example.com", "active": true,
            "person": person, "state": "active", "role": { "key": "admin", "name": "Admin" },
            "pending_role": null, "seat": true, "managed_by": "scim", "externalId": "7",
            "displayName": "Ann A.",
            "groups": [{ "id": "<2>", "name": "Admins" }], "created_at": at, "modified_at": at,
        }),
    );
    for id in ["x", "00000000-0000-7000-8000-000000000000"] {
        let nobody = world.admin(&format!("GET /users/{id}")).send().await;
        nobody.is_problem(404, "not_found", "user");
    }
}

#[actix_web::test]
async fn users_made_by_hand_belong_to_the_identity_provider_later() {
    let world = World::new();
    let body = json!({ "userName": "eve", "email": "eve@example.com",
        "name": { "givenName": "Eve" } });
    let made = world.admin("POST /users").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.id();
    let location = format!("{URL}/api/v1/orgs/acme/users/{id}");
    assert_eq!(made.header("location"), Some(&*location));
    let scim = world.scim(&format!("GET /Users/{id}")).send().await.json();
    assert_eq!(scim["name"], json!({ "givenName": "Eve" }));
    assert_eq!(scim["emails"][0]["value"], "eve@example.com");
    let again = world
        .scim("POST /Users")
        .body(&json!({ "userName": "EVE" }))
        .await;
    again.is_scim_error(409, Some("uniqueness"), "userName");
    let again = world.admin("POST /users").body(&body).await;
    again.is_problem(409, "taken", "userName");
    for (body, status, says) in [
        (json!({}), 422, "userName"),
        (json!({ "usrName": "x" }), 422, "Did you mean userName?"),
        (
            json!({ "userName": "x", "name": { "given": 1 } }),
            422,
            "name.given",
        ),
        (json!({ "userName": "" }), 400, "userName"),
    ] {
        let answer = world.admin("POST /users").body(&body).await;
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        answer.is_problem(status, &code, says);
    }
}

#[actix_web::test]
async fn where_emails_tell_users_apart_the_name_is_the_email() {
    let world = World::new();
    let patch = json!({ "connection": { "unique_identifier": "email" } });
    assert_eq!(
        world.admin("PATCH /settings").body(&patch).await.status,
        200
    );
    let body = json!({ "userName": "x" });
    let refused = world.admin("POST /users").body(&body).await;
    refused.is_problem(422, "invalid_field", "email");
    let made = world.admin("POST /users");
    let made = made.body(&json!({ "email": "eve@example.com" })).await;
    assert_eq!(made.json()["userName"], "eve@example.com", "{}", made.text);
    assert_eq!(
        names(&world, "?userName=EVE@example.com").await,
        ["eve@example.com"]
    );
}

#[actix_web::test]
async fn removed_users_are_gone() {
    let world = World::new();
    let ann = world.user("ann").await;
    let gone = world.admin(&format!("DELETE /users/{ann}")).send().await;
    assert_eq!((gone.status, gone.json()), (204, Value::Null));
    let again = world.admin(&format!("DELETE /users/{ann}")).send().await;
    again.is_problem(404, "not_found", "user");
    assert_eq!(
        world.scim(&format!("GET /Users/{ann}")).send().await.status,
        404
    );
}
