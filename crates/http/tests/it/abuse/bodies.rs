//! Cases 39, 41 and 42: bodies that are too deep, too long, or not what they say. Case 40 is in
//! `bulk`; what takes a real connection (42 and 43) is in `replay`.

use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn abuse_39_deep_bodies_are_refused() {
    let world = World::new();
    let id = world.user("ann").await;
    let arrays = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    for depth in [65, 129, 1_000_000] {
        for deep in [arrays(depth), objects(depth), "[".repeat(depth)] {
            for line in ["POST /Users".to_owned(), format!("PUT /Users/{id}")] {
                let answer = world.scim(&line).raw(deep.clone()).send().await;
                answer.is_scim_error(400, Some("invalidSyntax"), "64");
            }
        }
    }
    let fits = format!(r#"{{"userName":"bob","x":{}}}"#, arrays(62));
    let answer = world.scim("POST /Users").raw(fits).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[actix_web::test]
async fn abuse_40_a_patch_has_a_limit_of_operations() {
    let world = World::new();
    let id = world.user("ann").await;
    let operation = json!({ "op": "replace", "path": "title", "value": "x" });
    let send = async |count: usize| {
        let body = json!({ "Operations": vec![&operation; count] });
        world.scim(&format!("PATCH /Users/{id}")).body(&body).await
    };
    send(1_001).await.is_scim_error(413, None, "1,000");
    let read = world.scim(&format!("GET /Users/{id}")).send().await.json();
    assert_eq!(read.get("title"), None);
    assert_eq!(send(1_000).await.status, 200);
}

#[actix_web::test]
async fn abuse_41_members_have_a_limit_and_count_once() {
    let world = World::new();
    let policy = json!({ "policies": { "nested_groups": "on" } });
    let answer = world.admin("PATCH /settings").body(&policy).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let ann = world.user("ann").await;
    let (one, two) = (world.group("one", &[]).await, world.group("two", &[]).await);
    let put = async |group: &str, name: &str, members: Vec<Value>| {
        let body = json!({ "displayName": name, "members": members });
        world
            .scim(&format!("PUT /Groups/{group}"))
            .body(&body)
            .await
    };
    let members = async |group: &str| {
        let read = world.scim(&format!("GET /Groups/{group}")).send().await;
        let list = read.json()["members"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let value = |member: &Value| member["value"].as_str().unwrap().to_owned();
        list.iter().map(value).collect::<Vec<String>>()
    };
    let too_many = vec![json!({ "value": "x" }); 100_001];
    let refused = put(&one, "one", too_many).await;
    refused.is_scim_error(413, None, "100,000");
    let same = vec![json!({ "value": ann }); 10_000];
    assert_eq!(put(&one, "one", same).await.status, 200);
    assert_eq!(members(&one).await, std::slice::from_ref(&ann));
    // Itself is dropped; a cycle is stored, and harms nobody.
    let with_itself = vec![json!({ "value": one }), json!({ "value": two })];
    assert_eq!(put(&one, "one", with_itself).await.status, 200);
    assert_eq!(members(&one).await, std::slice::from_ref(&two));
    let back = vec![json!({ "value": one }), json!({ "value": ann })];
    assert_eq!(put(&two, "two", back).await.status, 200);
    let mut cycle = members(&two).await;
    cycle.sort();
    let mut wanted = [one.clone(), ann.clone()];
    wanted.sort();
    assert_eq!(cycle, wanted);
    let access = super::access(&world, &ann).await;
    assert_eq!(access["state"], "active");
    let deleted = world.scim(&format!("DELETE /Groups/{one}")).send().await;
    assert_eq!(deleted.status, 204, "{}", deleted.text);
    assert_eq!(members(&two).await, [ann]);
}

#[actix_web::test]
async fn abuse_42_compressed_bodies_are_refused_unread() {
    let world = World::new();
    // The first bytes of a gzip stream.
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip"] {
        let call = world
            .scim("POST /Users")
            .header("content-encoding", encoding);
        let answer = call.raw([0x1f, 0x8b, 8, 0].as_slice()).send().await;
        answer.is_scim_error(415, None, "Content-Encoding");
    }
}
