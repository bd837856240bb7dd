//! `/Roles`: the role catalog as SCIM shows it.

use serde_json::{Value, json};

use crate::world::{Answer, URL, World};

async fn get(world: &World, path: &str) -> Answer {
    world.scim(&format!("GET {path}")).send().await
}

/// The preset's roles are admin and member; this one only people give by hand.
async fn world() -> World {
    let world = World::new();
    let mut roles = world.admin("GET /roles").send().await.json();
    let owner = json!({ "key": "owner", "name": "The Boss", "mappable": false });
    roles["roles"].as_array_mut().unwrap().insert(0, owner);
    let answer = world.admin("PUT /roles").body(&roles).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    world
}

fn keys(list: &Answer) -> Vec<String> {
    assert_eq!(list.status, 200, "{}", list.text);
    let roles = list.json()["Resources"].clone();
    let key = |role: &Value| role["id"].as_str().unwrap().to_owned();
    roles.as_array().unwrap().iter().map(key).collect()
}

#[actix_web::test]
async fn roles_are_listed_filtered_and_paged_as_other_resources() {
    let world = world().await;
    let list = get(&world, "/Roles").await;
    assert_eq!(keys(&list), ["admin", "member", "owner"]);
    let owner = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Role"], "id": "owner",
        "value": "owner", "display": "The Boss", "supported": false,
        "limitedAssignmentsPermitted": false,
        "meta": { "resourceType": "Role", "location": format!("{URL}/scim/v2/Roles/owner") },
    });
    assert_eq!(list.json()["Resources"][2], owner);
    assert_eq!(get(&world, "/Roles/owner").await.json(), owner);
    for (query, wanted) in [
        ("filter=supported+eq+true", vec!["admin", "member"]),
        ("filter=display+sw+%22the%22", vec!["owner"]),
        (
            "filter=urn:ietf:params:scim:schemas:core:2.0:Role:value+eq+%22admin%22",
            vec!["admin"],
        ),
        (
            "sortBy=display&sortOrder=descending",
            vec!["owner", "member", "admin"],
        ),
        ("startIndex=2&count=1", vec!["member"]),
        ("count=0", vec![]),
    ] {
        assert_eq!(
            keys(&get(&world, &format!("/Roles?{query}")).await),
            wanted,
            "{query}"
        );
    }
    let body = json!({ "filter": "not (supported eq true)", "attributes": ["display"] });
    let found = world.scim("POST /Roles/.search").body(&body).await.json();
    assert_eq!(
        found["Resources"],
        json!([{ "schemas": owner["schemas"], "id": "owner", "display": "The Boss" }])
    );
    let part = get(&world, "/Roles/admin?excludedAttributes=meta,display").await;
    assert_eq!(
        (part.json().get("meta"), part.json().get("display")),
        (None, None)
    );
    for sort in ["", "&sortBy=supported"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&world, &format!("/Roles?count=1&cursor={cursor}{sort}")).await;
            seen.extend(keys(&page));
            let page = page.json();
            assert_eq!(page["totalResults"], 3);
            let Some(next) = page.get("nextCursor") else {
                break;
            };
            next.as_str().unwrap().clone_into(&mut cursor);
        }
        seen.sort_unstable();
        assert_eq!(seen, ["admin", "member", "owner"], "{sort}");
    }
}

#[actix_web::test]
async fn roles_are_read_only_and_bad_queries_are_refused() {
    let world = world().await;
    for line in [
        "POST /Roles",
        "PUT /Roles/admin",
        "PATCH /Roles/admin",
        "DELETE /Roles/admin",
    ] {
        let answer = world.scim(line).body(&json!({})).await;
        answer.is_scim_error(405, None, "GET");
    }
    get(&world, "/Roles/nobody")
        .await
        .is_scim_error(404, None, "role");
    let users = get(&world, "/Roles?filter=userName+pr").await;
    users.is_scim_error(400, Some("invalidFilter"), "");
    let cursor = get(&world, "/Roles?cursor&count=1").await.json()["nextCursor"].clone();
    let cursor = cursor.as_str().unwrap();
    for path in ["/Users", "/Roles?sortBy=value", "/"] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = get(&world, &format!("{path}{sign}cursor={cursor}")).await;
        answer.is_scim_error(400, Some("invalidCursor"), "cursor");
    }
}

#[actix_web::test]
async fn roles_are_told_where_the_policy_says_so() {
    let world = world().await;
    let urn = "urn:ietf:params:scim:schemas:core:2.0:Role";
    for (value, status, types) in [("off", 404, 2), ("on", 200, 3)] {
        let policies = json!({ "policies": { "advertise_roles": value } });
        let answer = world.admin("PATCH /settings").body(&policies).await;
        assert_eq!(answer.status, 200);
        for path in ["/ResourceTypes/Role".to_owned(), format!("/Schemas/{urn}")] {
            assert_eq!(get(&world, &path).await.status, status, "{path}");
        }
        let list = get(&world, "/ResourceTypes").await.json();
        assert_eq!(list["totalResults"], types);
        let config = get(&world, "/ServiceProviderConfig").await.json();
        // Not what the draft adds here: clients that parse strictly take nothing but RFC 7643.
        assert_eq!(config.get("RolesAndEntitlements"), None);
        // The list itself is always there.
        assert_eq!(keys(&get(&world, "/Roles").await).len(), 3);
    }
}
