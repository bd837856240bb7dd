//! Groups and their members.

use serde_json::{Value, json};

use crate::world::{URL, World};

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

fn staff(version: u32, members: Option<Value>) -> Value {
    let mut group = json!({ "schemas": [GROUP], "id": "<1>", "displayName": "Staff" });
    if let Some(members) = members {
        group["members"] = members;
    }
    group["meta"] = json!({
        "resourceType": "Group",
        "created": "2026-01-01T00:00:00.000Z",
        "lastModified": "2026-01-01T00:00:00.000Z",
        "location": format!("{URL}/scim/v2/Groups/<1>"),
        "version": format!("W/\"{version}\""),
    });
    group
}

fn member(name: &str) -> Value {
    json!({ "value": "<2>", "$ref": format!("{URL}/scim/v2/Users/<2>"), "type": "User",
        "display": name })
}

#[actix_web::test]
async fn the_life_of_a_group() {
    let world = World::new();
    let ann = world.user("ann").await;
    let body =
        json!({ "displayName": "Staff", "members": [{ "value": ann }, { "value": "nobody" }] });
    let created = world.scim("POST /Groups").body(&body).await;
    created.is(201, staff(1, Some(json!([member("ann")]))));
    let id = created.id();
    let location = created.json()["meta"]["location"].clone();
    for header in ["location", "content-location"] {
        assert_eq!(created.header(header), location.as_str());
    }

    let user = world.scim(&format!("GET /Users/{ann}")).send().await.json();
    let shown = json!([{ "value": id, "$ref": format!("{URL}/scim/v2/Groups/{id}"),
        "display": "Staff", "type": "direct" }]);
    assert_eq!(user["groups"], shown);

    let remove = json!({ "Operations": [
        { "op": "remove", "path": format!("members[value eq \"{ann}\"]") }] });
    let patched = world
        .scim(&format!("PATCH /Groups/{id}"))
        .body(&remove)
        .await;
    assert_eq!((patched.status, patched.text.as_str()), (204, ""));
    assert_eq!(patched.header("etag"), Some("W/\"2\""));
    let location = format!("{URL}/scim/v2/Groups/{id}");
    assert_eq!(patched.header("location"), Some(location.as_str()));
    world
        .scim(&format!("GET /Groups/{id}"))
        .send()
        .await
        .is(200, staff(2, Some(json!([]))));

    let add = json!({ "Operations": [
        { "op": "Add", "path": "members", "value": [{ "value": ann, "display": "Ann A." }] }] });
    let line = format!("PATCH /Groups/{id}?excludedAttributes=externalId");
    let patched = world.scim(&line).body(&add).await;
    patched.is(200, staff(3, Some(json!([member("Ann A.")]))));
    let line = format!("PATCH /Groups/{id}?excludedAttributes=members");
    world.scim(&line).body(&add).await.is(200, staff(3, None));

    let put = world
        .scim(&format!("PUT /Groups/{id}"))
        .body(&json!({ "displayName": "Staff" }))
        .await;
    put.is(200, staff(3, Some(json!([member("Ann A.")]))));
    let body = json!({ "displayName": "Staff", "members": [] });
    let put = world.scim(&format!("PUT /Groups/{id}")).body(&body).await;
    put.is(200, staff(4, Some(json!([]))));

    assert_eq!(
        world
            .scim(&format!("DELETE /Groups/{id}"))
            .send()
            .await
            .status,
        204
    );
    let gone = world.scim(&format!("GET /Groups/{id}")).send().await;
    gone.is_scim_error(404, None, "There is no group");
}

#[actix_web::test]
async fn members_may_be_left_out() {
    let world = World::new();
    let ann = world.user("ann").await;
    let id = world.group("Staff", &[&ann]).await;
    let line = format!("GET /Groups/{id}?excludedAttributes=members");
    world.scim(&line).send().await.is(200, staff(1, None));
    let list = world
        .scim("GET /Groups?excludedAttributes=members")
        .send()
        .await;
    let list_body = list.masked();
    assert_eq!(list_body["Resources"], json!([staff(1, None)]));
    let line = "GET /Groups?attributes=members";
    let wanted = json!([{ "schemas": [GROUP], "id": "<1>", "members": [member("ann")] }]);
    assert_eq!(world.scim(line).send().await.masked()["Resources"], wanted);
}

#[actix_web::test]
async fn a_display_name_is_taken_once() {
    let world = World::new();
    world.group("Staff", &[]).await;
    let answer = world
        .scim("POST /Groups")
        .body(&json!({ "displayName": "STAFF" }))
        .await;
    answer.is_scim_error(409, Some("uniqueness"), "displayName");
    let answer = world
        .scim("POST /Groups")
        .body(&json!({ "members": [] }))
        .await;
    answer.is_scim_error(400, Some("invalidValue"), "displayName");
}

#[actix_web::test]
async fn large_groups_take_the_long_way_and_come_out_the_same() {
    let world = World::new();
    let mut ids = Vec::new();
    for number in 0..300 {
        ids.push(
            world
                .user(&format!("user-{number}-{}", "x".repeat(200)))
                .await,
        );
    }
    let members: Vec<&String> = ids.iter().collect();
    let id = world.group("Many", &members).await;
    let group = world.scim(&format!("GET /Groups/{id}")).send().await;
    let found = group.json()["members"].as_array().map(Vec::len);
    assert_eq!((group.status, found), (200, Some(300)));
    let body = format!(
        "{}{}",
        " ".repeat(100_000),
        json!({ "displayName": "Many" })
    );
    let put = world
        .scim(&format!("PUT /Groups/{id}"))
        .raw(body)
        .send()
        .await;
    assert_eq!(put.status, 200);
    assert_eq!(put.json()["members"], group.json()["members"]);
}

/// A member's text is part of what a group reads, so its version moves with it; nobody's access does.
#[actix_web::test]
async fn a_members_new_text_moves_the_version_and_nothing_else() {
    let world = World::new();
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let members = json!([{ "value": ann, "display": "Ann" }, { "value": bob, "display": "Bob" }]);
    let body = json!({ "displayName": "Staff", "members": members });
    let id = world.scim("POST /Groups").body(&body).await.id();
    let replace = async |anns: &str| {
        let members =
            json!([{ "value": ann, "display": anns }, { "value": bob, "display": "Bob" }]);
        let body = json!({ "Operations": [
            { "op": "remove", "path": "members" },
            { "op": "add", "path": "members", "value": members },
        ]});
        let line = format!("PATCH /Groups/{id}");
        let patched = world.scim(&line).body(&body).await;
        assert_eq!(patched.status, 204);
        let group = world.scim(&format!("GET /Groups/{id}")).send().await;
        assert_eq!(patched.header("etag"), group.header("etag"));
        group.json()
    };
    let head = async || world.admin("GET /events?after=latest").send().await.json();
    let before = head().await;
    world.clock.advance(1_000);
    let same = replace("Ann").await;
    assert_eq!(same["meta"]["version"], "W/\"1\"");
    let changed = replace("Changed").await;
    assert_eq!(changed["meta"]["version"], "W/\"2\"");
    assert_eq!(changed["meta"]["lastModified"], "2026-01-01T00:00:01.000Z");
    let shown = changed["members"].as_array().unwrap().iter();
    let shown = shown.map(|member| (&member["value"], &member["display"]));
    let shown: Vec<_> = shown.collect();
    assert_eq!(
        shown,
        [
            (&json!(ann), &json!("Changed")),
            (&json!(bob), &json!("Bob"))
        ]
    );
    assert_eq!(head().await, before, "nothing follows from it");
}
