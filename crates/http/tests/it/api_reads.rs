//! How often the identity provider reads: counted, because reads have no row in the log.

use domain::key::Token;
use serde_json::{Value, json};

use crate::world::World;

async fn counts(world: &World, query: &str) -> Vec<Value> {
    assert!(app::requests::write_reads(&world.app));
    let answer = world.admin(&format!("GET /reads{query}")).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn reads_are_counted_by_key_route_and_minute() {
    let world = World::new();
    let ann = world.user("ann").await;
    for line in [
        "GET /Users",
        "GET /Users?filter=userName+eq+%22ann%22",
        &format!("GET /Users/{ann}"),
        "GET /Schemas",
        "GET /Users/SECRET",
        "GET /Nothing",
        "DELETE /Groups",
    ] {
        world.scim(line).send().await;
    }
    let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
    assert_eq!(
        world.scim("POST /Users/.search").body(&search).await.status,
        200
    );
    let foreign = world.anonymous("GET /scim/v2/Users").key(&world.foreign);
    assert_eq!(foreign.send().await.status, 200);
    world.clock.advance(60_000);
    world.scim("GET /Users").send().await;
    let key = Token::parse(&world.scim).unwrap().id.to_string();
    let count = |minute: u32, route: &str, reads: u64| {
        json!({ "minute": format!("2026-01-01T00:0{minute}:00.000Z"), "key": key,
            "route": route, "reads": reads })
    };
    let all = [
        count(1, "/Users", 1),
        count(0, "/Users/{id}", 1),
        count(0, "/Users/.search", 1),
        count(0, "/Users", 2),
        count(0, "/Schemas", 1),
    ];
    assert_eq!(counts(&world, "").await, all);
    // What comes later in the same minute is added.
    world.scim("GET /Users").send().await;
    assert_eq!(counts(&world, "?limit=1").await, [count(1, "/Users", 2)]);
    assert_eq!(
        counts(&world, "?until=2026-01-01T00:01:00Z").await,
        all[1..]
    );
    assert_eq!(
        counts(&world, &format!("?key={key}&limit=9")).await.len(),
        5
    );
    assert!(counts(&world, "?key=nobody").await.is_empty());
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let line = format!("GET /reads?limit=2{cursor}");
        let page = world.admin(&line).send().await.json();
        found.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found[1..], all[1..]);
    let wrong = world.admin("GET /reads?cursor=AA").send().await;
    wrong.is_problem(422, "invalid_field", "next_cursor");
    let reader = world
        .anonymous("GET /api/v1/orgs/acme/reads")
        .key(&world.read);
    assert_eq!(reader.send().await.status, 403);
}
