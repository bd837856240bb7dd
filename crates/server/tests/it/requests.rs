//! The provisioning log on the command line, and the limits of the configuration.

use serde_json::json;

use crate::support::{Db, Server, both, org_with_key, rolecall, user};

both!(what_was_refused_is_found_and_explained floods_are_refused_as_configured);

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
