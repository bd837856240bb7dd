//! `rolecall connection`: switching SCIM off in a hurry, and what of it is set by itself.

use serde_json::json;

use crate::support::{Db, Server, both, eventually, key, org_with_key, rolecall};

both!(scim_is_switched_off_and_on_beside_a_running_server);

/// The first thing wanted in an incident; it is told in the audit, and keeps everybody's access.
fn scim_is_switched_off_and_on_beside_a_running_server(database: &Db) {
    let scim = org_with_key(database, "acme", "plain", "scim");
    let admin = key(database, "acme", "admin");
    let server = Server::start(database);
    let (idp, api) = (
        server.client("/scim/v2", &scim),
        server.client("/api/v1/orgs/acme", &admin),
    );
    let ada = idp.add_user("ada@example.com");
    let run = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        rolecall(
            database,
            &[&["connection"], &words[..], &["--org", "acme", "--json"]].concat(),
        )
    };
    assert_eq!(run("disable").json()["connection"]["enabled"], false);
    eventually(|| idp.ask("GET", "/Users", None).0 == 403);
    let access = api.get(&format!("/users/{ada}/access"));
    assert_eq!(access["role"]["key"], "member", "{access}");
    let audit = api.get("/audit");
    let rows = audit["items"].as_array().unwrap();
    let told = rows.iter().find(|row| row["action"] == "settings.changed");
    assert_eq!(
        told.unwrap()["after"]["connection"]["enabled"],
        false,
        "{audit}"
    );
    let shown = rolecall(database, &["connection", "show", "--org", "acme"]);
    assert!(
        shown.stdout.contains("connection enable --org acme"),
        "{shown:?}"
    );
    assert_eq!(run("enable").json()["connection"]["enabled"], true);
    eventually(|| idp.ask("GET", "/Users", None).0 == 200);
    // There is a key already.
    let shown = rolecall(database, &["connection", "show", "--org", "acme"]);
    assert!(!shown.stdout.contains("key create"), "{shown:?}");
    server.stop();
}

#[test]
fn what_a_connection_takes_is_set_field_by_field() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "scim");
    let set = |arguments: &[&str]| {
        let begin = ["connection", "set", "--org", "acme", "--json"];
        rolecall(&database, &[&begin[..], arguments].concat())
    };
    let field = |ran: &crate::support::Ran, name: &str| ran.json()["connection"][name].clone();
    assert_eq!(field(&set(&["--strict", "on"]), "strict"), true);
    let both = set(&[
        "--email-domains",
        "example.com, example.org",
        "--unique-identifier",
        "email",
    ]);
    assert_eq!(
        field(&both, "email_domains"),
        json!(["example.com", "example.org"])
    );
    assert_eq!(field(&both, "unique_identifier"), "email");
    assert_eq!(field(&both, "strict"), true, "what is not named stays");
    assert_eq!(
        field(&set(&["--email-domains", ""]), "email_domains"),
        json!([])
    );
    assert_eq!(field(&set(&["--strict", "off"]), "strict"), false);
    set(&[]).refused(2, &["--strict"]);
    set(&["--email-domains", "nope"]).refused(1, &["email_domains[0]", "example.com"]);
    set(&["--unique-identifier", "phone"]).refused(2, &["userName", "email"]);
}
