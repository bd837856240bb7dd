//! Extension schemas that an organization declares: over the admin API, and what SCIM makes of
//! them.

use serde_json::{Value, json};

use crate::world::{Answer, World};

/// As Entra ID names attributes that its administrators add to the mapping.
const URN: &str = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

fn entra() -> Value {
    json!({ "id": URN, "name": "Custom", "attributes": [
        { "name": "tag", "type": "string" },
        { "name": "shoeSize", "type": "integer" },
        { "name": "vip", "type": "boolean" },
        { "name": "lastReview", "type": "dateTime" },
        { "name": "desk", "type": "complex", "subAttributes": [
            { "name": "floor", "type": "integer" }, { "name": "room", "type": "string" }] },
        { "name": "badges", "type": "string", "multiValued": true, "caseExact": true },
        { "name": "hiredAs", "type": "string", "mutability": "immutable" },
    ] })
}

async fn put(world: &World, urn: &str, body: &Value) -> Answer {
    world.admin(&format!("PUT /schemas/{urn}")).body(body).await
}

async fn declared() -> World {
    let world = World::new();
    let answer = put(&world, URN, &entra()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    world
}

async fn patch(world: &World, id: &str, operation: Value) -> Answer {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation] });
    world.scim(&format!("PATCH /Users/{id}")).body(&body).await
}

async fn found(world: &World, filter: &str) -> Vec<String> {
    let filter = filter
        .replace('+', "%2B")
        .replace(' ', "+")
        .replace('"', "%22");
    let answer = world.scim(&format!("GET /Users?filter={filter}")).send();
    let answer = answer.await;
    assert_eq!(answer.status, 200, "{filter}: {}", answer.text);
    let names = answer.json()["Resources"].clone();
    let name = |user: &Value| user["userName"].as_str().unwrap().to_owned();
    names.as_array().unwrap().iter().map(name).collect()
}

#[actix_web::test]
async fn a_declaration_is_kept_and_shown() {
    let world = World::new();
    let list = world.admin("GET /schemas").send().await;
    assert_eq!(list.json(), json!({ "schemas": [] }));
    assert_eq!(list.header("etag"), Some("\"0\""));
    let made = put(
        &world,
        &URN.to_uppercase().replace("URN:", "urn:"),
        &entra(),
    )
    .await;
    assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
    let shown = made.json();
    assert_eq!(
        (&shown["resource_type"], &shown["id"]),
        (&json!("User"), &json!(URN))
    );
    assert_eq!(shown["attributes"][0]["mutability"], "readWrite");
    let one = world.admin(&format!("GET /schemas/{URN}")).send().await;
    assert_eq!(one.json(), shown);
    let list = world.admin("GET /schemas").send().await;
    assert_eq!(list.json(), json!({ "schemas": [shown] }));
    // What is shown can be put again, and changes nothing.
    let again = put(&world, URN, &shown).await;
    assert_eq!((again.status, again.header("etag")), (200, Some("\"1\"")));

    let scim = world.scim(&format!("GET /Schemas/{URN}")).send().await;
    assert_eq!(
        (scim.status, &scim.json()["attributes"]),
        (200, &shown["attributes"])
    );
    let types = world.scim("GET /ResourceTypes/User").send().await.json();
    assert_eq!(
        types["schemaExtensions"][1],
        json!({ "schema": URN, "required": false })
    );
    let groups = world.scim("GET /ResourceTypes/Group").send().await.json();
    assert_eq!(groups.get("schemaExtensions"), None);
    // Another organization has nothing of it.
    let theirs = world
        .anonymous(&format!("GET /scim/v2/Schemas/{URN}"))
        .key(&world.foreign);
    assert_eq!(theirs.send().await.status, 404);
}

#[actix_web::test]
async fn what_entra_sends_is_stored_found_sorted_and_changed() {
    let world = declared().await;
    let body = json!({ "schemas": [USER, URN], "userName": "ann",
        URN: { "tag": "Blue", "SHOESIZE": 38, "vip": "True", "lastReview": "2026-01-31T08:00:00Z",
            "desk": { "floor": 3, "room": "a" }, "badges": ["A1", "b2"], "hiredAs": "dev",
            "unknown": 1 } });
    let made = world.scim("POST /Users").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let ann = made.id();
    let data = json!({ "tag": "Blue", "shoeSize": 38, "vip": true,
        "lastReview": "2026-01-31T08:00:00Z", "desk": { "floor": 3, "room": "a" },
        "badges": ["A1", "b2"], "hiredAs": "dev" });
    assert_eq!(made.json()[URN], data);
    let read = world.scim(&format!("GET /Users/{ann}")).send().await.json();
    assert_eq!((&read[URN], &read["schemas"]), (&data, &json!([USER, URN])));
    let part = world.scim(&format!("GET /Users/{ann}?attributes={URN}:desk.floor"));
    let part = part.send().await.json();
    assert_eq!(part[URN], json!({ "desk": { "floor": 3 } }));

    let bob = json!({ "userName": "bob", "shoeSize": 44, "tag": "green" });
    assert_eq!(world.scim("POST /Users").body(&bob).await.status, 201);
    world.user("cleo").await;
    for (filter, names) in [
        (format!("{URN}:tag eq \"BLUE\""), vec!["ann"]),
        (format!("{URN}:shoeSize gt 40"), vec!["bob"]),
        ("shoeSize pr and not (vip eq true)".to_owned(), vec!["bob"]),
        (
            format!("{URN}:desk[floor eq 3 and room eq \"A\"]"),
            vec!["ann"],
        ),
        (format!("{URN}:badges eq \"a1\""), vec![]),
        (format!("{URN}:badges eq \"A1\""), vec!["ann"]),
        (
            format!("{URN}:lastReview ge \"2026-01-31T09:00:00+01:00\""),
            vec!["ann"],
        ),
        (format!("schemas eq \"{URN}\""), vec!["ann", "bob"]),
    ] {
        assert_eq!(found(&world, &filter).await, names, "{filter}");
    }
    let sorted = world
        .scim(&format!(
            "GET /Users?sortBy={URN}:shoeSize&sortOrder=descending"
        ))
        .send()
        .await
        .json();
    assert_eq!(sorted["Resources"][1]["userName"], "bob");
    let wrong = world
        .scim(&format!("GET /Users?filter={URN}:nothing+pr"))
        .send()
        .await;
    wrong.is_scim_error(400, Some("invalidFilter"), "");

    let path = format!("{URN}:tag");
    let changed = patch(
        &world,
        &ann,
        json!({ "op": "Replace", "path": path, "value": "red" }),
    )
    .await;
    assert_eq!(changed.json()[URN]["tag"], "red");
    let path = format!("{URN}:desk.floor");
    let changed = patch(
        &world,
        &ann,
        json!({ "op": "add", "path": path, "value": 4 }),
    )
    .await;
    assert_eq!(
        changed.json()[URN]["desk"],
        json!({ "floor": 4, "room": "a" })
    );
    let dotted = json!({ "op": "add", "value": { format!("{URN}:vip"): false } });
    assert_eq!(patch(&world, &ann, dotted).await.json()[URN]["vip"], false);
    let path = format!("{URN}:shoeSize");
    let wrong = patch(
        &world,
        &ann,
        json!({ "op": "add", "path": path, "value": [1.5] }),
    )
    .await;
    wrong.is_scim_error(400, Some("invalidValue"), "shoeSize");
    let path = format!("{URN}:hiredAs");
    let wrong = patch(
        &world,
        &ann,
        json!({ "op": "add", "path": path, "value": "boss" }),
    )
    .await;
    wrong.is_scim_error(400, Some("mutability"), "hiredAs");
    let put = json!({ "userName": "ann", URN: { "hiredAs": "boss" } });
    let wrong = world.scim(&format!("PUT /Users/{ann}")).body(&put).await;
    wrong.is_scim_error(400, Some("mutability"), "hiredAs");
    let gone = patch(
        &world,
        &ann,
        json!({ "op": "remove", "path": format!("{URN}:desk") }),
    )
    .await;
    assert_eq!(gone.json()[URN].get("desk"), None);

    let bulk = json!({ "Operations": [{ "method": "POST", "path": "/Users", "bulkId": "d",
        "data": { "userName": "dan", URN: { "shoeSize": 40 } } }] });
    let answer = world.scim("POST /Bulk").body(&bulk).await.json();
    assert_eq!(answer["Operations"][0]["status"], "201");
    assert_eq!(found(&world, "shoeSize eq 40").await, ["dan"]);
}

#[actix_web::test]
async fn declarations_that_are_not_right() {
    let world = declared().await;
    let check = async |urn: &str, body: Value, field: &str, says: &str| {
        let answer = put(&world, urn, &body).await;
        answer.is_problem(422, "invalid_field", "");
        let faults = answer.json()["errors"].clone();
        let told = faults.as_array().unwrap().iter().any(|fault| {
            fault["field"] == field && fault["detail"].as_str().unwrap().contains(says)
        });
        assert!(told, "{field} {says}: {faults}");
    };
    let other = "urn:example:x:User";
    let one = |attribute: Value| json!({ "id": other, "attributes": [attribute] });
    check(other, entra(), "id", "URN").await;
    check(other, json!({}), "id", "required").await;
    check(
        other,
        one(json!({ "name": "a b", "type": "string" })),
        "attributes[0].name",
        "",
    )
    .await;
    check(
        other,
        one(json!({ "name": "a", "type": "text" })),
        "attributes[0].type",
        "",
    )
    .await;
    let required = json!({ "name": "a", "type": "string", "required": true });
    check(other, one(required), "attributes[0].required", "").await;
    let mut group = one(json!({ "name": "a", "type": "string" }));
    group["resource_type"] = json!("Device");
    check(other, group, "resource_type", "User or Group").await;
    check(
        USER,
        json!({ "id": USER, "attributes": [{ "name": "a", "type": "string" }] }),
        "id",
        "core",
    )
    .await;
    let broken = world
        .admin(&format!("PUT /schemas/{other}"))
        .raw("[")
        .send()
        .await;
    broken.is_problem(400, "invalid_body", "");
    for n in 1..20 {
        let urn = format!("urn:example:x{n}:User");
        let body = json!({ "id": urn, "attributes": [{ "name": "a", "type": "string" }] });
        assert_eq!(put(&world, &urn, &body).await.status, 201);
    }
    check(
        other,
        one(json!({ "name": "a", "type": "string" })),
        "id",
        "20",
    )
    .await;
    let list = world.admin("GET /schemas").send().await;
    assert_eq!(list.header("etag"), Some("\"20\""));
    let scim = world
        .anonymous("GET /api/v1/orgs/acme/schemas")
        .key(&world.read);
    scim.send().await.is_problem(403, "wrong_kind", "admin");
    let nothing = world.admin("DELETE /schemas/urn:example:nothing").send();
    nothing.await.is_problem(404, "not_found", "schema");
}

#[actix_web::test]
async fn conditions_on_the_version() {
    let world = declared().await;
    let call = |method: &str, tag: &str| {
        world
            .admin(&format!("{method} /schemas/{URN}"))
            .header("if-match", tag)
    };
    let stale = call("PUT", "\"0\"").body(&entra()).await;
    stale.is_problem(412, "precondition_failed", "schemas");
    let stale = call("DELETE", "\"2\"").send().await;
    stale.is_problem(412, "precondition_failed", "schemas");
    assert_eq!(call("PUT", "\"1\"").body(&entra()).await.status, 200);
    assert_eq!(call("DELETE", "\"1\"").send().await.status, 204);
    let again = world.admin(&format!("DELETE /schemas/{URN}")).send().await;
    again.is_problem(404, "not_found", "schema");
}

#[actix_web::test]
async fn data_keeps_its_schema_or_goes_with_it() {
    let world = declared().await;
    let body = json!({ "userName": "ann", URN: { "tag": "blue", "shoeSize": 38 } });
    let ann = world.scim("POST /Users").body(&body).await.id();
    let line = format!("DELETE /schemas/{URN}");
    world
        .admin(&line)
        .send()
        .await
        .is_problem(409, "in_use", "force=true");
    // What no longer fits the data is refused, and more attributes are not.
    let mut less = entra();
    less["attributes"].as_array_mut().unwrap().remove(0);
    less["attributes"][0]["type"] = json!("string");
    let answer = put(&world, URN, &less).await;
    answer.is_problem(409, "in_use", "attributes.tag");
    assert_eq!(answer.json()["errors"][1]["field"], "attributes.shoeSize");
    let mut group = entra();
    group["resource_type"] = json!("Group");
    let answer = put(&world, URN, &group).await;
    answer.is_problem(409, "in_use", "resource_type");
    let mut more = entra();
    let extra = json!({ "name": "extra", "type": "string" });
    more["attributes"].as_array_mut().unwrap().push(extra);
    assert_eq!(put(&world, URN, &more).await.status, 200);
    let path = format!("{URN}:extra");
    let changed = patch(
        &world,
        &ann,
        json!({ "op": "add", "path": path, "value": "y" }),
    )
    .await;
    assert_eq!(changed.json()[URN]["extra"], "y");

    let forced = world.admin(&format!("{line}?force=true")).send().await;
    assert_eq!(forced.status, 204, "{}", forced.text);
    let read = world.scim(&format!("GET /Users/{ann}")).send().await;
    assert_eq!(
        (read.json().get(URN), &read.json()["schemas"]),
        (None, &json!([USER]))
    );
    let feed = world.admin("GET /events?limit=1000").send().await.json();
    let last = feed["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["type"], "user.updated", "the change is told");
    // Now it is data like any other that nobody declared.
    let answer = world
        .scim("POST /Users")
        .body(&json!({ "userName": "bob", URN: { "tag": 1 } }))
        .await;
    assert_eq!(answer.json().get(URN), None);
    let rows = world.admin("GET /audit?limit=1000").send().await.json();
    let told: Vec<&Value> = rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["subject"] == URN)
        .map(|row| &row["action"])
        .collect();
    assert_eq!(told, ["schema.removed", "schema.put", "schema.put"]);
    // Without data everything may be declared anew.
    assert_eq!(put(&world, URN, &less).await.status, 201);
}

#[actix_web::test]
async fn much_data_goes_in_several_steps() {
    let world = declared().await;
    let user = |n: usize| {
        json!({ "method": "POST", "path": "/Users", "bulkId": n.to_string(),
            "data": { "userName": format!("u{n}"), URN: { "tag": "x" } } })
    };
    for from in [0, 600] {
        let operations: Vec<Value> = (from..from + 600).map(user).collect();
        let answer = world
            .scim("POST /Bulk")
            .body(&json!({ "Operations": operations }))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let forced = world.admin(&format!("DELETE /schemas/{URN}?force=true"));
    assert_eq!(forced.send().await.status, 204);
    let list = world.scim("GET /Users?attributes=schemas").send().await;
    assert_eq!(list.json()["totalResults"], 1_200);
    assert!(!list.text.contains("CustomExtensionName"));
}

#[actix_web::test]
async fn groups_and_strict_connections_have_them_too() {
    let world = World::new();
    let urn = "urn:example:team:1.0:Group";
    let body = json!({ "id": urn, "resource_type": "Group",
        "attributes": [{ "name": "cost", "type": "decimal" }] });
    assert_eq!(put(&world, urn, &body).await.status, 201);
    let strict = json!({ "connection": { "strict": true } });
    assert_eq!(
        world.admin("PATCH /settings").body(&strict).await.status,
        200
    );
    let core = "urn:ietf:params:scim:schemas:core:2.0:Group";
    let group = |data: Value| json!({ "schemas": [core, urn], "displayName": "A", urn: data });
    let wrong = world
        .scim("POST /Groups")
        .body(&group(json!({ "cost": "1.5" })))
        .await;
    wrong.is_scim_error(400, Some("invalidValue"), "cost");
    let wrong = world
        .scim("POST /Groups")
        .body(&group(json!({ "other": 1 })))
        .await;
    wrong.is_scim_error(400, Some("invalidSyntax"), "");
    let made = world
        .scim("POST /Groups")
        .body(&group(json!({ "cost": 1.5 })))
        .await;
    assert_eq!((made.status, &made.json()[urn]["cost"]), (201, &json!(1.5)));
    let list = world
        .scim(&format!("GET /Groups?filter={urn}:cost+lt+2"))
        .send()
        .await;
    assert_eq!(list.json()["totalResults"], 1);
}
