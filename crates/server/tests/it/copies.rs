//! `rolecall copy`: everything arrives, nothing half is ever served.

use serde_json::{Value, json};

use crate::support::{Client, Db, Ran, Server, both, key, org_with_key, patch, rolecall};

both!(a_source_that_a_server_has_open_is_refused);

fn copied(from: &Db, to: &Db) -> Ran {
    rolecall(
        from,
        &["copy", "--from", &from.url, "--to", &to.url, "--json"],
    )
}

/// Keys of what is in the database.
struct Filled {
    scim: String,
    admin: String,
}

/// Two organizations, one of them removed again; users with access of every kind, history, events,
/// the log, the audit.
fn fill(database: &Db) -> Filled {
    let scim = org_with_key(database, "acme", "plain", "scim");
    let admin = key(database, "acme", "admin");
    org_with_key(database, "gone", "plain", "scim");
    let server = Server::start(database);
    let idp = server.client("/scim/v2", &scim);
    let users: Vec<String> = (0..30)
        .map(|number| idp.add_user(&format!("jörg{number}@example.com")))
        .collect();
    let team: Vec<&str> = users.iter().map(String::as_str).take(20).collect();
    let group = idp.add_group("Größe \"10\" \\ QA", &team);
    let api = server.client("/api/v1/orgs/acme", &admin);
    api.expect(
        201,
        "POST",
        "/workspaces",
        Some(&json!({"slug": "quality", "name": "Q"})),
    );
    let rules = json!({
        "organization": [{"group": "Größe \"10\" \\ QA", "role": "admin"}],
        "workspaces": [{"group": "Größe \"10\" \\ QA", "workspace": "quality"}],
    });
    api.expect(200, "PUT", "/mapping", Some(&rules));
    let remove = json!({"op": "remove", "path": format!("members[value eq \"{}\"]", users[0])});
    idp.ask("PATCH", &format!("/Groups/{group}"), Some(&patch(remove)));
    let off = json!({"op": "replace", "path": "active", "value": false});
    idp.expect(
        200,
        "PATCH",
        &format!("/Users/{}", users[1]),
        Some(&patch(off)),
    );
    idp.expect(204, "DELETE", &format!("/Users/{}", users[2]), None);
    let owner = rolecall(database, &["key", "create", "--kind", "owner", "--json"]).json();
    let owner = server.client("/api/v1", owner["token"].as_str().unwrap());
    owner.expect(204, "DELETE", "/orgs/gone", None);
    server.stop();
    Filled { scim, admin }
}

/// Everything that the API tells, with times and tags.
fn everything(server: &Server, filled: &Filled) -> Vec<Value> {
    let api = server.client("/api/v1/orgs/acme", &filled.admin);
    let paths = [
        "/access?limit=1000",
        "/users",
        "/groups",
        "/mapping",
        "/settings",
        "/workspaces",
        "/events?limit=1000",
        "/requests?limit=1000",
        "/audit",
        "/keys",
        "/jobs",
    ];
    let idp = server.client("/scim/v2", &filled.scim);
    // When a key was used last is written now and then, by whoever is asked.
    let still = |mut value: Value| {
        for item in value
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(item) = item.as_object_mut() {
                item.retain(|name, _| !name.starts_with("last_used") && name != "duration_ms");
            }
        }
        value
    };
    let mut found: Vec<Value> = paths.iter().map(|path| still(api.get(path))).collect();
    found.push(idp.get("/Users?sortBy=userName"));
    // Every server has an address of its own.
    let without_place = |found: Value| found.to_string().replace(&server.url, "");
    let found = found.into_iter().map(without_place);
    found
        .map(|text| serde_json::from_str(&text).unwrap())
        .collect()
}

/// There and back: after both ways every answer is as it was, and a write goes on where it ended.
#[test]
fn a_copy_answers_as_what_it_was_copied_from() {
    let Some(postgres) = Db::postgresql() else {
        return;
    };
    let (sqlite, back) = (Db::sqlite(), Db::sqlite());
    let filled = fill(&sqlite);
    let told = copied(&sqlite, &postgres).json();
    assert_eq!(told["tables"]["users"], 29, "{told}");
    copied(&postgres, &back).json();
    let all: Vec<_> = [&sqlite, &postgres, &back]
        .into_iter()
        .map(|database| {
            let server = Server::start(database);
            let found = everything(&server, &filled);
            server.stop();
            found
        })
        .collect();
    assert!(all.iter().all(|found| found.len() == 12));
    let both = all[1].iter().zip(&all[2]);
    for (number, (before, (there, back))) in all[0].iter().zip(both).enumerate() {
        assert_eq!(before, there, "PostgreSQL, {number}");
        assert_eq!(before, back, "SQLite again, {number}");
    }
    for database in [&postgres, &back] {
        goes_on(database, &filled);
    }
}

/// Numbers are given out that never were: of an organization, of events.
fn goes_on(database: &Db, filled: &Filled) {
    let made = rolecall(
        database,
        &["org", "create", "new", "--preset", "plain", "--json"],
    );
    made.json();
    let server = Server::start(database);
    let api = server.client("/api/v1/orgs/acme", &filled.admin);
    let last = |api: &Client| {
        let page = api.get("/events?limit=1000");
        page["items"].as_array().unwrap().last().unwrap()["seq"]
            .as_u64()
            .unwrap()
    };
    let before = last(&api);
    server
        .client("/scim/v2", &filled.scim)
        .add_user("new@example.com");
    crate::support::eventually(|| last(&api) > before);
    let verified = rolecall(database, &["audit", "verify", "--org", "acme"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    server.stop();
}

#[test]
fn what_cannot_be_copied_is_refused_and_nothing_changes() {
    let (from, to, empty) = (Db::sqlite(), Db::sqlite(), Db::sqlite());
    org_with_key(&from, "acme", "plain", "scim");
    let refused = |arguments: &[&str], code: i32, says: &[&str]| {
        let ran = rolecall(&from, arguments);
        ran.refused(code, says);
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    };
    let copy = ["copy", "--from", &from.url, "--to"];
    let to_url = |url: &'static str| [&copy[..], &[url]].concat();
    refused(&["copy", "--from", &from.url], 2, &["--to"]);
    refused(&["copy", "--to", &to.url], 2, &["--from"]);
    refused(
        &to_url("mysql://u:hunter2@h/x"),
        1,
        &["the target", "postgres://"],
    );
    refused(
        &to_url("postgres://u:hunter2@127.0.0.1:1/x"),
        1,
        &["the target", "reached"],
    );
    refused(
        &["copy", "--from", &empty.url, "--to", &to.url],
        1,
        &["--from", "no database"],
    );
    refused(
        &["copy", "--from", &from.url, "--to", &from.url],
        1,
        &["same database"],
    );
    refused(
        &["copy", "--from", &from.url, "--to-file", "/nowhere"],
        1,
        &["--to-file"],
    );
    org_with_key(&to, "other", "plain", "scim");
    refused(
        &["copy", "--from", &from.url, "--to", &to.url],
        1,
        &["not empty", "orgs"],
    );
    let listed = rolecall(&to, &["org", "list", "--json"]).json();
    assert_eq!(listed["items"][0]["slug"], "other", "{listed}");
}

/// A server goes on writing what would not be in the copy.
fn a_source_that_a_server_has_open_is_refused(from: &Db) {
    let token = org_with_key(from, "acme", "plain", "scim");
    let server = Server::start(from);
    server
        .client("/scim/v2", &token)
        .add_user("ada@example.com");
    let to = Db::sqlite();
    let refused = copied(from, &to);
    refused.refused(1, &["has the source open", "--force"]);
    assert!(
        !to.folder.path().join("rolecall.db").exists(),
        "nothing was begun"
    );
    let copy = [
        "copy", "--from", &from.url, "--to", &to.url, "--json", "--force",
    ];
    let forced = rolecall(from, &copy).json();
    assert_eq!(forced["source_in_use"], true, "{forced}");
    server.stop();
    let told = copied(from, &Db::sqlite()).json();
    assert_eq!(told["source_in_use"], false, "{told}");
}

/// A database that was only started once, with nothing in it, is empty.
#[test]
fn a_database_that_was_never_used_takes_a_copy() {
    let (from, to) = (Db::sqlite(), Db::sqlite());
    let filled = fill(&from);
    assert_eq!(rolecall(&to, &["migrate"]).code, 0);
    copied(&from, &to).json();
    let server = Server::start(&to);
    let api = server.client("/api/v1/orgs/acme", &filled.admin);
    assert_eq!(api.get("/users")["items"].as_array().unwrap().len(), 29);
    server.stop();
}
