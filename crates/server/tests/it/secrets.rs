//! Case 62: whatever is secret can be read nowhere afterwards, with the log at its most talkative.

use std::{collections::BTreeMap, fs};

use domain::key::{KeyId, Kind, Secret, assemble};
use serde_json::{Value, json};

use crate::support::{Client, Db, Server, both, contents, key, org_with_key, rolecall, user};

both!(abuse_62_no_secret_is_in_a_log_a_metric_an_answer_or_the_database);

const PASSWORD: &str = "correct-horse-battery";

/// The secret in a token: what follows its public id.
fn secret(token: &str) -> &str {
    token.rsplit('_').next().unwrap()
}

fn token_of(answer: &Value) -> String {
    answer["token"].as_str().unwrap().to_owned()
}

/// The bodies that the provisioning log has kept.
fn kept_bodies(api: &Client) -> Vec<Value> {
    let rows = api.get("/requests");
    let rows = rows["items"].as_array().unwrap();
    assert!(
        rows.iter().any(|row| row["bulk"] != Value::Null),
        "{rows:?}"
    );
    let body = |row: &Value| {
        let id = row["id"].as_str().unwrap();
        api.get(&format!("/requests/{id}"))["body"].clone()
    };
    let bodies = rows.iter().map(body);
    bodies.filter(|body| !body.is_null()).collect()
}

fn abuse_62_no_secret_is_in_a_log_a_metric_an_answer_or_the_database(database: &Db) {
    let scim = org_with_key(database, "acme", "plain", "scim");
    let admin = key(database, "acme", "admin");
    let owner =
        token_of(&rolecall(database, &["key", "create", "--kind", "owner", "--json"]).json());
    let guessed = assemble(
        Kind::Scim,
        &KeyId::from_random([7; 16]),
        &Secret::from_random(&[7; 32]),
    );
    let id = scim.split('_').nth(2).unwrap();
    let server = Server::start_with(
        database,
        &[
            ("ROLECALL__LOG__LEVEL", "trace"),
            ("ROLECALL__LOG__FORMAT", "json"),
        ],
    );
    let mut answers = String::new();
    let mut ask = |key: &str, line: &str, body: Option<&Value>| {
        let (method, path) = line.split_once(' ').unwrap();
        let answer = server.client("", key).send(method, path, body).unwrap();
        answers.push_str(&String::from_utf8_lossy(&answer.body));
        answer.status
    };
    let mut ada = user("ada@example.com");
    ada["password"] = json!(PASSWORD);
    let settings = json!({ "connection": { "log_bodies": true } });
    assert_eq!(
        ask(&admin, "PATCH /api/v1/orgs/acme/settings", Some(&settings)),
        200
    );
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            { "method": "POST", "path": "/Users", "bulkId": "1", "data": ada },
            { "method": "POST", "path": "/Users", "bulkId": "2",
              "data": { "userName": "bob", "password": PASSWORD } },
        ],
    });
    for (key, line, body, status) in [
        (&scim, "POST /scim/v2/Users", Some(&ada), 201),
        (&scim, "POST /scim/v2/Bulk", Some(&bulk), 200),
        (&scim, "POST /scim/v2/Users", Some(&ada), 409),
        (&guessed, "GET /scim/v2/Users", None, 401),
        (&admin, "GET /scim/v2/Users", None, 403),
        (&scim, "GET /api/v1/orgs", None, 403),
        (&owner, "GET /api/v1/orgs", None, 200),
        (&admin, "GET /api/v1/orgs/acme/requests", None, 200),
        (&admin, "GET /api/v1/orgs/acme/audit", None, 200),
        (&admin, "GET /api/v1/orgs/acme/events", None, 200),
        (&admin, "GET /api/v1/orgs/acme/keys", None, 200),
        (&owner, "GET /metrics", None, 200),
    ] {
        assert_eq!(ask(key, line, body), status, "{line}");
    }
    let in_url = format!("GET /scim/v2/Users?access_token={scim}");
    assert_eq!(ask("", &in_url, None), 401);
    let line = format!("/orgs/acme/keys/{id}/rotate");
    let rotated = server
        .client("/api/v1", &admin)
        .ask("POST", &line, Some(&json!({})))
        .1;
    let rotated = token_of(&rotated);
    assert_eq!(ask(&rotated, "GET /scim/v2/Users", None), 200);
    let api = server.client("/api/v1/orgs/acme", &admin);
    let kept = kept_bodies(&api);
    assert_eq!(
        kept.len(),
        2,
        "of single requests, of a Bulk none: {kept:?}"
    );
    assert!(
        kept.iter()
            .all(|body| body["userName"] == "ada@example.com")
    );
    server.stop();
    let mut texts = BTreeMap::from([("the answers".to_owned(), answers)]);
    for file in fs::read_dir(database.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            texts.insert(name, text);
        }
    }
    for (name, bytes) in contents(&database.url) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let holds = text.contains("ada@example.com");
        assert!(holds || name == "its log", "{name} cannot be searched");
        texts.insert(name.to_owned(), text);
    }
    assert!(
        texts["server.log"].contains("\"TRACE\""),
        "it tells everything"
    );
    for token in [&scim, &admin, &owner, &guessed, &rotated] {
        for (name, text) in &texts {
            let found = text.contains(secret(token)) || text.contains(PASSWORD);
            assert!(!found, "a secret is in {name}");
        }
    }
}
