//! Problem documents: which field, what would be right, never what was sent.

use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn fields_that_are_not_right() {
    let world = World::new();
    let check = async |line: &str, body: Value, status: u16, field: &str, says: &str| {
        let answer = world.owner(line).body(&body).await;
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        answer.is_problem(status, &code, "");
        let errors = answer.json()["errors"].clone();
        assert_eq!(errors[0]["field"], json!(field), "{}", answer.text);
        let detail = errors[0]["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{detail} does not say {says}");
        assert!(!answer.text.contains("SECRET"), "{}", answer.text);
    };
    let settings = "PATCH /orgs/acme/settings";
    check(
        settings,
        json!({ "conection": {} }),
        422,
        "conection",
        "Did you mean connection?",
    )
    .await;
    let body = json!({ "connection": { "enabld": true } });
    check(
        settings,
        body,
        422,
        "connection.enabld",
        "Did you mean enabled?",
    )
    .await;
    let body = json!({ "connection": { "enabled": "SECRET" } });
    check(
        settings,
        body,
        422,
        "connection.enabled",
        "Must be a boolean.",
    )
    .await;
    let body = json!({ "connection": { "unique_identifier": "SECRET" } });
    check(
        settings,
        body,
        422,
        "connection.unique_identifier",
        "userName, email",
    )
    .await;
    let body = json!({ "policies": { "default_rol": "member" } });
    check(settings, body, 422, "policies.default_rol", "default_role").await;
    let body = json!({ "policies": { "default_role": "memer" } });
    check(settings, body, 422, "policies.default_role", "member").await;
    let body = json!({ "connection": { "sso": { "protocol": "saml" } } });
    check(settings, body, 422, "connection.sso.issuer", "required").await;
    check("POST /orgs", json!({}), 422, "slug", "required").await;
    let body = json!({ "slug": "SECRET!", "preset": "plain" });
    check("POST /orgs", body, 422, "slug", "lower-case").await;
    let body = json!({ "slug": "x", "preset": "datasaurus" });
    check("POST /orgs", body, 422, "preset", "did you mean datasaur").await;
    let body = json!({ "kind": "SECRET" });
    check(
        "POST /orgs/acme/keys",
        body,
        422,
        "kind",
        "scim, admin, read",
    )
    .await;
    let role = json!({ "key": "a", "name": "A", "protcted": true });
    let roles = json!({ "roles": [role] });
    check(
        "PUT /orgs/acme/roles",
        roles,
        422,
        "roles[0].protcted",
        "protected?",
    )
    .await;
    let same = json!({ "key": "a", "name": "A" });
    let roles = json!({ "roles": [same, same] });
    check("PUT /orgs/acme/roles", roles, 422, "roles[1].key", "unique").await;
    let rule = json!({ "group": "QA", "role": "admn" });
    let mapping = json!({ "organization": [rule] });
    check(
        "PUT /orgs/acme/mapping",
        mapping,
        422,
        "organization[0].role",
        "admin",
    )
    .await;
}

#[actix_web::test]
async fn a_whole_problem() {
    let world = World::new();
    let answer = world.admin("GET /access?limt=5").send().await;
    let detail = "The query parameters here are: at, cursor, limit. Did you mean limit?";
    answer.is(
        422,
        json!({
            "type": "urn:rolecall:error:unknown_field",
            "title": "A field does not exist",
            "status": 422,
            "detail": format!("Unknown query parameter limt. {detail}"),
            "code": "unknown_field",
            "errors": [{ "field": "limt", "parameter": "limt", "detail": detail }],
            "instance": "urn:uuid:<1>",
        }),
    );
}

#[actix_web::test]
async fn bodies_that_do_not_parse() {
    let world = World::new();
    for text in ["", "{", "[]", "7", r#"{"a":1,"a":2}"#] {
        let answer = world.admin("PATCH /settings").raw(text).send().await;
        answer.is_problem(400, "invalid_body", "body");
    }
}

#[actix_web::test]
async fn parameters_that_are_not_right() {
    let world = World::new();
    for (line, field) in [
        ("GET /access?limit=0", "limit"),
        ("GET /access?limit=1001", "limit"),
        ("GET /access?cursor=AAAA", "cursor"),
        ("GET /events?after=-1", "after"),
        ("GET /events?after=x", "after"),
        ("GET /events?wait=61", "wait"),
        ("GET /events?wait=-1", "wait"),
        ("GET /events?wait=soon", "wait"),
        ("GET /settings?x=1", "x"),
        ("PUT /mapping?dry_run=yes", "dry_run"),
        ("PUT /mapping?plan=abc", "plan"),
        ("PUT /mapping?dryrun=true", "dryrun"),
        ("GET /access?at=yesterday", "at"),
        ("GET /access?at=2026-01-01T00:00:00", "at"),
        ("GET /users?state=gone", "state"),
        ("GET /users?role=owner", "role"),
        ("GET /users?group=nobody", "group"),
        ("GET /users?userName=", "userName"),
        ("GET /users?userName=a%00", "userName"),
        ("GET /groups?displayName=a%00", "displayName"),
        ("GET /users?workspace=nowhere", "workspace"),
        ("GET /users?project=nowhere/x", "project"),
        ("GET /users?project=x", "project"),
        ("GET /users?managed_by=me", "managed_by"),
        ("DELETE /workspaces/x?force=1", "force"),
        ("GET /requests?cursor=AAAA", "cursor"),
    ] {
        let answer = world.admin(line).raw("{}").send().await;
        assert_eq!(answer.status, 422, "{line}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{line}");
    }
}
