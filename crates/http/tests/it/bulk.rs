//! Bulk: many operations in one request.

use std::time::Duration;

use rolecall_http::HttpConfig;
use serde_json::{Value, json};

use crate::world::{Answer, URL, World};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn message(operations: &Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations })
}

async fn bulk(world: &World, operations: Value) -> Answer {
    world.scim("POST /Bulk").body(&message(&operations)).await
}

/// Status of every operation that was answered.
fn statuses(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let results = body["Operations"].as_array().unwrap();
    let status = |one: &Value| one["status"].as_str().unwrap().to_owned();
    results.iter().map(status).collect()
}

fn post(path: &str, name: &str, data: Value) -> Value {
    json!({ "method": "POST", "path": path, "bulkId": name, "data": data })
}

fn user(name: &str) -> Value {
    post("/Users", name, json!({ "userName": name }))
}

fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    post(
        "/Groups",
        name,
        json!({ "displayName": name, "members": members }),
    )
}

/// The id at the end of an operation's location.
fn id(answer: &Answer, place: usize) -> String {
    let location = answer.json()["Operations"][place]["location"].clone();
    let (_, id) = location.as_str().unwrap().rsplit_once('/').unwrap();
    id.to_owned()
}

async fn members(world: &World, group: &str) -> Vec<String> {
    let group = world.scim(&format!("GET /Groups/{group}")).send().await;
    let group = group.json();
    let members = group["members"].as_array().unwrap();
    let value = |one: &Value| one["value"].as_str().unwrap().to_owned();
    members.iter().map(value).collect()
}

#[actix_web::test]
async fn every_method_in_one_request() {
    let world = World::new();
    let ann = world.user("ann").await;
    let eve = world.user("eve").await;
    let staff = world.group("Staff", &[]).await;
    let rename = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "title", "value": "Boss" }] });
    let join = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "add", "path": "members", "value": [{ "value": "bulkId:new" }] }] });
    let answer = bulk(
        &world,
        json!([
            { "method": "PATCH", "path": format!("/Groups/{staff}"), "data": join },
            post("/Users", "new", json!({ "userName": "bob" })),
            { "method": "PATCH", "path": format!("/Users/{ann}"), "version": "W/\"1\"",
              "data": rename },
            { "method": "PUT", "path": format!("/Groups/{staff}"), "bulkId": "mine",
              "data": { "displayName": "All" } },
            { "method": "DELETE", "path": format!("/Users/{eve}") },
        ]),
    )
    .await;
    assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    let bob = id(&answer, 1);
    let at = |path: String| format!("{URL}/scim/v2{path}");
    assert_eq!(
        answer.json(),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
            "Operations": [
                { "location": at(format!("/Groups/{staff}")), "method": "PATCH",
                  "version": "W/\"2\"", "status": "204" },
                { "location": at(format!("/Users/{bob}")), "method": "POST", "bulkId": "new",
                  "version": "W/\"1\"", "status": "201" },
                { "location": at(format!("/Users/{ann}")), "method": "PATCH",
                  "version": "W/\"2\"", "status": "200" },
                { "location": at(format!("/Groups/{staff}")), "method": "PUT", "bulkId": "mine",
                  "version": "W/\"3\"", "status": "200" },
                { "location": at(format!("/Users/{eve}")), "method": "DELETE", "status": "204" },
            ],
        })
    );
    assert_eq!(members(&world, &staff).await, [bob]);
    let shown = world.scim(&format!("GET /Users/{ann}")).send().await.json();
    assert_eq!(
        (&shown["title"], &shown["meta"]["version"]),
        (&json!("Boss"), &json!("W/\"2\""))
    );
    let gone = world.scim(&format!("GET /Users/{eve}")).send().await;
    assert_eq!(gone.status, 404);
}

#[actix_web::test]
async fn operations_are_requests_of_their_own_in_log_feed_and_access() {
    let world = World::new();
    world
        .map(json!({ "organization": [{ "group": "Bosses", "role": "admin" }] }))
        .await;
    let answer = bulk(
        &world,
        json!([
            group("Bosses", &["bulkId:ann", "nobody"]),
            user("ann"),
            user("ann2"),
            post(
                "/Users",
                "again",
                json!({ "userName": "ANN", "shoeSize": 7 })
            ),
        ]),
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "201", "201", "409"]);
    let ann = id(&answer, 1);
    let access = world
        .admin(&format!("GET /users/{ann}/access"))
        .send()
        .await
        .json();
    assert_eq!(access["role"]["key"], "admin");

    let log = world.admin("GET /requests").send().await.json();
    let rows = log["items"].as_array().unwrap();
    let row = |status: u64, path: &str| {
        rows.iter()
            .find(|row| row["status"] == status && row["path"] == path)
            .unwrap()
    };
    assert_eq!(rows.len(), 4);
    let refused = row(409, "/Bulk/Users");
    assert_eq!(
        (&refused["method"], &refused["error"]),
        (&json!("POST"), &json!("uniqueness"))
    );
    let made = row(201, "/Bulk/Groups");
    assert_eq!(made["changed"], json!([id(&answer, 0)]));
    assert_eq!(made["unknown_members"], json!(["nobody"]));

    let feed = world.admin("GET /events?limit=1000").send().await.json();
    let events = feed["items"].as_array().unwrap();
    let created = |request: &Value| {
        events.iter().any(|event| {
            event["type"] == "group.created" && event["cause"]["request"] == request["id"]
        })
    };
    assert!(created(made), "{feed}");
}

#[actix_web::test]
async fn circles_are_resolved_where_one_can_be_made_first() {
    let world = World::new();
    let answer = bulk(
        &world,
        json!([group("A", &["bulkId:B"]), group("B", &["bulkId:A"])]),
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "201"]);
    let (a, b) = (id(&answer, 0), id(&answer, 1));
    assert_eq!(members(&world, &a).await, [b.as_str()]);
    assert_eq!(members(&world, &b).await, [a.as_str()]);
    for (place, id) in [a, b].iter().enumerate() {
        let now = world.scim(&format!("GET /Groups/{id}")).send().await;
        let told = &answer.json()["Operations"][place]["version"];
        assert_eq!(now.header("etag"), told.as_str(), "the version is the last");
    }

    let manager = |name: &str, of: &str| {
        post(
            "/Users",
            name,
            json!({ "userName": name, ENTERPRISE: { "manager": { "value": format!("bulkId:{of}") } } }),
        )
    };
    let answer = bulk(
        &world,
        json!([manager("ann", "bob"), manager("bob", "ann")]),
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "201"]);
    let shown = world
        .scim(&format!("GET /Users/{}", id(&answer, 0)))
        .send()
        .await
        .json();
    assert_eq!(shown[ENTERPRISE]["manager"]["value"], json!(id(&answer, 1)));

    // A userName cannot be added afterwards.
    let odd = |name: &str, of: &str| {
        post(
            "/Users",
            name,
            json!({ "userName": format!("bulkId:{of}") }),
        )
    };
    let answer = bulk(&world, json!([odd("x", "y"), odd("y", "x"), user("z")])).await;
    assert_eq!(statuses(&answer), ["409", "409", "201"]);
}

#[actix_web::test]
async fn errors_do_not_stop_the_rest_unless_told_to() {
    let world = World::new();
    let operations = json!([
        user("ann"),
        { "method": "DELETE", "path": format!("/Users/{NOBODY}") },
        user("ann"),
        { "method": "GET", "path": "/Users" },
        group("Staff", &["bulkId:cat"]),
        post("/Users", "cat", json!({ "userName": 7 })),
        { "method": "PUT", "path": format!("/Users/{NOBODY}"), "data": { "userName": [] } },
        user("dan"),
    ]);
    let answer = bulk(&world, operations.clone()).await;
    assert_eq!(
        statuses(&answer),
        ["400", "404", "400", "400", "409", "400", "404", "201"]
    );
    let results = answer.json()["Operations"].clone();
    assert_eq!(results[0].get("location"), None, "nothing was made");
    assert_eq!(
        results[1]["location"],
        format!("{URL}/scim/v2/Users/{NOBODY}")
    );
    assert_eq!(results[3]["method"], "GET", "what was sent");
    assert_eq!(
        results[5]["response"]["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
    );
    assert_eq!(results[5]["response"]["scimType"], "invalidValue");
    let says = results[5]["response"]["detail"].as_str().unwrap();
    assert!(says.contains("userName"), "{says}");
    for (limit, answered) in [(1, 1), (2, 2), (100, 8)] {
        let world = World::new();
        let mut body = message(&operations);
        body["failOnErrors"] = json!(limit);
        let answer = world.scim("POST /Bulk").body(&body).await;
        assert_eq!(statuses(&answer).len(), answered, "failOnErrors {limit}");
    }
}

#[actix_web::test]
async fn what_was_begun_is_finished_when_errors_end_the_request() {
    let world = World::new();
    let mut body = message(&json!([
        group("A", &["bulkId:B"]),
        group("B", &["bulkId:A", "bulkId:C"]),
        post("/Groups", "C", json!({ "displayName": "" })),
        group("D", &[]),
    ]));
    body["failOnErrors"] = json!(1);
    let answer = world.scim("POST /Bulk").body(&body).await;
    let list = world.scim("GET /Groups").send().await.json();
    let named = |name: &str| {
        let groups = list["Resources"].as_array().unwrap();
        groups.iter().any(|group| group["displayName"] == name)
    };
    let results = answer.json()["Operations"].clone();
    assert!(!named("D"), "{list}");
    for result in results.as_array().unwrap() {
        let made = result["status"] == "201";
        assert_eq!(
            made,
            named(result["bulkId"].as_str().unwrap()),
            "{results} {list}"
        );
    }
}

#[actix_web::test]
async fn versions_are_conditions() {
    let world = World::new();
    let ann = world.user("ann").await;
    let path = format!("/Users/{ann}");
    let put = |version: Value| {
        json!({ "method": "PUT", "path": path, "version": version,
            "data": { "userName": "ann", "title": version } })
    };
    let answer = bulk(
        &world,
        json!([
            put(json!("W/\"9\"")),
            put(json!("W/\"1\"")),
            put(json!("W/\"1\"")),
            put(json!("*")),
            put(json!("nonsense")),
            put(json!(7)),
            { "method": "PATCH", "path": path, "version": "W/\"9\"", "data": {} , "bulkId": "p" },
            { "method": "DELETE", "path": path, "version": "W/\"1\"" },
            { "method": "DELETE", "path": path, "version": "W/\"3\"" },
        ]),
    )
    .await;
    assert_eq!(
        statuses(&answer),
        [
            "412", "200", "412", "200", "400", "400", "412", "412", "204"
        ]
    );
}

#[actix_web::test]
async fn what_is_refused_as_a_whole_changes_nothing() {
    let world = World::new();
    let check = async |body: Value, status: u16, scim_type: Option<&str>, says: &str| {
        let answer = world.scim("POST /Bulk").body(&body).await;
        answer.is_scim_error(status, scim_type, says);
        let log = world.admin("GET /requests?limit=1").send().await.json();
        let row = &log["items"][0];
        assert_eq!(
            (&row["path"], &row["status"]),
            (&json!("/Bulk"), &json!(status))
        );
    };
    check(json!([user("ann")]), 400, Some("invalidSyntax"), "object").await;
    check(json!({}), 400, Some("invalidSyntax"), "Operations").await;
    let mut body = message(&json!([user("ann")]));
    body["failOnErrors"] = json!("soon");
    check(body, 400, Some("invalidValue"), "failOnErrors").await;
    let large = message(&json!([post(
        "/Users",
        "ann",
        json!({ "userName": "ann", "title": "x".repeat(1 << 20) })
    )]));
    check(large, 413, None, "1048576 bytes").await;
    let list = world.scim("GET /Users").send().await.json();
    assert_eq!(list["totalResults"], 0);
    let answer = world.scim("GET /Bulk").send().await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    let unkeyed = world.anonymous("POST /scim/v2/Bulk");
    assert_eq!(unkeyed.body(&message(&json!([]))).await.status, 401);
}

#[actix_web::test]
async fn what_is_late_is_turned_away_and_not_begun() {
    let world = World::with(HttpConfig {
        public_url: URL.to_owned(),
        bulk_timeout: Duration::ZERO,
        ..HttpConfig::default()
    });
    let answer = bulk(&world, json!([user("ann"), group("A", &["bulkId:ann"])])).await;
    assert_eq!(statuses(&answer), ["503", "503"]);
    for list in ["/Users", "/Groups"] {
        let list = world.scim(&format!("GET {list}")).send().await.json();
        assert_eq!(list["totalResults"], 0);
    }
}

#[actix_web::test]
async fn bulk_of_strict_connections() {
    let world = World::new();
    let patch = json!({ "connection": { "strict": true } });
    assert_eq!(
        world.admin("PATCH /settings").body(&patch).await.status,
        200
    );
    let bare = json!({ "Operations": [] });
    let answer = world.scim("POST /Bulk").body(&bare).await;
    answer.is_scim_error(400, Some("invalidSyntax"), "schemas");
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    let answer = bulk(
        &world,
        json!([
            post("/Users", "a", json!({ "schemas": [core], "userName": "a" })),
            post("/Users", "b", json!({ "userName": "b" })),
            post("/Users", "c", json!({ "schemas": [core], "userName": "c", "active": "True" })),
            { "method": "post", "path": "/Users", "bulkId": "d",
              "data": { "schemas": [core], "userName": "d" } },
        ]),
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "400", "400", "400"]);
}
