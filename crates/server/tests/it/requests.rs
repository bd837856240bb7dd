//! The provisioning log on the command line, and the limits of the configuration.

use serde_json::json;

use crate::support::{Db, Server, both, org_with_key, rolecall, user};

both!(
    what_was_refused_is_found_and_explained
    what_was_refused_is_sent_again
    reads_are_counted
    floods_are_refused_as_configured
);

fn what_was_refused_is_found_and_explained(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let server = Server::start(database);
    let client = server.client("/scim/v2", &token);
    let id = client.add_user("ada@example.com");
    client.expect(409, "POST", "/Users", Some(&user("ada@example.com")));
    server.stop();
    let list = |rest: &[&str]| {
        let ran = rolecall(
            database,
            &[&["requests", "list", "--org", "acme", "--json"], rest].concat(),
        );
        ran.json()["items"].as_array().unwrap().clone()
    };
    assert_eq!(list(&[]).len(), 2);
    assert_eq!(list(&["--about", &id]).len(), 1);
    let refused = list(&["--status", "refused"]);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["hint"]["name"], "wrong_unique_identifier");
    let request = refused[0]["id"].as_str().unwrap();
    let shown = rolecall(database, &["requests", "show", "--org", "acme", request]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.stdout.contains("POST /Users") && shown.stdout.contains("unique identifier"));
    let report = rolecall(database, &["report", "--org", "acme"]).stdout;
    assert!(
        report.contains("unique identifier") && report.contains(request),
        "{report}"
    );
    rolecall(
        database,
        &["requests", "list", "--org", "acme", "--status", "maybe"],
    )
    .refused(2, &["done, refused"]);
    rolecall(database, &["requests", "show", "--org", "acme", &id])
        .refused(1, &["There is no request"]);
}

fn what_was_refused_is_sent_again(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let on = ["connection", "log-bodies", "--org", "acme", "on"];
    let ran = rolecall(database, &on);
    assert!(ran.stdout.contains("keeps the bodies"), "{ran:?}");
    let server = Server::start(database);
    let client = server.client("/scim/v2", &token);
    let id = client.add_user("ada@example.com");
    let mut body = user("ada@example.com");
    body["password"] = json!("hunter2-SECRET");
    client.expect(409, "POST", "/Users", Some(&body));
    client.expect(204, "DELETE", &format!("/Users/{id}"), None);
    let list = [
        "requests", "list", "--org", "acme", "--status", "refused", "--json",
    ];
    let refused = rolecall(database, &list).json()["items"][0]["id"].clone();
    let refused = refused.as_str().unwrap();
    let shown = rolecall(database, &["requests", "show", "--org", "acme", refused]).stdout;
    assert!(
        shown.contains("ada@example.com") && !shown.contains("SECRET"),
        "{shown}"
    );
    let replay = ["requests", "replay", "--org", "acme", refused];
    let ran = rolecall(database, &[&replay[..], &["--json"]].concat()).json();
    assert_eq!(
        (&ran["status"], &ran["replay_of"]),
        (&json!(201), &json!(refused))
    );
    let new = ran["changed"][0].as_str().unwrap();
    let found = client.get(&format!("/Users/{new}"));
    assert_eq!(found["userName"], "ada@example.com");
    rolecall(database, &replay).refused(1, &["taken"]);
    let audit = [
        "audit",
        "list",
        "--org",
        "acme",
        "--action",
        "request.replayed",
        "--json",
    ];
    let audit = rolecall(database, &audit).json();
    assert_eq!(audit["items"][0]["subject"], json!(refused), "{audit}");
    assert_eq!(
        rolecall(database, &["audit", "verify", "--org", "acme"]).code,
        0
    );
    server.stop();
}

fn reads_are_counted(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    for _ in 0..2 {
        let server = Server::start(database);
        let client = server.client("/scim/v2", &token);
        client.get("/Users");
        client.get("/Users?count=1");
        client.get("/Schemas");
        // Written at the stop at the latest; another process adds to it.
        server.stop();
    }
    let counted = rolecall(database, &["requests", "reads", "--org", "acme", "--json"]).json();
    let of = |route: &str| -> u64 {
        let items = counted["items"].as_array().unwrap().iter();
        let fit = items.filter(|item| item["route"] == route);
        fit.map(|item| item["reads"].as_u64().unwrap()).sum()
    };
    assert_eq!((of("/Users"), of("/Schemas")), (4, 2), "{counted}");
    let words = rolecall(database, &["requests", "reads", "--org", "acme"]).stdout;
    assert!(words.contains("/Schemas"), "{words}");
}

fn floods_are_refused_as_configured(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let server = Server::start_with(database, &[("ROLECALL__LIMITS__REQUESTS_PER_KEY", "1")]);
    let client = server.client("/scim/v2", &token);
    let mut statuses: Vec<u16> = Vec::new();
    while !statuses.contains(&429) {
        assert!(statuses.len() < 1_000, "never refused");
        let (status, body) = client.ask("GET", "/Users", None);
        if status == 429 {
            assert_eq!(
                body["schemas"],
                json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
            );
        }
        statuses.push(status);
    }
    assert_eq!(statuses[0], 200);
    server.stop();
}
