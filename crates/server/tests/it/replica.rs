//! `database.read_url`: what is read from a replica, and when it is not. The replica is a copy that
//! nothing reaches any more, so that every answer shows where it came from.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Client, Db, Server, command, eventually, key, org_with_key, patch, rolecall, run,
};

/// A server with a stale copy for a replica.
struct Staged {
    server: Server,
    /// Its folder has the server's log.
    _primary: Db,
    copy: Db,
    idp: Client,
    app: Client,
    /// Is in both; has another name in the primary.
    renamed: String,
    /// Is in the primary alone.
    new: String,
}

const OLD: &str = "old@example.com";
const NEW: &str = "renamed@example.com";

/// None where there is no PostgreSQL, which the test kit says loudly.
fn stage() -> Option<Staged> {
    let (primary, copy) = (Db::postgresql()?, Db::postgresql()?);
    let scim = org_with_key(&primary, "acme", "plain", "scim");
    let admin = key(&primary, "acme", "admin");
    let first = Server::start(&primary);
    let renamed = first.client("/scim/v2", &scim).add_user(OLD);
    first.stop();
    let copied = rolecall(
        &primary,
        &["copy", "--from", &primary.url, "--to", &copy.url],
    );
    assert_eq!(copied.code, 0, "{copied:?}");
    let server = Server::start_with(&primary, &[("ROLECALL__DATABASE__READ_URL", &copy.url)]);
    let idp = server.client("/scim/v2", &scim);
    let rename = json!({"op": "replace", "path": "userName", "value": NEW});
    idp.expect(
        200,
        "PATCH",
        &format!("/Users/{renamed}"),
        Some(&patch(rename)),
    );
    let new = idp.add_user("new@example.com");
    let app = server.client("/api/v1/orgs/acme", &admin);
    Some(Staged {
        server,
        _primary: primary,
        copy,
        idp,
        app,
        renamed,
        new,
    })
}

impl Staged {
    /// What the application sees of the renamed user.
    fn seen(&self) -> String {
        let access = self.app.get(&format!("/users/{}/access", self.renamed));
        access["user"]["userName"].as_str().unwrap().to_owned()
    }

    /// Makes the copy look as if it had everything.
    fn pretend(&self) {
        let ahead = "UPDATE heartbeats SET beat = 1000000000000";
        testkit::postgres::execute(&self.copy.url, ahead);
    }
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["userName"].as_str().unwrap_or_default())
        .collect()
}

/// It never has the newest number, so nothing is ever read from it.
#[test]
fn a_replica_that_is_behind_is_not_read() {
    let Some(staged) = stage() else { return };
    eventually(|| staged.server.log().contains("too far behind"));
    assert_eq!(staged.seen(), NEW);
    assert_eq!(names(&staged.app.get("/users")), [NEW, "new@example.com"]);
    staged.server.stop();
}

#[test]
fn the_read_plane_comes_from_the_replica_and_nothing_else_does() {
    let Some(staged) = stage() else { return };
    staged.pretend();
    eventually(|| staged.seen() == OLD);
    let Staged { app, idp, .. } = &staged;
    assert_eq!(names(&app.get("/users")), [OLD]);
    let explained = app.get(&format!("/users/{}/access?explain=true", staged.renamed));
    assert_eq!(explained["user"]["userName"], OLD);
    assert_eq!(app.get("/access")["items"].as_array().unwrap().len(), 1);
    // What is not there yet is looked for in the primary.
    let path = format!("/users/{}/access", staged.new);
    assert_eq!(app.get(&path)["user"]["userName"], "new@example.com");
    // What an entity tag is taken from, the identity provider's reads, and the feed.
    assert_eq!(
        app.get(&format!("/users/{}", staged.renamed))["userName"],
        NEW
    );
    assert_eq!(
        idp.get(&format!("/Users/{}", staged.renamed))["userName"],
        NEW
    );
    assert_eq!(idp.get("/Users")["totalResults"], 2);
    eventually(|| {
        let events = app.get("/events?limit=1000");
        events["items"].to_string().contains(&staged.new)
    });
    // Found by stored access, after everybody's was brought up to date.
    assert_eq!(
        names(&app.get("/users?role=member")),
        [NEW, "new@example.com"]
    );
    staged.server.stop();
}

/// A key that the replica still believes in opens nothing.
#[test]
fn a_revocation_is_never_read_from_the_replica() {
    let Some(staged) = stage() else { return };
    staged.pretend();
    eventually(|| staged.seen() == OLD);
    let keys = staged.app.get("/keys");
    for item in keys["items"].as_array().unwrap() {
        if item["kind"] == "scim" {
            let path = format!("/keys/{}", item["id"].as_str().unwrap());
            staged.app.expect(204, "DELETE", &path, None);
        }
    }
    eventually(|| staged.idp.ask("GET", "/Users", None).0 == 401);
    staged.server.stop();
}

/// From one answer to the next the replica is gone.
#[test]
fn without_its_replica_a_server_reads_from_the_primary() {
    let Some(staged) = stage() else { return };
    staged.pretend();
    eventually(|| staged.seen() == OLD);
    testkit::postgres::remove(&staged.copy.url);
    for _ in 0..20 {
        assert_eq!(staged.seen(), NEW);
    }
    eventually(|| staged.server.log().contains("the replica is not read from"));
    staged.server.stop();
}

#[test]
fn a_database_of_others_is_no_replica() {
    let (Some(primary), Some(other)) = (Db::postgresql(), Db::postgresql()) else {
        return;
    };
    org_with_key(&other, "acme", "plain", "scim");
    testkit::postgres::execute(&other.url, "UPDATE heartbeats SET beat = 1000000000000");
    org_with_key(&primary, "acme", "plain", "scim");
    let read = key(&primary, "acme", "read");
    let server = Server::start_with(&primary, &[("ROLECALL__DATABASE__READ_URL", &other.url)]);
    eventually(|| server.log().contains("no copy of the primary"));
    server.client("/api/v1/orgs/acme", &read).get("/access");
    server.stop();
}

#[test]
fn a_read_url_that_is_not_right_is_told_without_its_password() {
    let database = Db::sqlite();
    let refused = |url: &str, read_url: &str, says: &[&str]| {
        let mut check = command(&database);
        check
            .env("ROLECALL__DATABASE__URL", url)
            .env("ROLECALL__DATABASE__READ_URL", read_url)
            .args(["config", "check"]);
        let ran = run(&mut check);
        ran.refused(78, says);
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    };
    let replica = "postgres://u:hunter2@replica/x";
    refused(
        &database.url,
        replica,
        &["database.read_url", "database.url"],
    );
    refused(
        "postgres://db/x",
        "sqlite://x.db",
        &["database.read_url", "postgres://"],
    );
    refused(
        "postgres://db/x",
        "mysql://u:hunter2@h/x",
        &["database.read_url"],
    );
    let secret = database.folder.path().join("read-url");
    fs::write(&secret, replica).unwrap();
    let mut shown = command(&database);
    shown
        .env("ROLECALL__DATABASE__URL", "postgres://db/x")
        .env("ROLECALL__DATABASE__READ_URL_FILE", &secret)
        .args(["config", "show"]);
    let ran = run(&mut shown);
    assert!(
        ran.code == 0 && ran.stdout.contains("***@replica/x"),
        "{ran:?}"
    );
    assert!(!ran.stdout.contains("hunter2"), "{ran:?}");
}
