//! Bulk as a way around limits and borders.

use serde_json::{Value, json};

use crate::world::{Answer, World};

async fn bulk(world: &World, operations: &[Value]) -> Answer {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations });
    world.scim("POST /Bulk").body(&body).await
}

fn user(name: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": { "userName": name } })
}

fn statuses(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let status = |one: &Value| one["status"].as_str().unwrap().to_owned();
    body["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(status)
        .collect()
}

async fn total(world: &World, path: &str) -> Value {
    world
        .scim(&format!("GET {path}?count=0"))
        .send()
        .await
        .json()["totalResults"]
        .clone()
}

#[actix_web::test]
async fn abuse_40_many_operations() {
    let world = World::new();
    let many: Vec<Value> = (0..1_001).map(|n| user(&format!("u{n}"))).collect();
    bulk(&world, &many).await.is_scim_error(413, None, "1,000");
    // So many members do not fit into the bytes that a Bulk may have.
    let group = world.group("Staff", &[]).await;
    let members = vec![json!({ "value": "x" }); 1_000];
    let patch = json!({ "Operations": [{ "op": "add", "path": "members", "value": members }] });
    let patch = json!({ "method": "PATCH", "path": format!("/Groups/{group}"), "data": patch });
    let answer = bulk(&world, &vec![patch; 1_000]).await;
    answer.is_scim_error(413, None, "1048576 bytes");
    // Where they do, they are counted together; each of these alone is far below the limit.
    let text = format!("[{}]", vec!["1"; 99_999].join(","));
    let members: Value = serde_json::from_str(&text).unwrap();
    let group = |name: &str, members: &Value| {
        json!({ "method": "POST", "path": "/Groups", "bulkId": name,
            "data": { "displayName": name, "members": members } })
    };
    let more = json!([1, 2]);
    let answer = bulk(&world, &[group("A", &members), group("B", &more)]).await;
    answer.is_scim_error(413, None, "100,000");
    assert_eq!(total(&world, "/Groups").await, 1);
    assert_eq!(total(&world, "/Users").await, 0);
}

#[actix_web::test]
async fn abuse_79_bulk_references() {
    let world = World::new();
    // A chain of a thousand, told from its end.
    let link = |n: usize| {
        let members = if n == 0 {
            json!([])
        } else {
            json!([{ "value": format!("bulkId:g{}", n - 1) }])
        };
        json!({ "method": "POST", "path": "/Groups", "bulkId": format!("g{n}"),
            "data": { "displayName": format!("g{n}"), "members": members } })
    };
    let chain: Vec<Value> = (0..1_000).rev().map(link).collect();
    let answer = bulk(&world, &chain).await;
    assert_eq!(statuses(&answer), vec!["201"; 1_000]);
    let text = world
        .scim("GET /Groups?filter=displayName+eq+%22g999%22")
        .send()
        .await
        .json();
    assert_eq!(text["Resources"][0]["members"][0]["display"], "g998");

    // A reference names what this request makes, and nothing else: no resource of another
    // organization, not even one with that id.
    let foreign = world
        .anonymous("POST /scim/v2/Users")
        .key(&world.foreign)
        .body(&json!({ "userName": "theirs" }))
        .await
        .id();
    let group = |name: &str, member: &str| {
        json!({ "method": "POST", "path": "/Groups", "bulkId": name,
            "data": { "displayName": name, "members": [{ "value": member }] } })
    };
    let answer = bulk(
        &world,
        &[
            group("A", &format!("bulkId:{foreign}")),
            group("B", &foreign),
            json!({ "method": "DELETE", "path": format!("/Users/{foreign}") }),
            json!({ "method": "DELETE", "path": "/Users/bulkId:A" }),
            user("twice"),
            user("twice"),
        ],
    )
    .await;
    assert_eq!(
        statuses(&answer),
        ["400", "201", "404", "409", "400", "400"]
    );
    assert!(!answer.text.contains("theirs"));
    let shown = world
        .scim("GET /Groups?filter=displayName+eq+%22B%22")
        .send()
        .await
        .json();
    assert_eq!(shown["Resources"][0]["members"], json!([]));
    assert_eq!(total(&world, "/Users").await, 0);
    let theirs = world
        .anonymous(&format!("GET /scim/v2/Users/{foreign}"))
        .key(&world.foreign);
    assert_eq!(theirs.send().await.status, 200);

    // Failures end the request where the client says so, and nothing after them is done.
    let body = json!({ "failOnErrors": 1, "Operations": [
        { "method": "DELETE", "path": format!("/Users/{foreign}") }, user("late")] });
    let answer = world.scim("POST /Bulk").body(&body).await;
    assert_eq!(statuses(&answer), ["404"]);
    assert_eq!(total(&world, "/Users").await, 0);
}
