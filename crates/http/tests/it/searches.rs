//! Order, cursors, `.search` and queries over both resource types.

use serde_json::{Value, json};

use crate::world::{Answer, World};

/// What a list shows: users by name, groups by name.
fn names(list: &Value) -> Vec<String> {
    let found = list["Resources"].as_array().unwrap();
    let name = |one: &Value| one.get("userName").unwrap_or(&one["displayName"]).clone();
    found
        .iter()
        .map(|one| name(one).as_str().unwrap().to_owned())
        .collect()
}

/// Users cleo, ann, bob and groups Staff, Crew, made in this order.
async fn office() -> World {
    let world = World::new();
    for (name, title) in [("cleo", "Boss"), ("ann", ""), ("bob", "Aide")] {
        let body =
            json!({ "userName": name, "title": title, "displayName": format!("The {name}") });
        assert_eq!(world.scim("POST /Users").body(&body).await.status, 201);
    }
    world.group("Staff", &[]).await;
    world.group("Crew", &[]).await;
    world
}

async fn get(world: &World, path: &str) -> Answer {
    world.scim(&format!("GET {path}")).send().await
}

async fn search(world: &World, path: &str, mut body: Value) -> Answer {
    body["schemas"] = json!(["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]);
    world.scim(&format!("POST {path}")).body(&body).await
}

/// Every page by cursor; fails where one has not what the protocol wants of it.
async fn walk(world: &World, path: &str, query: &str, count: usize) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = get(
            world,
            &format!("{path}?{query}&count={count}&cursor={cursor}"),
        )
        .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let page = answer.json();
        assert_eq!(page.get("startIndex"), None);
        assert!(names(&page).len() <= count);
        seen.extend(names(&page));
        let Some(next) = page.get("nextCursor") else {
            assert_eq!(page["totalResults"], seen.len(), "{path}?{query}");
            return seen;
        };
        assert_eq!(names(&page).len(), count, "only the last page is short");
        next.as_str().unwrap().clone_into(&mut cursor);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(cursor.chars().all(plain), "{cursor}");
    }
}

#[actix_web::test]
async fn orders() {
    let world = office().await;
    let check = async |path: &str, query: &str, wanted: &[&str]| {
        let answer = get(&world, &format!("{path}?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        assert_eq!(names(&answer.json()), wanted, "{query}");
        for count in 1..4 {
            assert_eq!(walk(&world, path, query, count).await, wanted, "{query}");
        }
    };
    check("/Users", "", &["cleo", "ann", "bob"]).await;
    check("/Users", "sortBy=userName", &["ann", "bob", "cleo"]).await;
    check(
        "/Users",
        "sortBy=USERNAME&sortOrder=descending",
        &["cleo", "bob", "ann"],
    )
    .await;
    check("/Users", "sortBy=title", &["bob", "cleo", "ann"]).await;
    check(
        "/Users",
        "sortBy=title&sortOrder=descending",
        &["ann", "cleo", "bob"],
    )
    .await;
    check(
        "/Users",
        "sortBy=meta.created&filter=title+pr",
        &["cleo", "bob"],
    )
    .await;
    check("/Users", "sortBy=nothing", &["cleo", "ann", "bob"]).await;
    check("/Groups", "sortBy=displayName", &["Crew", "Staff"]).await;
    check("/", "", &["cleo", "ann", "bob", "Staff", "Crew"]).await;
    check(
        "/",
        "sortBy=displayName",
        &["Crew", "Staff", "ann", "bob", "cleo"],
    )
    .await;
    check(
        "/",
        "sortBy=userName&sortOrder=descending",
        &["Staff", "Crew", "cleo", "bob", "ann"],
    )
    .await;
    check(
        "/",
        "filter=userName+eq+%22bob%22+or+displayName+eq+%22crew%22",
        &["bob", "Crew"],
    )
    .await;
    check(
        "/",
        "filter=meta.resourceType+eq+%22Group%22",
        &["Staff", "Crew"],
    )
    .await;
    get(&world, "/Users?sortBy=userName&sortOrder=up")
        .await
        .is_scim_error(400, Some("invalidValue"), "sortOrder");
    get(&world, "/?filter=nothing+eq+1")
        .await
        .is_scim_error(400, Some("invalidFilter"), "filter");
}

#[actix_web::test]
async fn indexes_go_over_both_types() {
    let world = office().await;
    for (query, wanted) in [
        ("startIndex=3&count=2", vec!["bob", "Staff"]),
        ("startIndex=4", vec!["Staff", "Crew"]),
        ("startIndex=5&count=1", vec!["Crew"]),
        ("startIndex=6", vec![]),
        ("count=0", vec![]),
        (
            "sortBy=displayName&startIndex=2&count=2",
            vec!["Staff", "ann"],
        ),
        ("sortBy=displayName&startIndex=9000", vec![]),
        // A name with its schema is about that type only: the others have no value, and are last.
        (
            "sortBy=urn:ietf:params:scim:schemas:core:2.0:Group:displayName&count=2",
            vec!["Crew", "Staff"],
        ),
        (
            "sortBy=urn:ietf:params:scim:schemas:core:2.0:User:displayName&startIndex=4",
            vec!["Staff", "Crew"],
        ),
        ("sortBy=displayName&count=0", vec![]),
    ] {
        let list = get(&world, &format!("/?{query}")).await.json();
        assert_eq!(names(&list), wanted, "{query}");
        assert_eq!(list["totalResults"], 5, "{query}");
        assert_eq!(list.get("nextCursor"), None, "{query}");
    }
}

#[actix_web::test]
async fn a_search_is_the_same_query() {
    let world = office().await;
    for (path, query, body) in [
        (
            "/Users",
            "sortBy=userName&count=2",
            json!({ "sortBy": "userName", "count": 2 }),
        ),
        (
            "/Users",
            "filter=title+pr&startIndex=2",
            json!({ "filter": "title pr", "startIndex": 2 }),
        ),
        (
            "/Users",
            "attributes=title",
            json!({ "attributes": ["title"] }),
        ),
        (
            "/Groups",
            "excludedAttributes=members,meta",
            json!({ "excludedAttributes": ["members", "meta"] }),
        ),
        (
            "",
            "attributes=userName,members",
            json!({ "attributes": ["userName", "members"] }),
        ),
        ("", "cursor=&count=2", json!({ "cursor": "", "count": 2 })),
    ] {
        let got = get(&world, &format!("{path}/?{query}")).await;
        let posted = search(&world, &format!("{path}/.search"), body).await;
        assert_eq!((got.status, posted.status), (200, 200), "{query}");
        assert_eq!(posted.json(), got.json(), "{query}");
        assert_eq!(posted.header("content-type"), Some("application/scim+json"));
    }
    let wrong = search(&world, "/Users/.search", json!({ "filter": "(" })).await;
    wrong.is_scim_error(400, Some("invalidFilter"), "filter");
    let wrong = search(&world, "/.search", json!({ "count": true })).await;
    wrong.is_scim_error(400, Some("invalidValue"), "count");
    let wrong = world.scim("GET /Users/.search").send().await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST")));
}

#[actix_web::test]
async fn cursors_fit_one_query_of_one_organization() {
    let world = office().await;
    let first = get(&world, "/Users?cursor&count=1&sortBy=title")
        .await
        .json();
    assert_eq!(names(&first), ["bob"]);
    let cursor = first["nextCursor"].as_str().unwrap();
    let next = get(&world, &format!("/Users?sortBy=title&cursor={cursor}"))
        .await
        .json();
    assert_eq!(names(&next), ["cleo"], "the count is the first request's");
    let body = json!({ "sortBy": "title", "cursor": cursor });
    assert_eq!(
        names(&search(&world, "/Users/.search", body).await.json()),
        ["cleo"]
    );
    // RFC 9865 section 2 goes on from `userName` with `username`.
    let written =
        format!("/Users?sortBy=TITLE&sortOrder=ascending&attributes=userName&cursor={cursor}");
    assert_eq!(names(&get(&world, &written).await.json()), ["cleo"]);
    let number = search(&world, "/Users/.search", json!({ "cursor": 5 })).await;
    number.is_scim_error(400, Some("invalidCursor"), "cursor must be a string");
    let mut forged = cursor.to_owned();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    for line in [
        format!("/Users?sortBy=userName&cursor={cursor}"),
        format!("/Users?cursor={cursor}"),
        format!("/Users?sortBy=title&filter=title+pr&cursor={cursor}"),
        format!("/Groups?sortBy=title&cursor={cursor}"),
        format!("/?sortBy=title&cursor={cursor}"),
        format!("/Users?sortBy=title&cursor={forged}"),
        "/Users?cursor=x".to_owned(),
    ] {
        let answer = get(&world, &line).await;
        answer.is_scim_error(400, Some("invalidCursor"), "cursor");
    }
    let foreign = world
        .anonymous(&format!("GET /scim/v2/Users?sortBy=title&cursor={cursor}"))
        .key(&world.foreign);
    let answer = foreign.send().await;
    answer.is_scim_error(400, Some("invalidCursor"), "cursor");
    for count in ["2", "x"] {
        let line = format!("/Users?sortBy=title&count={count}&cursor={cursor}");
        get(&world, &line)
            .await
            .is_scim_error(400, Some("invalidCount"), "count");
    }
    let nothing = get(&world, "/Users?cursor=&count=0").await.json();
    assert_eq!(
        (&nothing["totalResults"], nothing.get("nextCursor")),
        (&json!(3), None)
    );
}

#[actix_web::test]
async fn a_walk_goes_on_when_its_place_is_gone() {
    let world = office().await;
    let first = get(&world, "/Users?cursor&count=1&sortBy=userName")
        .await
        .json();
    let cursor = first["nextCursor"].as_str().unwrap();
    let ann = first["Resources"][0]["id"].as_str().unwrap();
    assert_eq!(
        world
            .scim(&format!("DELETE /Users/{ann}"))
            .send()
            .await
            .status,
        204
    );
    let next = get(&world, &format!("/Users?sortBy=userName&cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        (names(&next), &next["totalResults"]),
        (vec!["bob".to_owned()], &json!(2))
    );
}

#[actix_web::test]
async fn strict_connections_know_their_attributes() {
    let world = office().await;
    let patch = json!({ "connection": { "strict": true } });
    assert_eq!(
        world.admin("PATCH /settings").body(&patch).await.status,
        200
    );
    get(&world, "/Users?sortBy=nothing")
        .await
        .is_scim_error(400, Some("invalidSyntax"), "sortBy");
    let bare = world.scim("POST /Users/.search").body(&json!({})).await;
    bare.is_scim_error(400, Some("invalidSyntax"), "");
}

#[actix_web::test]
async fn a_name_with_the_uri_of_groups_finds_no_users_at_the_root() {
    let world = World::new();
    let body = json!({ "userName": "ann", "displayName": "Team" });
    assert_eq!(world.scim("POST /Users").body(&body).await.status, 201);
    world.group("Team", &[]).await;
    let core = "urn:ietf:params:scim:schemas:core:2.0";
    for (filter, kinds) in [
        (
            "displayName+eq+%22team%22".to_owned(),
            vec!["User", "Group"],
        ),
        (
            format!("{core}:Group:displayName+eq+%22team%22"),
            vec!["Group"],
        ),
        (
            format!("{core}:User:displayName+eq+%22team%22"),
            vec!["User"],
        ),
        (
            format!("{core}:Group:displayName+ne+%22team%22"),
            vec!["User"],
        ),
    ] {
        let list = get(&world, &format!("/?filter={filter}")).await.json();
        let found = list["Resources"].as_array().cloned().unwrap_or_default();
        let found: Vec<&str> = found
            .iter()
            .filter_map(|one| one["meta"]["resourceType"].as_str())
            .collect();
        assert_eq!(found, kinds, "{filter}");
    }
}
