//! Users: every verb, status and whole body.

use serde_json::{Value, json};

use crate::world::{URL, World};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn ann(version: u32, more: &Value) -> Value {
    let mut user = json!({ "schemas": [USER], "id": "<1>", "userName": "Ann@example.com" });
    for (name, value) in more.as_object().unwrap() {
        user[name] = value.clone();
    }
    user["groups"] = json!([]);
    user["meta"] = json!({
        "resourceType": "User",
        "created": "2026-01-01T00:00:00.000Z",
        "lastModified": "2026-01-01T00:00:00.000Z",
        "location": format!("{URL}/scim/v2/Users/<1>"),
        "version": format!("W/\"{version}\""),
    });
    user
}

#[actix_web::test]
async fn the_life_of_a_user() {
    let world = World::new();
    let body = json!({ "schemas": [USER], "userName": "Ann@example.com", "externalId": "7",
        "password": "SECRET", "emails": [{ "value": "ann@example.com", "primary": true }] });
    let created = world.scim("POST /Users").body(&body).await;
    let emails = json!([{ "value": "ann@example.com", "primary": true }]);
    let more = json!({ "externalId": "7", "active": true, "emails": emails });
    created.is(201, ann(1, &more));
    let id = created.id();
    let location = format!("{URL}/scim/v2/Users/{id}");
    assert_eq!(created.header("location"), Some(location.as_str()));
    assert_eq!(created.header("etag"), Some("W/\"1\""));
    assert_eq!(
        created.header("content-type"),
        Some("application/scim+json")
    );

    let read = world.scim(&format!("GET /Users/{id}")).send().await;
    assert_eq!((read.status, &read.text), (200, &created.text));
    assert_eq!(read.header("location"), Some(location.as_str()));

    let body = json!({ "schemas": [PATCH], "Operations": [
        { "op": "Replace", "path": "active", "value": "False" }] });
    let patched = world.scim(&format!("PATCH /Users/{id}")).body(&body).await;
    let more = json!({ "externalId": "7", "active": false, "emails": emails });
    patched.is(200, ann(2, &more));
    assert_eq!(patched.header("etag"), Some("W/\"2\""));

    let body = json!({ "schemas": [USER], "userName": "Ann@example.com", "active": true });
    let put = world.scim(&format!("PUT /Users/{id}")).body(&body).await;
    put.is(200, ann(3, &json!({ "active": true })));
    let again = world.scim(&format!("PUT /Users/{id}")).body(&body).await;
    assert_eq!(
        (again.status, &again.text),
        (200, &put.text),
        "nothing changed, nothing moved"
    );

    let deleted = world.scim(&format!("DELETE /Users/{id}")).send().await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for method in ["GET", "DELETE"] {
        let gone = world.scim(&format!("{method} /Users/{id}")).send().await;
        gone.is_scim_error(404, None, "There is no user");
    }
    assert_eq!(
        world.scim("POST /Users").body(&body).await.status,
        201,
        "the name is free again"
    );
}

#[actix_web::test]
async fn a_name_is_taken_once() {
    let world = World::new();
    world.user("Straße").await;
    for name in ["Straße", "STRASSE", "strasse"] {
        let answer = world
            .scim("POST /Users")
            .body(&json!({ "userName": name }))
            .await;
        answer.is_scim_error(409, Some("uniqueness"), "userName");
        assert!(!answer.text.to_lowercase().contains("strasse"));
    }
    let other = world.user("other").await;
    let body = json!({ "userName": "strasse" });
    let answer = world.scim(&format!("PUT /Users/{other}")).body(&body).await;
    answer.is_scim_error(409, Some("uniqueness"), "userName");
}

#[actix_web::test]
async fn bodies_that_are_not_right() {
    let world = World::new();
    let id = world.user("ann").await;
    let check = async |line: &str, text: &str, kind: &str, says: &str| {
        let line = line.replace("ID", &id);
        let answer = world.scim(&line).raw(text).send().await;
        answer.is_scim_error(400, Some(kind), says);
        assert!(!answer.text.contains("SECRET"), "{}", answer.text);
    };
    check("POST /Users", "", "invalidSyntax", "JSON body").await;
    check("POST /Users", "{", "invalidSyntax", "JSON").await;
    check("POST /Users", "[]", "invalidSyntax", "object").await;
    check(
        "POST /Users",
        r#"{"userName":"a"}{}"#,
        "invalidSyntax",
        "JSON",
    )
    .await;
    check(
        "POST /Users",
        r#"{"userName":"a","USERNAME":"SECRET"}"#,
        "invalidSyntax",
        "twice",
    )
    .await;
    check(
        "POST /Users",
        r#"{"userName":"a\u0000SECRET"}"#,
        "invalidSyntax",
        "NUL",
    )
    .await;
    check("POST /Users", "{}", "invalidValue", "userName").await;
    check(
        "POST /Users",
        r#"{"userName":{"x":"SECRET"}}"#,
        "invalidValue",
        "userName",
    )
    .await;
    check(
        "POST /Users",
        r#"{"userName":"a","active":"SECRET"}"#,
        "invalidValue",
        "active",
    )
    .await;
    check(
        "POST /Users",
        r#"{"userName":"a\u202eSECRET"}"#,
        "invalidValue",
        "userName",
    )
    .await;
    check("PUT /Users/ID", "{", "invalidSyntax", "JSON").await;
    check("PUT /Users/ID", "{}", "invalidValue", "userName").await;
    let op = |op: &str| format!(r#"{{"schemas":["{PATCH}"],"Operations":[{op}]}}"#);
    check(
        "PATCH /Users/ID",
        &op(r#"{"op":"SECRET","path":"title"}"#),
        "invalidSyntax",
        "op",
    )
    .await;
    check(
        "PATCH /Users/ID",
        &op(r#"{"op":"remove"}"#),
        "noTarget",
        "path",
    )
    .await;
    check(
        "PATCH /Users/ID",
        &op(r#"{"op":"add","path":"a..b","value":1}"#),
        "invalidPath",
        "path",
    )
    .await;
    check(
        "PATCH /Users/ID",
        &op(r#"{"op":"replace","path":"id","value":"x"}"#),
        "mutability",
        "id",
    )
    .await;
    check(
        "PATCH /Users/ID",
        &op(r#"{"op":"remove","path":"userName"}"#),
        "mutability",
        "userName",
    )
    .await;
}

#[actix_web::test]
async fn who_is_not_there_comes_before_what_is_wrong() {
    let world = World::new();
    let nobody = "01900000-0000-7000-8000-000000000000";
    for method in ["PUT", "PATCH"] {
        for path in [
            format!("/Users/{nobody}"),
            "/Users/nobody".to_owned(),
            format!("/Groups/{nobody}"),
        ] {
            let answer = world
                .scim(&format!("{method} {path}"))
                .raw("{")
                .send()
                .await;
            answer.is_scim_error(404, None, "There is no");
        }
    }
}

#[actix_web::test]
async fn ids_are_written_in_one_way() {
    let world = World::new();
    let id = world.user("ann").await;
    let plain = id.replace('-', "");
    for other in [
        id.to_uppercase(),
        plain,
        format!("{{{id}}}"),
        format!("urn:uuid:{id}"),
        "1".into(),
    ] {
        let answer = world
            .scim(&format!("GET /Users/{}", other.replace(['{', '}'], "")))
            .send()
            .await;
        let same = other.replace(['{', '}'], "") == id;
        assert_eq!(answer.status, if same { 200 } else { 404 }, "{other}");
    }
    assert_eq!(
        world.scim(&format!("GET /Users/{id}/")).send().await.status,
        200
    );
    assert_eq!(
        world
            .scim(&format!("GET /Users/{id}//"))
            .send()
            .await
            .status,
        404
    );
    assert_eq!(
        world.scim(&format!("GET /Groups/{id}")).send().await.status,
        404
    );
}

#[actix_web::test]
async fn strict_connections_mend_nothing() {
    let world = World::new();
    let strict = json!({ "connection": { "strict": true } });
    assert_eq!(
        world.admin("PATCH /settings").body(&strict).await.status,
        200
    );
    let body = json!({ "schemas": [USER], "userName": "a", "unknown": 1 });
    let answer = world.scim("POST /Users").body(&body).await;
    answer.is_scim_error(400, Some("invalidSyntax"), "unknown");
}

/// `manager.$ref` is ours where `value` names a user, else the client's text.
#[actix_web::test]
async fn a_manager_is_linked_where_there_is_one() {
    let world = World::new();
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let check = async |operation: Value, becomes: Value| {
        let line = format!("PATCH /Users/{ann}");
        let body = json!({ "schemas": [PATCH], "Operations": [operation] });
        let answer = world.scim(&line).body(&body).await;
        assert_eq!(answer.status, 200, "{operation}");
        assert_eq!(answer.json()[ENTERPRISE]["manager"], becomes, "{operation}");
    };
    let path = format!("{ENTERPRISE}:manager");
    let add = |value: Value| json!({ "op": "add", "path": path, "value": value });
    let ours = json!({ "value": bob, "$ref": format!("../Users/{bob}") });
    check(add(json!({ "value": bob })), ours.clone()).await;
    check(
        add(json!({ "value": bob, "$ref": "http://else" })),
        ours.clone(),
    )
    .await;
    let whole = json!({ "value": bob, "$ref": format!("{URL}/scim/v2/Users/{bob}") });
    check(add(whole.clone()), whole).await;
    let reference = json!({ "op": "replace", "path": path, "value": { "$ref": "../Users/x" } });
    check(reference, ours).await;
    check(add(json!({ "value": "E-7" })), json!({ "value": "E-7" })).await;
    let theirs = json!({ "value": "E-7", "$ref": "http://hr.example.com/7" });
    check(add(theirs.clone()), theirs).await;
    check(
        add(json!({ "value": bob })),
        json!({ "value": bob, "$ref": format!("../Users/{bob}") }),
    )
    .await;
    let gone = json!({ "op": "remove", "path": format!("{path}.value") });
    check(gone, Value::Null).await;
    let made = json!({ "userName": "cem", ENTERPRISE: { "manager": { "value": ann } } });
    let made = world.scim("POST /Users").body(&made).await.json();
    assert_eq!(
        made[ENTERPRISE]["manager"]["$ref"],
        json!(format!("../Users/{ann}"))
    );
}

/// Generated clients repeat a list's name; of anything else only one can be meant.
#[actix_web::test]
async fn repeated_parameters_are_joined_or_refused() {
    let world = World::new();
    let ann = world.user("ann").await;
    let line = format!("GET /Users/{ann}?attributes=userName&attributes=active");
    let shown = world.scim(&line).send().await.json();
    assert_eq!(
        (&shown["userName"], &shown["active"]),
        (&json!("ann"), &json!(true))
    );
    let line = "GET /Users?filter=userName+eq+%22ann%22&filter=userName+eq+%22bob%22";
    let answer = world.scim(line).send().await;
    answer.is_scim_error(400, Some("invalidValue"), "filter is sent more than once");
    let answer = world.admin("GET /users?limit=1&limit=2").send().await;
    answer.is_problem(422, "invalid_field", "limit");
}
