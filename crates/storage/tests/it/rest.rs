//! SQLite while nobody writes.

use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Integer;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};

use crate::support::{End, insert, names, open, org, sqlite_url, write};

/// Asks again and again; false if it takes too long.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread that tells nobody is waited for"
)]
fn soon(mut is: impl FnMut() -> bool) -> bool {
    (0..500).any(|_| {
        let found = is();
        if !found {
            std::thread::sleep(Duration::from_millis(20));
        }
        found
    })
}

fn path(url: &str) -> &str {
    url.strip_prefix("sqlite://").unwrap()
}

/// How many pages the log has, and how many of them are in the file: from the index of the log, as
/// SQLite's file format has it.
fn log(path: &str) -> (u32, u32) {
    let index = std::fs::read(Path::new(&format!("{path}-shm"))).unwrap();
    let number = |at: usize| u32::from_ne_bytes(index[at..at + 4].try_into().unwrap());
    (number(16), number(96))
}

#[test]
fn the_log_is_folded_when_nobody_writes() {
    let url = sqlite_url();
    let store = open(&url);
    let org = org(&store, "acme");
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    assert!(log(path(&url)).0 > 0);
    assert!(soon(|| is_folded(&url)));
}

fn is_folded(url: &str) -> bool {
    let (pages, folded) = log(path(url));
    pages == folded
}

#[derive(QueryableByName)]
struct Folded {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// The server rests and holds a snapshot, most of the time.
#[test]
fn another_process_may_write_and_fold_meanwhile() {
    let url = sqlite_url();
    let store = open(&url);
    let org = org(&store, "acme");
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    assert!(soon(|| is_folded(&url)));
    let mut other = SqliteConnection::establish(path(&url)).unwrap();
    assert!(soon(|| {
        other
            .batch_execute("UPDATE instance SET fold_version = fold_version")
            .unwrap();
        let folded = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)");
        let folded: Folded = folded.get_result(&mut other).unwrap();
        folded.busy == 0
    }));
    assert_eq!(log(path(&url)).0, 0);
    assert_eq!(write(&store, org, insert("bob")), End::Committed);
    assert_eq!(names(&store, org), ["ann", "bob"]);
}
