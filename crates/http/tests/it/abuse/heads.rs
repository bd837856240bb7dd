//! Cases 56, 59, 77 and 78: headers and cursors that are not what they seem.

use serde_json::json;

use super::encoded;
use crate::world::{URL, World};

#[actix_web::test]
async fn abuse_56_links_come_from_the_configuration() {
    let world = World::new();
    for (number, (name, value)) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-prefix", "/evil.example"),
        ("forwarded", "host=evil.example;proto=gopher"),
        ("x-original-url", "/evil.example"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "userName": format!("user {number}") });
        let made = world
            .scim("POST /Users")
            .header(name, value)
            .body(&body)
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        let at = format!("{URL}/scim/v2/Users/{}", made.id());
        assert_eq!(made.header("location"), Some(&*at), "{name}");
        assert_eq!(made.json()["meta"]["location"], json!(at), "{name}");
        let list = world.scim("GET /Users").header(name, value).send().await;
        assert!(
            !list.text.contains("evil") && !list.text.contains("gopher"),
            "{name}"
        );
    }
    let line = "POST http://evil.example/scim/v2/Users";
    let call = world.anonymous(line).key(&world.scim);
    let made = call.body(&json!({ "userName": "absolute" })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.header("location").unwrap().starts_with(URL));
    assert!(!made.text.contains("evil"), "{}", made.text);
}

#[actix_web::test]
async fn abuse_59_no_header_is_made_of_data() {
    const BREAK: &str = "a\r\nSet-Cookie: admin=1\r\n\r\n<html>";
    let world = World::new();
    let body = json!({ "userName": "ann", "externalId": BREAK, "title": BREAK });
    let made = world.scim("POST /Users").body(&body).await;
    assert_eq!(
        (made.status, &made.json()["externalId"]),
        (201, &json!(BREAK))
    );
    let user = format!("/Users/{}", made.id());
    let filter = encoded(&format!("externalId eq {}", json!(BREAK)));
    let list = world
        .scim(&format!("GET /Users?filter={filter}"))
        .send()
        .await;
    assert_eq!(list.json()["totalResults"], 1, "{}", list.text);
    let read = world.scim(&format!("GET {user}")).send().await;
    let gone = world.scim(&format!("DELETE {user}")).send().await;
    for answer in [made, list, read, gone] {
        for (name, value) in &answer.headers {
            assert!(
                name != "set-cookie" && !value.contains("admin"),
                "{name}: {value}"
            );
        }
    }
}

#[actix_web::test]
async fn abuse_59_entity_tags_are_read_strictly() {
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    for wrong in [
        "",
        "1",
        "W/1",
        "w/\"1\"",
        "\"1",
        "*, W/\"1\"",
        "W/\"1\", *",
        "W/\"1\" W/\"2\"",
        "W/\"1\",,",
        "\"a b\"",
    ] {
        for name in ["if-match", "if-none-match"] {
            let answer = world
                .scim(&format!("GET {user}"))
                .header(name, wrong)
                .send()
                .await;
            answer.is_scim_error(400, Some("invalidValue"), "entity tags");
        }
    }
}

#[actix_web::test]
async fn abuse_77_a_cursor_fits_where_it_was_made() {
    let world = World::new();
    for name in ["a", "b", "c"] {
        world.user(name).await;
    }
    for name in ["x", "y", "z"] {
        let call = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
        assert_eq!(call.body(&json!({ "userName": name })).await.status, 201);
    }
    let line = "GET /scim/v2/Users?count=1&cursor=";
    let theirs = world.anonymous(line).key(&world.foreign).send().await;
    let theirs = theirs.json()["nextCursor"].as_str().unwrap().to_owned();
    let own = world.scim("GET /Users?count=1&cursor=").send().await;
    let own = own.json()["nextCursor"].as_str().unwrap().to_owned();
    let follow = async |cursor: &str| {
        let line = format!("GET /Users?count=1&cursor={}", encoded(cursor));
        world.scim(&line).send().await
    };
    assert_eq!(follow(&own).await.json()["Resources"][0]["userName"], "b");
    let mut flipped = own.clone();
    let last = if own.ends_with('A') { "B" } else { "A" };
    flipped.replace_range(own.len() - 1.., last);
    for wrong in [
        &*theirs,
        &flipped,
        &own[1..],
        "9223372036854775808",
        "0",
        "-1",
        "' or 1=1",
    ] {
        let refused = follow(wrong).await;
        refused.is_scim_error(400, Some("invalidCursor"), "cursor");
    }
    // The feed counts events of one organization; nobody was given a number beyond its end.
    for wrong in ["x", "-1", "9223372036854775808", "1.5", ""] {
        let refused = world
            .admin(&format!("GET /events?after={wrong}"))
            .send()
            .await;
        refused.is_problem(422, "invalid_field", "after");
    }
    for after in [1_000, i64::MAX] {
        let feed = world
            .admin(&format!("GET /events?after={after}"))
            .send()
            .await;
        feed.is_problem(410, "events_gone", "");
    }
    let feed = world.admin("GET /events?limit=1000").send().await;
    for name in ["\"x\"", "\"y\"", "\"z\""] {
        assert!(!feed.text.contains(name), "{}", feed.text);
    }
}

#[actix_web::test]
async fn abuse_78_a_precondition_is_met_or_refused() {
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    let mut turn = 0;
    let mut write = async |tags: &str| {
        turn += 1;
        let body = super::patch("replace", "title", json!(format!("turn {turn}")));
        let call = world
            .scim(&format!("PATCH {user}"))
            .header("if-match", tags);
        call.body(&body).await
    };
    assert_eq!(write("*").await.status, 200);
    assert_eq!(write("W/\"2\"").await.status, 200);
    assert_eq!(
        write("\"3\"").await.status,
        200,
        "weak and strong are the same"
    );
    assert_eq!(write("W/\"99\", \"4\"").await.status, 200);
    for stale in ["W/\"4\"", "\"1\"", "W/\"99\"", "\"05\"", "\"5 \""] {
        let refused = write(stale).await;
        assert!(
            matches!(refused.status, 400 | 412),
            "{stale}: {}",
            refused.text
        );
    }
    let list = |count: usize| vec!["W/\"0\""; count].join(",");
    write(&list(10_000))
        .await
        .is_scim_error(400, Some("invalidValue"), "entity tags");
    let read = world.scim(&format!("GET {user}")).send().await.json();
    assert_eq!(
        (&read["meta"]["version"], &read["title"]),
        (&json!("W/\"5\""), &json!("turn 4"))
    );
}
