//! The list of keys, and their entity tags.

use serde_json::json;

use super::{make, works};
use crate::world::World;

#[actix_web::test]
async fn keys_come_in_pages_oldest_first() {
    let world = World::new();
    for number in 0..5 {
        world.clock.advance(u32::from(number % 2 == 0));
        make(
            &world,
            json!({ "kind": "read", "name": format!("key {number}") }),
        )
        .await;
    }
    let whole = world.admin("GET /keys").send().await.json();
    assert_eq!(whole["next_cursor"], json!(null));
    let (mut path, mut paged) = ("/keys?limit=2".to_owned(), Vec::new());
    loop {
        let page = world.admin(&format!("GET {path}")).send().await.json();
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()), "{page}");
        paged.extend(items.iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/keys?limit=2&cursor={next}");
    }
    assert_eq!(json!(paged), whole["items"]);
    assert_eq!(paged.len(), 8);
    for wrong in ["cursor=AA", "cursor=%2B", "limit=0", "limit=x"] {
        let answer = world.admin(&format!("GET /keys?{wrong}")).send().await;
        answer.is_problem(422, "invalid_field", wrong.split('=').next().unwrap());
    }
}

/// What is used is the same key; its tag moves with what a change would overwrite.
#[actix_web::test]
async fn the_tag_of_a_key_moves_with_its_secret_and_not_with_its_use() {
    let world = World::new();
    let body = json!({ "kind": "scim" });
    let made = world.admin("POST /keys").body(&body).await;
    let (id, token) = (made.id(), made.json()["token"].as_str().unwrap().to_owned());
    let tag = made.header("etag").unwrap().to_owned();
    assert!(works(&world, &token).await);
    app::keys::worker::once(&world.app()).unwrap();
    let shown = world.admin(&format!("GET /keys/{id}")).send().await;
    assert_ne!(shown.json()["last_used"], json!(null));
    assert_eq!(shown.header("etag"), Some(&*tag));
    let line = format!("POST /keys/{id}/rotate");
    let rotate = |tag: &str| world.admin(&line).header("if-match", tag);
    let turned = rotate(&tag).body(&json!({})).await;
    assert_eq!(turned.status, 200, "{}", turned.text);
    let now = turned.header("etag").unwrap().to_owned();
    assert_ne!(now, tag);
    world.clock.advance(60_000);
    let late = rotate(&tag).body(&json!({})).await;
    late.is_problem(412, "precondition_failed", "read it again");
    let shown = world.admin(&format!("GET /keys/{id}")).send().await;
    assert_eq!(shown.header("etag"), Some(&*now), "nothing was changed");
    let late = world.admin(&format!("DELETE /keys/{id}"));
    let late = late.header("if-match", &tag).send().await;
    late.is_problem(412, "precondition_failed", "read it again");
    assert!(works(&world, &token).await);
}
