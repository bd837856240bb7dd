//! A strict connection follows the interoperability profile (draft-zollner-scim-interop-profile);
//! the sections are those of -01. `docs/conformance.md` has the same rows.

use serde_json::{Value, json};

use crate::world::{Answer, World};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

async fn set_strict(world: &World, strict: bool) {
    let body = json!({ "connection": { "strict": strict } });
    let answer = world.admin("PATCH /settings").body(&body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

async fn strict() -> World {
    let world = World::new();
    set_strict(&world, true).await;
    world
}

async fn post(world: &World, collection: &str, mut body: Value) -> Answer {
    let schema = if collection == "/Users" { USER } else { GROUP };
    if body.get("schemas").is_none() {
        body["schemas"] = json!([schema]);
    }
    world.scim(&format!("POST {collection}")).body(&body).await
}

async fn made(world: &World, collection: &str, body: Value) -> String {
    let answer = post(world, collection, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("{collection}/{}", answer.id())
}

async fn change(world: &World, resource: &str, operations: Value) -> Answer {
    let body = json!({ "schemas": [PATCH], "Operations": operations });
    world.scim(&format!("PATCH {resource}")).body(&body).await
}

async fn get(world: &World, path: &str) -> Answer {
    world.scim(&format!("GET {path}")).send().await
}

/// A user with a whole name and two addresses.
async fn ada(world: &World) -> String {
    let body = json!({
        "userName": "ada",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "emails": [{ "value": "a@work", "type": "work" }, { "value": "a@home", "type": "home" }],
    });
    made(world, "/Users", body).await
}

#[actix_web::test]
async fn profile_4_the_configuration_says_so_on_strict_connections_only() {
    let world = World::new();
    for strict in [false, true] {
        set_strict(&world, strict).await;
        let config = get(&world, "/ServiceProviderConfig").await.json();
        let told = config.get("interopProfileConformant").cloned();
        assert_eq!(told, strict.then_some(json!(true)));
    }
}

#[actix_web::test]
async fn profile_5_1_discovery_is_whole_and_ids_are_names() {
    let world = strict().await;
    let types = get(&world, "/ResourceTypes").await.json();
    for kind in types["Resources"].as_array().unwrap() {
        assert_eq!(kind["id"], kind["name"]);
        let none = Vec::new();
        let extensions = kind["schemaExtensions"].as_array().unwrap_or(&none);
        let urns = extensions.iter().map(|extension| &extension["schema"]);
        for urn in urns.chain([&kind["schema"]]) {
            let path = format!("/Schemas/{}", urn.as_str().unwrap());
            assert_eq!(get(&world, &path).await.status, 200, "{path}");
        }
    }
}

#[actix_web::test]
async fn profile_5_2_filters_and_uniqueness_have_one_rule_of_case() {
    let world = strict().await;
    let user = made(
        &world,
        "/Users",
        json!({ "userName": "JSmith", "externalId": "abc" }),
    )
    .await;
    let taken = post(&world, "/Users", json!({ "userName": "jsmith" })).await;
    taken.is_scim_error(409, Some("uniqueness"), "userName");
    let id = user.trim_start_matches("/Users/").to_owned();
    for (filter, found) in [
        ("userName+eq+%22jsmith%22".to_owned(), 1),
        ("externalId+eq+%22abc%22".to_owned(), 1),
        ("externalId+eq+%22ABC%22".to_owned(), 0),
        (format!("id+eq+%22{id}%22"), 1),
        (format!("id+eq+%22{}%22", id.to_uppercase()), 0),
    ] {
        let list = get(&world, &format!("/Users?filter={filter}")).await.json();
        assert_eq!(list["totalResults"], found, "{filter}");
    }
    let upper = format!("/Users/{}", id.to_uppercase());
    assert_eq!(get(&world, &upper).await.status, 404);
}

#[actix_web::test]
async fn profile_5_3_what_no_schema_has_is_refused() {
    let world = strict().await;
    let user = ada(&world).await;
    let before = get(&world, &user).await.text;
    for unknown in [
        json!({ "userName": "b", "unknown": 1 }),
        json!({ "userName": "b", "password": "x" }),
        json!({ "userName": "b", "department": "x" }),
        json!({ "userName": "b", "name": { "unknown": 1 } }),
        json!({ "userName": "b", "emails": [{ "value": "x", "unknown": 1 }] }),
        json!({ "userName": "b", ENTERPRISE: { "unknown": 1 } }),
        json!({ "userName": "b", "urn:example:none:1.0:User": {} }),
        json!({ "userName": "b", "schemas": [USER, "urn:example:none:1.0:User"] }),
    ] {
        let refused = post(&world, "/Users", unknown.clone()).await;
        refused.is_scim_error(400, Some("invalidSyntax"), "");
        let mut put = unknown;
        if put.get("schemas").is_none() {
            put["schemas"] = json!([USER]);
        }
        let refused = world.scim(&format!("PUT {user}")).body(&put).await;
        refused.is_scim_error(400, Some("invalidSyntax"), "");
    }
    for path in [
        "unknown",
        "name.unknown",
        "password",
        "department",
        "urn:example:x:y",
    ] {
        let operation = json!([{ "op": "replace", "path": path, "value": "x" }]);
        let refused = change(&world, &user, operation).await;
        refused.is_scim_error(400, Some("invalidSyntax"), "");
    }
    let inside = json!([{ "op": "add", "path": "name", "value": { "unknown": "x" } }]);
    change(&world, &user, inside)
        .await
        .is_scim_error(400, Some("invalidSyntax"), "name.unknown");
    let body = json!({ "schemas": [PATCH, "urn:example:none"], "Operations":
        [{ "op": "replace", "path": "title", "value": "x" }] });
    let refused = world.scim(&format!("PATCH {user}")).body(&body).await;
    refused.is_scim_error(400, Some("invalidSyntax"), "schemas");
    for parameter in ["attributes", "excludedAttributes", "sortBy"] {
        let refused = get(&world, &format!("/Users?{parameter}=unknown")).await;
        refused.is_scim_error(400, Some("invalidSyntax"), parameter);
    }
    assert_eq!(get(&world, &user).await.text, before);
}

#[actix_web::test]
async fn profile_5_4_lists_say_which_types_there_are() {
    let world = World::new();
    let lacking = async |world: &World| {
        let schemas = get(world, "/Schemas").await.json();
        let schemas = schemas["Resources"].as_array().unwrap().clone();
        let lists = schemas
            .iter()
            .flat_map(|schema| schema["attributes"].as_array().unwrap());
        let of_type = |list: &&Value| {
            list["multiValued"] == true
                && list["subAttributes"].as_array().is_some_and(|subs| {
                    let open = |sub: &Value| {
                        sub["name"] == "type"
                            && sub["canonicalValues"].as_array().is_none_or(Vec::is_empty)
                    };
                    subs.iter().any(open)
                })
        };
        lists.filter(of_type).count()
    };
    assert_eq!(lacking(&world).await, 3);
    set_strict(&world, true).await;
    assert_eq!(lacking(&world).await, 0);
}

#[actix_web::test]
async fn profile_6_2_answers_have_one_media_type() {
    let world = World::new();
    for (strict, expected) in [(false, "application/json"), (true, "application/scim+json")] {
        set_strict(&world, strict).await;
        for path in ["/Users", "/Schemas", "/Users/none", "/Users?filter=x"] {
            let call = world.scim(&format!("GET {path}"));
            let answer = call.header("Accept", "application/json").send().await;
            assert_eq!(answer.header("content-type"), Some(expected), "{path}");
        }
    }
}

#[actix_web::test]
async fn profile_6_3_filters_know_their_attributes() {
    let world = strict().await;
    ada(&world).await;
    let both = "/Users?filter=userName+eq+%22ada%22+and+emails.type+eq+%22work%22";
    assert_eq!(get(&world, both).await.json()["totalResults"], 1);
    for path in ["/Users?filter=unknown+eq+1", "/Groups?filter=userName+pr"] {
        let refused = get(&world, path).await;
        refused.is_scim_error(400, Some("invalidFilter"), "");
    }
}

#[actix_web::test]
async fn profile_6_4_pages_have_room_for_a_hundred() {
    let world = strict().await;
    for number in 0..101 {
        made(
            &world,
            "/Users",
            json!({ "userName": format!("u{number}") }),
        )
        .await;
    }
    for (query, shown) in [("", 101), ("?count=100", 100), ("?count=5000", 101)] {
        let list = get(&world, &format!("/Users{query}")).await.json();
        assert_eq!(list["itemsPerPage"], shown, "{query}");
    }
}

#[actix_web::test]
async fn profile_6_5_1_1_every_operation_has_a_path() {
    let world = strict().await;
    let user = ada(&world).await;
    let before = get(&world, &user).await.text;
    for operation in [
        json!({ "op": "replace", "value": { "title": "x" } }),
        json!({ "op": "add", "value": { "title": "x" } }),
        json!({ "op": "add", "path": "", "value": { "title": "x" } }),
        json!({ "op": "add", "path": null, "value": { "title": "x" } }),
        json!({ "op": "remove" }),
    ] {
        // Nothing of the others is done either.
        let first = json!({ "op": "replace", "path": "title", "value": "x" });
        let refused = change(&world, &user, json!([first, operation])).await;
        refused.is_scim_error(400, Some("invalidSyntax"), "operation 2");
    }
    assert_eq!(get(&world, &user).await.text, before);
}

#[actix_web::test]
async fn profile_6_5_2_1_single_attributes() {
    let world = strict().await;
    let user = ada(&world).await;
    for (op, title) in [("add", "Dr"), ("add", "Prof"), ("replace", "Sir")] {
        let operation = json!([{ "op": op, "path": "title", "value": title }]);
        assert_eq!(
            change(&world, &user, operation).await.json()["title"],
            title
        );
    }
    let name = |op: &str| json!([{ "op": op, "path": "name", "value": { "familyName": "King" } }]);
    let added = change(&world, &user, name("add")).await.json();
    let both = json!({ "familyName": "King", "givenName": "Ada" });
    assert_eq!(added["name"], both);
    let replaced = change(&world, &user, name("replace")).await.json();
    assert_eq!(replaced["name"], json!({ "familyName": "King" }));
    for op in ["add", "replace"] {
        let text = json!([{ "op": op, "path": "name", "value": "King" }]);
        let refused = change(&world, &user, text).await;
        refused.is_scim_error(400, Some("invalidValue"), "name must be an object");
    }
    // RFC 7644 keeps what is not named, and so does a connection that is not strict.
    change(&world, &user, name("replace")).await;
    let given = json!([{ "op": "add", "path": "name.givenName", "value": "Ada" }]);
    change(&world, &user, given).await;
    set_strict(&world, false).await;
    let kept = change(&world, &user, name("replace")).await.json();
    assert_eq!(kept["name"], both);
}

#[actix_web::test]
async fn profile_6_5_2_2_lists() {
    let world = strict().await;
    let user = ada(&world).await;
    let other = json!([{ "value": "a@other", "type": "other" }]);
    let on =
        |op: &str, path: &str, value: &Value| json!([{ "op": op, "path": path, "value": value }]);
    let added = change(&world, &user, on("add", "emails", &other))
        .await
        .json();
    assert_eq!(added["emails"].as_array().unwrap().len(), 3);
    let replaced = change(&world, &user, on("replace", "emails", &other))
        .await
        .json();
    assert_eq!(replaced["emails"], other);
    for op in ["add", "replace"] {
        let one = change(&world, &user, on(op, "emails", &other[0])).await;
        one.is_scim_error(400, Some("invalidValue"), "emails must be a list");
        let element = on(op, "emails[type eq \"other\"]", &other[0]);
        let refused = change(&world, &user, element).await;
        refused.is_scim_error(400, Some("invalidPath"), "sub-attribute");
        let part = on(op, "emails[type eq \"other\"].value", &json!(op));
        let written = change(&world, &user, part).await.json();
        assert_eq!(written["emails"][0]["value"], op);
    }
    // One member leaves by a path that ends in its filter; the profile has no other way.
    let bob = made(&world, "/Users", json!({ "userName": "bob" })).await;
    let ids = [&user, &bob].map(|user| user.trim_start_matches("/Users/").to_owned());
    let members = json!([{ "value": ids[0] }, { "value": ids[1] }]);
    let group = made(
        &world,
        "/Groups",
        json!({ "displayName": "g", "members": members }),
    )
    .await;
    let path = format!("members[value eq \"{}\"]", ids[0]);
    let left = change(&world, &group, json!([{ "op": "remove", "path": path }])).await;
    assert_eq!(left.status, 204, "{}", left.text);
    let members = get(&world, &group).await.json()["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["value"], ids[1]);
}

#[actix_web::test]
async fn profile_6_6_patch_deletes_nothing_and_delete_deletes() {
    let world = strict().await;
    let user = ada(&world).await;
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    assert_eq!(change(&world, &user, off).await.json()["active"], false);
    assert_eq!(get(&world, &user).await.status, 200);
    let gone = world.scim(&format!("DELETE {user}")).send().await;
    assert_eq!(gone.status, 204);
    for method in ["GET", "DELETE"] {
        let again = world.scim(&format!("{method} {user}")).send().await;
        assert_eq!(again.status, 404);
    }
    let title = json!([{ "op": "replace", "path": "title", "value": "x" }]);
    assert_eq!(change(&world, &user, title).await.status, 404);
    assert_eq!(get(&world, "/Users").await.json()["totalResults"], 0);
    ada(&world).await;
}

#[actix_web::test]
async fn profile_6_9_1_what_is_taken_is_a_conflict() {
    let world = strict().await;
    ada(&world).await;
    let bob = made(&world, "/Users", json!({ "userName": "bob" })).await;
    let created = post(&world, "/Users", json!({ "userName": "ADA" })).await;
    created.is_scim_error(409, Some("uniqueness"), "userName");
    let name = json!([{ "op": "replace", "path": "userName", "value": "Ada" }]);
    let renamed = change(&world, &bob, name).await;
    renamed.is_scim_error(409, Some("uniqueness"), "userName");
}
