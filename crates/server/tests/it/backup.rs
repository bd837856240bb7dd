//! Copies of the SQLite database, made beside a running server and brought back elsewhere.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::support::{Db, Server, eventually, org_with_key, rolecall};

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

/// A log that a killed server left beside a database that is gone is none of the copy's.
#[test]
fn what_lies_beside_is_not_taken_for_the_copys() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    client.add_user("ada@example.com");
    let file = |name: &str| database.folder.path().join(name);
    let copy = file("copy.db");
    let copy = copy.to_str().unwrap();
    rolecall(&database, &["backup", copy, "--json"]).json();
    for number in 0..50 {
        client.add_user(&format!("later{number}@example.com"));
    }
    server.kill();
    assert!(fs::metadata(file("rolecall.db-wal")).unwrap().len() > 0);
    fs::remove_file(file("rolecall.db")).unwrap();
    rolecall(&database, &["restore", copy, "--json"]).json();
    assert!(file("rolecall.db-replaced-1-wal").exists());
    let server = Server::start(&database);
    let listed = server.client("/scim/v2", &token);
    let listed = listed.ask("GET", "/Users", None).1;
    assert_eq!(listed["totalResults"], 1, "{listed}");
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

/// What a killed backup leaves is no backup by its name, and the next one cleans up after it.
#[test]
fn a_backup_that_was_cut_off_is_told_as_that() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "scim");
    let file = |name: &str| database.folder.path().join(name);
    for left in ["copy.db-partial", "copy.db-partial-journal"] {
        fs::write(file(left), "half").unwrap();
    }
    let copy = file("copy.db");
    let copy = copy.to_str().unwrap();
    rolecall(&database, &["backup", copy, "--json"]).json();
    for left in ["copy.db-partial", "copy.db-partial-journal"] {
        assert!(!file(left).exists(), "{left}");
    }
    let bytes = fs::read(copy).unwrap();
    let cut = file("cut.db");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let cut = cut.to_str().unwrap();
    rolecall(&database, &["restore", "--force", cut]).refused(1, &["it is cut off"]);
}

/// Whoever was answered before the backup began is in it, wherever it is brought back.
#[test]
fn a_backup_under_load_is_whole_and_good_elsewhere() {
    let (database, elsewhere) = (Db::sqlite(), Db::sqlite());
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    let acknowledged = Mutex::new(Vec::new());
    let done = AtomicBool::new(false);
    let copy = elsewhere.folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let before = thread::scope(|scope| {
        for writer in 0..3 {
            let client = server.client("/scim/v2", &token);
            let (acknowledged, done) = (&acknowledged, &done);
            scope.spawn(move || {
                for number in 0.. {
                    if done.load(Ordering::Acquire) {
                        break;
                    }
                    let id = client.add_user(&format!("w{writer}-{number}@example.com"));
                    acknowledged.lock().unwrap().push(id);
                }
            });
        }
        let count = || acknowledged.lock().unwrap().len();
        eventually(|| count() >= 30);
        let before = acknowledged.lock().unwrap().clone();
        let ran = rolecall(&database, &["backup", copy]);
        // Writers went on meanwhile, and go on.
        let after = count();
        eventually(|| count() > after);
        done.store(true, Ordering::Release);
        assert_eq!(ran.code, 0, "{ran:?}");
        before
    });
    server.stop();
    assert_eq!(rolecall(&elsewhere, &["restore", copy]).code, 0);
    let server = Server::start(&elsewhere);
    let client = server.client("/scim/v2", &token);
    for id in &before {
        client.get(&format!("/Users/{id}"));
    }
    let audit = rolecall(&elsewhere, &["audit", "verify"]);
    assert_eq!(audit.code, 0, "{audit:?}");
    server.stop();
}

#[test]
fn postgresql_has_tools_of_its_own() {
    let Some(database) = Db::postgresql() else {
        return;
    };
    rolecall(&database, &["backup", "x.db"]).refused(1, &["pg_dump", "pg_restore"]);
    rolecall(&database, &["restore", "x.db"]).refused(1, &["pg_dump", "pg_restore"]);
    assert!(!database.folder.path().join("x.db").exists());
}
