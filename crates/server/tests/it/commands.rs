//! The command line, as an operator types it.

use std::{fs, process::Command};

use serde_json::{Value, json};

use crate::support::{Db, Server, both, eventually, key, migrate, org_with_key, rolecall, run};

both!(from_nothing_to_the_first_user mapping_as_a_file an_organization_is_removed);

/// The printed `curl` is run as it stands.
fn from_nothing_to_the_first_user(database: &Db) {
    let server = Server::start(database);
    let here = format!("http.bind={}", server.url.trim_start_matches("http://"));
    let made = rolecall(
        database,
        &[
            "org", "create", "acme", "--preset", "plain", "--key", "scim", "--set", &here,
        ],
    );
    assert_eq!(made.code, 0, "{made:?}");
    let curl = made
        .stdout
        .lines()
        .find(|line| line.trim_start().starts_with("curl "))
        .unwrap();
    let ran = run(Command::new("sh").args(["-c", curl]));
    let user: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    assert_eq!(user["userName"], "ada@example.com");
    assert!(user["id"].is_string(), "{user}");
    server.stop();
}

/// Beside a running server, which opens nothing with its keys any more; its name is free.
fn an_organization_is_removed(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let server = Server::start(database);
    let client = server.client("/scim/v2", &token);
    client.add_user("ada@example.com");
    let asked = rolecall(database, &["org", "delete", "acme"]);
    assert_eq!(asked.code, 2, "{asked:?}");
    assert!(asked.stderr.contains("--force"), "{asked:?}");
    client.get("/Users");
    let removed = rolecall(database, &["org", "delete", "acme", "--force", "--json"]);
    assert_eq!(
        removed.json(),
        json!({"slug": "acme", "deleted": true}),
        "{removed:?}"
    );
    eventually(|| client.ask("GET", "/Users", None).0 == 401);
    let left = rolecall(database, &["org", "list", "--json"]).json();
    assert_eq!(left["items"], json!([]));
    let again = rolecall(database, &["org", "delete", "acme", "--force"]);
    assert_ne!(again.code, 0, "{again:?}");
    let token = org_with_key(database, "acme", "plain", "scim");
    let found = server.client("/scim/v2", &token).get("/Users");
    assert_eq!(found["totalResults"], 0, "{found}");
    server.stop();
}

fn mapping_as_a_file(database: &Db) {
    org_with_key(database, "acme", "datasaur", "admin");
    let folder = database.folder.path();
    let apply = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        rolecall(
            database,
            &["mapping", "apply", "--org", "acme", name, "--json"],
        )
    };
    let toml = "[[organization]]\ngroup = \"Administrator\"\nrole = \"admin\"\n\n\
                [[organization]]\ngroup = \"QA\"\nrole = \"reviewer\"\n";
    assert_eq!(apply("mapping.toml", toml).json()["rules"], 2);
    let export = ["mapping", "export", "--org", "acme", "--format", "json"];
    let exported = rolecall(database, &export).json();
    let expected = json!([
        {"group": "Administrator", "role": "admin"},
        {"group": "QA", "role": "reviewer"},
    ]);
    assert_eq!(exported["organization"], expected);
    // What was exported is taken back, in either form.
    for name in ["out.toml", "out.json"] {
        let ran = rolecall(database, &["mapping", "export", "--org", "acme", name]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(apply(name, &text).json()["mapping"], exported, "{name}");
    }
    let wrong = r#"{"organization": [{"group": "A", "role": "chief"}, {"group": "", "role": "admin"},
                   {"group": "B", "role": "reviwer"}]}"#;
    let refused = apply("wrong.json", wrong);
    refused.refused(
        1,
        &[
            "organization[0].role",
            "organization[1].group",
            "organization[2].role",
            "reviewer",
        ],
    );
    assert_eq!(
        rolecall(database, &export).json()["organization"],
        expected,
        "nothing was changed"
    );
    apply("other.json", r#"{"organisation": []}"#).refused(1, &["organization"]);
    apply("mapping.yaml", "").refused(1, &["must end in .toml or .json"]);
}

#[test]
fn organizations_are_made_and_listed() {
    let database = Db::sqlite();
    migrate(&database);
    let create = |slug, preset| {
        rolecall(
            &database,
            &[
                "org", "create", slug, "--preset", preset, "--name", "A B", "--json",
            ],
        )
    };
    let made = create("acme", "datahub").json();
    assert_eq!(
        (&made["slug"], &made["name"]),
        (&json!("acme"), &json!("A B"))
    );
    assert_eq!(made["enabled"], true);
    assert_eq!(
        made["scim_base_urls"][2],
        "http://127.0.0.1:8080/orgs/acme/scim/v2"
    );
    create("acme", "plain").refused(1, &["taken", "slug"]);
    create("Acme!", "plain").refused(1, &["slug", "lower-case"]);
    create("other", "plan").refused(2, &["plain"]);
    let listed = rolecall(&database, &["org", "list", "--json"]).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

/// D21: SSO first, where the preset asks for it.
#[test]
fn a_connection_is_enabled_with_its_sso_record() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "datasaur", "scim");
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    assert_eq!(client.ask("GET", "/Users", None).0, 403);
    let enable = ["connection", "enable", "--org", "acme", "--json"];
    rolecall(&database, &enable).refused(1, &["sso_required", "--sso-url"]);
    let sso = [
        "--sso-protocol",
        "saml",
        "--sso-issuer",
        "https://idp.example.com/a",
    ];
    rolecall(&database, &[&enable[..], &sso].concat()).refused(2, &["--sso-url"]);
    let whole = [
        &enable[..],
        &sso,
        &["--sso-url", "https://idp.example.com/sso"],
    ]
    .concat();
    let enabled = rolecall(&database, &whole).json();
    assert_eq!(enabled["connection"]["enabled"], true);
    assert_eq!(enabled["connection"]["sso"]["protocol"], "saml");
    let shown = rolecall(
        &database,
        &["connection", "show", "--org", "acme", "--json"],
    )
    .json();
    assert_eq!(shown, enabled);
    let paths = shown["scim_base_urls"].as_array().unwrap();
    assert!(
        paths.contains(&json!("http://127.0.0.1:8080/api/teams/acme/scim/v2")),
        "{paths:?}"
    );
    // The running server sees it within its second, without being told.
    eventually(|| client.ask("GET", "/Users", None).0 == 200);
    server.stop();
}

#[test]
fn keys_open_their_own_plane_until_they_are_revoked() {
    let database = Db::sqlite();
    let scim = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    for (kind, path, status) in [
        ("read", "/api/v1/orgs/acme/access", 200),
        ("read", "/api/v1/orgs/acme/keys", 403),
        ("admin", "/api/v1/orgs/acme/keys", 200),
        ("admin", "/scim/v2/Users", 403),
        ("admin", "/api/v1/orgs", 403),
    ] {
        let token = key(&database, "acme", kind);
        assert_eq!(
            server.client("", &token).ask("GET", path, None).0,
            status,
            "{kind} {path}"
        );
    }
    let owner = rolecall(&database, &["key", "create", "--kind", "owner", "--json"]).json();
    let owner = owner["token"].as_str().unwrap().to_owned();
    assert_eq!(
        server.client("", &owner).ask("GET", "/api/v1/orgs", None).0,
        200
    );
    let client = server.client("/scim/v2", &scim);
    assert_eq!(client.ask("GET", "/Users", None).0, 200);
    let id = scim.split('_').nth(2).unwrap();
    assert_eq!(rolecall(&database, &["key", "revoke", id]).code, 0);
    eventually(|| client.ask("GET", "/Users", None).0 == 401);
    let listed = rolecall(&database, &["key", "list", "--org", "acme", "--json"]).json();
    assert!(listed["items"][0]["revoked_at"].is_string(), "{listed}");
    assert!(!listed.to_string().contains("token"), "{listed}");
    rolecall(&database, &["key", "revoke", "aaaaaaaaaaaa"]).refused(1, &["There is no key"]);
    server.stop();
}

#[test]
fn wrong_usage_is_told_with_exit_code_2() {
    let database = Db::sqlite();
    for (arguments, says) in [
        (&["org", "create", "acme"][..], "--preset"),
        (&["key", "create", "--kind", "scim"], "--org"),
        (&["key", "create", "--kind", "root"], "owner"),
        (&["serv"], "serve"),
        (&["--set", "http.bind"], "KEY=VALUE"),
    ] {
        rolecall(&database, arguments).refused(2, &[says]);
    }
    let owner = ["key", "create", "--kind", "owner", "--org", "acme"];
    org_with_key(&database, "acme", "plain", "admin");
    rolecall(&database, &owner).refused(1, &["owner key belongs to no organization"]);
    let foreign = ["key", "create", "--kind", "scim", "--org", "nobody"];
    rolecall(&database, &foreign).refused(1, &["There is no organization"]);
}
