//! Bodies in the provisioning log, and sending a refused request again.

use serde_json::{Value, json};

use crate::world::{Answer, World};

async fn keeps_bodies(world: &World, keep: bool) {
    let body = json!({ "connection": { "log_bodies": keep } });
    let answer = world.admin("PATCH /settings").body(&body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["connection"]["log_bodies"], keep);
}

fn request_id(answer: &Answer) -> String {
    answer.header("x-request-id").unwrap().to_owned()
}

async fn logged(world: &World, request: &str) -> Value {
    let answer = world
        .admin(&format!("GET /requests/{request}"))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn replay(world: &World, request: &str) -> Answer {
    let line = format!("POST /requests/{request}/replay");
    world.admin(&line).send().await
}

/// A refused request; its id in the log. A moment passes before and after it.
async fn refused(world: &World, line: &str, body: &Value, status: u16) -> String {
    world.clock.advance(1_000);
    let answer = world.scim(line).body(body).await;
    assert_eq!(answer.status, status, "{line}: {}", answer.text);
    world.clock.advance(1_000);
    request_id(&answer)
}

#[actix_web::test]
async fn bodies_are_kept_where_that_is_wanted_and_without_secrets() {
    let world = World::new();
    let body = |name: &str| json!({ "userName": name, "password": "SECRET", "title": "Boss" });
    let before = world.scim("POST /Users").body(&body("ann")).await;
    keeps_bodies(&world, true).await;
    let made = world.scim("POST /Users").body(&body("bob")).await;
    let taken = world.scim("POST /Users").body(&body("bob")).await;
    let broken = world
        .scim("POST /Users")
        .raw("{\"password\": \"SECRET")
        .send()
        .await;
    let long = json!({ "userName": "eve", "title": "x".repeat(70_000) });
    let long = world.scim("POST /Users").body(&long).await;
    keeps_bodies(&world, false).await;
    let after = world.scim("POST /Users").body(&body("bob")).await;
    assert_eq!((made.status, taken.status, broken.status), (201, 409, 400));
    for (answer, kept) in [
        (&before, false),
        (&made, true),
        (&taken, true),
        (&broken, false),
        (&long, false),
        (&after, false),
    ] {
        let row = logged(&world, &request_id(answer)).await;
        let (wanted, removed) = if kept {
            (
                json!({ "userName": "bob", "title": "Boss" }),
                json!(["password"]),
            )
        } else {
            (Value::Null, json!([]))
        };
        assert_eq!(
            (&row["body"], &row["removed"]),
            (&wanted, &removed),
            "{row}"
        );
    }
    let list = world.admin("GET /requests").send().await;
    assert!(!list.text.contains("Boss"), "bodies are in no list");
}

#[actix_web::test]
async fn a_creation_is_replayed_once_its_name_is_free() {
    let world = World::new();
    keeps_bodies(&world, true).await;
    let old = world.user("ann").await;
    let body = json!({ "userName": "ann", "title": "Boss", "password": "SECRET" });
    let request = refused(&world, "POST /Users", &body, 409).await;
    replay(&world, &request)
        .await
        .is_problem(409, "taken", "userName");
    let removed = world.admin(&format!("DELETE /users/{old}")).send().await;
    assert_eq!(removed.status, 204);
    let done = replay(&world, &request).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let row = done.json();
    let new = row["changed"][0].as_str().unwrap();
    assert_eq!(
        (&row["id"], &row["status"], &row["replay_of"], &row["path"]),
        (
            &json!(request_id(&done)),
            &json!(201),
            &json!(request),
            &json!("/Users")
        )
    );
    let user = world.scim(&format!("GET /Users/{new}")).send().await.json();
    assert_eq!(
        (&user["userName"], &user["title"]),
        (&json!("ann"), &json!("Boss"))
    );
    let about = world
        .admin(&format!("GET /requests?about={request}"))
        .send()
        .await;
    let about = about.json();
    assert_eq!(about["items"][0], row, "found by what was replayed");
    assert_eq!(about["items"][1]["id"], request);
    let audit = world
        .admin("GET /audit?action=request.replayed")
        .send()
        .await
        .json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&audit["items"][0]["subject"], &audit["items"][0]["after"]),
        (
            &json!(request),
            &json!({ "request": row["id"], "changed": [new] })
        )
    );
    let events = world.admin("GET /events?limit=1000").send().await.json();
    let mut events = events["items"].as_array().unwrap().iter();
    let caused = events.find(|event| event["cause"]["request"] == row["id"]);
    let caused = caused.unwrap();
    assert_eq!(
        (&caused["cause"]["kind"], &caused["subject"]["user"]),
        (&json!("provisioning"), &json!(new)),
        "{caused}"
    );
    replay(&world, &request)
        .await
        .is_problem(409, "taken", "userName");
}

#[actix_web::test]
async fn a_change_is_replayed_unless_its_target_moved_on() {
    let world = World::new();
    keeps_bodies(&world, true).await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let rename = json!({ "Operations": [{ "op": "replace", "path": "userName", "value": "bob" }] });
    let line = format!("PATCH /Users/{ann}");
    let first = refused(&world, &line, &rename, 409).await;
    let whole = json!({ "userName": "bob", "nickName": "B" });
    let second = refused(&world, &format!("PUT /Users/{ann}"), &whole, 409).await;
    world.scim(&format!("DELETE /Users/{bob}")).send().await;
    let done = replay(&world, &first).await;
    assert_eq!(
        (done.status, &done.json()["status"]),
        (200, &json!(200)),
        "{}",
        done.text
    );
    let user = world.scim(&format!("GET /Users/{ann}")).send().await.json();
    assert_eq!(user["userName"], "bob");
    // The replay itself changed it, too.
    for request in [&first, &second] {
        let again = replay(&world, request).await;
        again.is_problem(409, "target_changed", "changed after");
    }
    let same = world.scim(&format!("GET /Users/{ann}")).send().await.json();
    assert_eq!(same, user, "nothing is changed");
    let taken = world.group("Staff", &[]).await;
    let staff =
        json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "Staff" }] });
    let team = world.group("Team", &[&ann]).await;
    let third = refused(&world, &format!("PATCH /Groups/{team}"), &staff, 409).await;
    world.scim(&format!("DELETE /Groups/{taken}")).send().await;
    let done = replay(&world, &third).await.json();
    assert_eq!(
        (&done["status"], &done["changed"]),
        (&json!(204), &json!([team]))
    );
}

#[actix_web::test]
async fn what_cannot_be_replayed_is_said() {
    let world = World::new();
    let ann = world.user("ann").await;
    let taken = json!({ "userName": "ann" });
    let unkept = refused(&world, "POST /Users", &taken, 409).await;
    keeps_bodies(&world, true).await;
    let done = world
        .scim("POST /Users")
        .body(&json!({ "userName": "bob" }))
        .await;
    let secret = json!({ "userName": "ann", "apiKey": "SECRET" });
    let secret = refused(&world, "POST /Users", &secret, 409).await;
    let nobody = "DELETE /Users/00000000-0000-7000-8000-000000000000";
    let gone = refused(&world, nobody, &json!({}), 404).await;
    let line = format!("PUT /Users/{ann}");
    let stale = world
        .scim(&line)
        .header("if-match", "W/\"99\"")
        .body(&taken)
        .await;
    assert_eq!(stale.status, 412);
    for (request, says) in [
        (unkept, "connection.log_bodies"),
        (request_id(&done), "was not refused"),
        (secret, "not known whole"),
        (gone, "is not kept"),
        (request_id(&stale), "another version"),
    ] {
        let answer = replay(&world, &request).await;
        answer.is_problem(409, "not_replayable", says);
    }
    let request = refused(&world, "POST /Users", &taken, 409).await;
    for name in ["x", "00000000-0000-7000-8000-000000000000"] {
        replay(&world, name)
            .await
            .is_problem(404, "not_found", "request");
    }
    let line = format!("POST /api/v1/orgs/other/requests/{request}/replay");
    let foreign = world.anonymous(&line).key(&world.owner).send().await;
    foreign.is_problem(404, "not_found", "request");
    let line = format!("POST /api/v1/orgs/acme/requests/{request}/replay");
    let reader = world.anonymous(&line).key(&world.read).send().await;
    reader.is_problem(403, "wrong_kind", "");
    let audit = world
        .admin("GET /audit?action=request.replayed")
        .send()
        .await;
    assert_eq!(audit.json()["items"], json!([]), "nothing was done");
}
