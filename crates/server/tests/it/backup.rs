//! Copies of the SQLite database, made beside a running server and brought back elsewhere.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::support::{Db, Server, org_with_key, rolecall};

#[test]
fn abuse_74_a_backup_is_private_whole_and_can_be_brought_back() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    let ada = client.add_user("ada@example.com");
    let copy = database.folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    assert!(rolecall(&database, &["backup", copy, "--json"]).json()["bytes"].is_u64());
    let mode = fs::metadata(copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let bytes = fs::read(copy).unwrap();
    let secret = &token.as_bytes()[token.len() - 24..];
    assert!(!bytes.windows(secret.len()).any(|at| at == secret));
    rolecall(&database, &["backup", copy]).refused(1, &["never overwrites"]);
    let bob = client.add_user("bob@example.com");
    rolecall(&database, &["restore", copy]).refused(1, &["--force"]);
    rolecall(&database, &["restore", "--force", copy]).refused(1, &["stop the server first"]);
    server.stop();
    let kept = rolecall(&database, &["restore", "--force", copy, "--json"]).json();
    assert!(fs::metadata(kept["kept"].as_str().unwrap()).is_ok());
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    assert_eq!(client.ask("GET", &format!("/Users/{ada}"), None).0, 200);
    assert_eq!(client.ask("GET", &format!("/Users/{bob}"), None).0, 404);
    server.stop();
}

#[test]
fn what_is_no_backup_replaces_nothing() {
    let database = Db::sqlite();
    let wrong = database.folder.path().join("wrong.db");
    fs::write(&wrong, "no database at all").unwrap();
    let wrong = wrong.to_str().unwrap();
    rolecall(&database, &["restore", wrong]).refused(1, &["not a backup"]);
    assert!(!database.folder.path().join("rolecall.db").exists());
    rolecall(&database, &["backup", wrong]).refused(1, &["there is no database"]);
}
