//! The provisioning log.

use serde_json::{Value, json};

use crate::world::{Answer, World};

const AT: &str = "2026-01-01T00:00:00.000Z";

fn request_id(answer: &Answer) -> String {
    answer.header("x-request-id").unwrap().to_owned()
}

async fn row(world: &World, answer: &Answer) -> Value {
    let line = format!("GET /requests/{}", request_id(answer));
    let row = world.admin(&line).send().await;
    assert_eq!(row.status, 200, "{}", row.text);
    row.json()
}

#[actix_web::test]
async fn a_whole_row() {
    let world = World::new();
    let body = json!({ "userName": "ann", "active": "True", "shoeSize": 7,
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"] });
    let agent = "Okta/".to_owned() + &"x".repeat(300);
    let made = world
        .scim("POST /Users?attributes=userName")
        .header("user-agent", &agent);
    let made = made.body(&body).await;
    let key = domain::key::Token::parse(&world.scim)
        .unwrap()
        .id
        .to_string();
    let wanted = json!({
        "id": request_id(&made), "at": AT, "key": key, "user_agent": agent[..200],
        "identity_provider": "okta", "replay_of": null, "bulk": null,
        "method": "POST", "path": "/Users", "status": 201, "duration": null, "error": null, "detail": null, "hint": null,
        "changed": [made.id()], "attributes": ["userName", "active"], "dropped": ["shoeSize"],
        "unknown_members": [], "unknown_roles": [], "leniencies": ["boolean-text"],
    });
    let list = world.admin("GET /requests").send().await.json();
    assert_eq!(list, json!({ "items": [wanted], "next_cursor": null }));
    let mut whole = wanted.clone();
    (whole["body"], whole["removed"]) = (Value::Null, json!([]));
    assert_eq!(row(&world, &made).await, whole);
}

#[actix_web::test]
async fn how_long_it_took_is_filled_in_later() {
    let world = World::new();
    let body = json!({ "userName": "ann" });
    let made = world.scim("POST /Users").body(&body).await;
    world.scim("GET /Users").send().await;
    assert_eq!(row(&world, &made).await["duration"], Value::Null);
    app::requests::fill_in(&world.app);
    assert_eq!(
        row(&world, &made).await["duration"],
        0,
        "the test's clock stands"
    );
    // A refused one has it from the beginning.
    let again = world.scim("POST /Users").body(&body).await;
    assert_eq!(row(&world, &again).await["duration"], 0);
    let list = world.admin("GET /requests").send().await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
}

#[actix_web::test]
async fn what_was_mended_by_the_document_is_told() {
    let world = World::new();
    let ann = world.user("ann").await;
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "ann@example.com" }] });
    let line = format!("PATCH /Users/{ann}");
    let mended = world.scim(&line).body(&body).await;
    assert_eq!(mended.status, 200, "{}", mended.text);
    let told = row(&world, &mended).await;
    assert_eq!(told["leniencies"], json!(["element-built"]), "{told}");
    // Now there is one that matches: nothing to mend.
    let again = row(&world, &world.scim(&line).body(&body).await).await;
    assert_eq!(again["leniencies"], json!([]), "{again}");
}

#[actix_web::test]
async fn what_each_write_tells() {
    let world = World::new();
    let ann = world.user("ann").await;
    let group = world.group("QA", &[]).await;
    let nobody = "00000000-0000-7000-8000-000000000000";
    let patch = |path: &str, value: Value| json!({ "Operations": [{ "op": "add", "path": path, "value": value }] });
    let check =
        async |line: String, body: Value, status: u16, changed: &[&String], attributes: Value| {
            let answer = world.scim(&line).body(&body).await;
            let row = row(&world, &answer).await;
            assert_eq!(
                (answer.status, &row["status"]),
                (status, &json!(status)),
                "{}",
                answer.text
            );
            assert_eq!(row["changed"], json!(changed), "{line} {row}");
            assert_eq!(row["attributes"], attributes, "{line} {row}");
            assert_eq!(row["path"], json!(line.split_once(' ').unwrap().1));
            row
        };
    let user = format!("/Users/{ann}");
    let groups = format!("/Groups/{group}");
    let name = patch("name.givenName", json!("Ann"));
    check(
        format!("PATCH {user}"),
        name.clone(),
        200,
        &[&ann],
        json!(["name.givenName"]),
    )
    .await;
    check(
        format!("PATCH {user}"),
        name,
        200,
        &[],
        json!(["name.givenName"]),
    )
    .await;
    let put = json!({ "userName": "ann", "title": "Boss" });
    check(
        format!("PUT {user}"),
        put,
        200,
        &[&ann],
        json!(["userName", "title"]),
    )
    .await;
    let join = patch("members", json!([{ "value": ann }, { "value": nobody }]));
    let row = check(
        format!("PATCH {groups}"),
        join.clone(),
        204,
        &[&group],
        json!(["members"]),
    )
    .await;
    assert_eq!(row["unknown_members"], json!([nobody]));
    check(
        format!("PATCH {groups}"),
        join,
        204,
        &[],
        json!(["members"]),
    )
    .await;
    check(
        format!("DELETE {groups}"),
        Value::Null,
        204,
        &[&group],
        json!([]),
    )
    .await;
    check(
        format!("DELETE {user}"),
        Value::Null,
        204,
        &[&ann],
        json!([]),
    )
    .await;
}

#[actix_web::test]
async fn unknown_roles_are_told_where_roles_count() {
    let world = World::new();
    let patch = json!({ "policies": { "roles_attribute": "on" } });
    assert_eq!(
        world.admin("PATCH /settings").body(&patch).await.status,
        200
    );
    let ann = world.user("ann").await;
    let roles = json!({ "Operations": [{ "op": "add", "path": "roles",
        "value": [{ "value": "wizard" }, { "value": "admin" }] }] });
    let answer = world
        .scim(&format!("PATCH /Users/{ann}"))
        .body(&roles)
        .await;
    assert_eq!(
        row(&world, &answer).await["unknown_roles"],
        json!(["wizard"])
    );
}

#[actix_web::test]
async fn refused_requests_have_a_row_too() {
    let world = World::new();
    world.user("ann").await;
    let check = async |answer: Answer, error: &str, path: &str| {
        let row = row(&world, &answer).await;
        assert_eq!(row["status"], json!(answer.status));
        assert_eq!(
            (&row["error"], &row["path"]),
            (&json!(error), &json!(path)),
            "{row}"
        );
        assert!(!row.to_string().contains("SECRET"), "{row}");
        assert_eq!(row["changed"], json!([]));
    };
    let taken = world
        .scim("POST /Users")
        .body(&json!({ "userName": "ANN" }))
        .await;
    check(taken, "uniqueness", "/Users").await;
    let broken = world.scim("POST /Users").raw("{SECRET").send().await;
    check(broken, "invalidSyntax", "/Users").await;
    let nobody = world.scim("GET /Users/SECRET").send().await;
    check(nobody, "not_found", "/Users/{id}").await;
    let filter = world.scim("GET /Users?filter=SECRET+eq+1").send().await;
    check(filter, "invalidFilter", "/Users").await;
    let nowhere = world.scim("GET /SECRET").send().await;
    check(nowhere, "not_found", "").await;
    let method = world.scim("PUT /Users").body(&json!({})).await;
    check(method, "method_not_allowed", "/Users").await;
    let kind = world
        .anonymous("GET /scim/v2/Users")
        .key(&world.admin)
        .send()
        .await;
    check(kind, "wrong_kind", "/Users").await;
}

#[actix_web::test]
async fn a_key_that_is_not_good_any_more_tells_whose_it_was() {
    let world = World::new();
    let rows = async || {
        let list = world.admin("GET /requests").send().await.json();
        list["items"].as_array().unwrap().len()
    };
    let id = domain::key::Token::parse(&world.scim)
        .unwrap()
        .id
        .to_string();
    assert_eq!(
        world
            .admin(&format!("DELETE /keys/{id}"))
            .send()
            .await
            .status,
        204
    );
    world.clock.advance(2_000);
    let refused = world.scim("GET /Users").send().await;
    assert_eq!(refused.status, 401);
    let row = row(&world, &refused).await;
    assert_eq!(
        (&row["error"], &row["key"]),
        (&json!("unauthenticated"), &json!(id))
    );
    assert_eq!(rows().await, 1);
    // An id that never was leaves nothing.
    let made_up = world.scim.replace(&id, &"a".repeat(id.len()));
    assert_ne!(made_up, world.scim);
    let line = world.anonymous("GET /scim/v2/Users").key(&made_up);
    assert_eq!(line.send().await.status, 401);
    assert_eq!(
        world.anonymous("GET /scim/v2/Users").send().await.status,
        401
    );
    assert_eq!(rows().await, 1);
}

#[actix_web::test]
async fn reads_leave_nothing_and_rows_are_paged() {
    let world = World::new();
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let body = json!({ "userName": name });
        ids.push(request_id(&world.scim("POST /Users").body(&body).await));
    }
    for line in ["GET /Users", "GET /Schemas", "GET /Groups?count=0"] {
        assert_eq!(world.scim(line).send().await.status, 200);
    }
    ids.reverse();
    let first = world.admin("GET /requests?limit=2").send().await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let line = format!("GET /requests?limit=2&cursor={cursor}");
    let rest = world.admin(&line).send().await.json();
    assert_eq!(rest["next_cursor"], Value::Null);
    let items = [&first, &rest].map(|page| page["items"].as_array().unwrap().clone());
    let found: Vec<Value> = items
        .concat()
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert_eq!(found, ids);
    for id in ["x", "00000000-0000-7000-8000-000000000000"] {
        let nothing = world.admin(&format!("GET /requests/{id}")).send().await;
        nothing.is_problem(404, "not_found", "request");
    }
}

#[actix_web::test]
async fn the_log_is_searched() {
    let world = World::new();
    let ann = world.user("ann").await;
    let nobody = "00000000-0000-7000-8000-000000000000".to_owned();
    let group = world.group("QA", &[&ann, &nobody]).await;
    world
        .scim("POST /Users")
        .body(&json!({ "userName": "ann" }))
        .await;
    world.scim("GET /Users/nothing").send().await;
    world.clock.advance(60_000);
    world.scim(&format!("DELETE /Users/{ann}")).send().await;
    let check = async |query: &str, expected: &[(&str, u16)]| {
        let found = world
            .admin(&format!("GET /requests?{query}"))
            .send()
            .await
            .json();
        let found: Vec<(String, u64)> = found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row["method"].as_str().unwrap().to_owned(),
                    row["status"].as_u64().unwrap(),
                )
            })
            .collect();
        let expected: Vec<(String, u64)> = expected
            .iter()
            .map(|(method, status)| ((*method).to_owned(), (*status).into()))
            .collect();
        assert_eq!(found, expected, "{query}");
    };
    check("status=refused", &[("GET", 404), ("POST", 409)]).await;
    check(
        "status=done",
        &[("DELETE", 204), ("POST", 201), ("POST", 201)],
    )
    .await;
    check("status=409", &[("POST", 409)]).await;
    check(&format!("about={ann}"), &[("DELETE", 204), ("POST", 201)]).await;
    check(&format!("about={group}"), &[("POST", 201)]).await;
    check(&format!("about={nobody}&status=done"), &[("POST", 201)]).await;
    check("from=2026-01-01T00:01:00Z", &[("DELETE", 204)]).await;
    check(
        "until=2026-01-01T00:01:00Z&status=refused",
        &[("GET", 404), ("POST", 409)],
    )
    .await;
    let key = domain::key::Token::parse(&world.scim).unwrap().id;
    check(&format!("key={key}&limit=1"), &[("DELETE", 204)]).await;
    check("key=nobody", &[]).await;
    for (query, says) in [("status=maybe", "done, refused"), ("from=x", "RFC 3339")] {
        let answer = world.admin(&format!("GET /requests?{query}")).send().await;
        answer.is_problem(422, "invalid_field", says);
    }
}

#[actix_web::test]
async fn usual_mistakes_have_hints_in_the_log_and_in_the_report() {
    let world = World::new();
    world.user("ann").await;
    for _ in 0..30 {
        world
            .scim("POST /Users")
            .body(&json!({ "userName": "ann" }))
            .await;
    }
    let nobody = "00000000-0000-7000-8000-000000000000".to_owned();
    world.group("QA", &[&nobody]).await;
    let list = world.admin("GET /requests?limit=2").send().await.json();
    assert_eq!(list["items"][0]["hint"]["name"], "group_before_users");
    assert_eq!(list["items"][1]["hint"]["name"], "wrong_unique_identifier");
    let report = world.admin("GET /report").send().await.json();
    let hints = report["hints"].as_array().unwrap();
    assert_eq!(
        (&hints[0]["name"], &hints[0]["requests"]),
        (&json!("wrong_unique_identifier"), &json!(30))
    );
    assert_eq!(
        (&hints[1]["name"], &hints[1]["requests"]),
        (&json!("group_before_users"), &json!(1))
    );
    assert_eq!(hints[0]["latest"], list["items"][1]["id"]);
    assert_eq!(report["quarantine_risk"], json!(true));
    for number in 0..60 {
        world.user(&format!("user-{number}")).await;
    }
    let report = world.admin("GET /report").send().await.json();
    assert_eq!(report["quarantine_risk"], json!(false));
}

/// What fails for one organization, here because it is gone, keeps nothing from the others.
#[actix_web::test]
async fn durations_of_a_removed_organization_keep_none_from_the_others() {
    let world = World::new();
    world.user("ann").await;
    let call = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
    assert_eq!(call.body(&json!({ "userName": "bob" })).await.status, 201);
    assert_eq!(world.owner("DELETE /orgs/acme").send().await.status, 204);
    app::requests::fill_in(&world.app);
    let log = world.owner("GET /orgs/other/requests").send().await.json();
    assert_eq!(log["items"][0]["duration"], 0, "{log}");
}

#[actix_web::test]
async fn another_organizations_base_url_has_its_hint() {
    let world = World::new();
    let line = "PATCH /orgs/other/scim/v2/Users/01900000-0000-7000-8000-000000000000";
    let answer = world.anonymous(line).key(&world.scim).send().await;
    answer.is_scim_error(404, None, "There is no organization");
    let line = line.replace("/other/", "/nobody/");
    let nobodys = world.anonymous(&line).key(&world.scim).send().await;
    assert_eq!(answer.text, nobodys.text, "nobody learns which there are");
    let row = row(&world, &answer).await;
    assert_eq!(row["error"], "wrong_base_url");
    assert_eq!(row["hint"]["name"], "wrong_base_url");
}

/// A key that sends too much has one row a minute, not one for each request.
#[actix_web::test]
async fn requests_beyond_a_keys_share_are_told_once_a_minute() {
    let world = World::with(rolecall_http::HttpConfig {
        requests_per_key: 3,
        ..rolecall_http::HttpConfig::default()
    });
    let told = async || {
        let log = world
            .owner("GET /orgs/acme/requests?status=429")
            .send()
            .await;
        let rows = log.json()["items"].as_array().unwrap().clone();
        for row in &rows {
            assert_eq!(row["error"], "too_many_requests");
        }
        rows.len()
    };
    for (minute, rows) in [(0, 1), (1, 2)] {
        world.clock.advance(60_000);
        for number in 0..8 {
            let answer = world.scim("GET /Users").send().await;
            let status = if number < 3 { 200 } else { 429 };
            assert_eq!(answer.status, status, "{minute} {number}");
        }
        assert_eq!(told().await, rows);
    }
}
