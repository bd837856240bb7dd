//! SQLite's log: folded while nobody writes, and short while somebody always reads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Integer;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};

use crate::support::{End, insert, names, open, org, sqlite_url, write};

/// Asks again and again; false if it takes too long.
fn soon(mut is: impl FnMut() -> bool) -> bool {
    (0..500).any(|_| {
        let found = is();
        if !found {
            pause();
        }
        found
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a thread that tells nobody is waited for"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

#[derive(QueryableByName)]
struct Log {
    #[diesel(sql_type = Integer)]
    busy: i32,
    #[diesel(sql_type = Integer, column_name = "log")]
    pages: i32,
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

/// What SQLite says of the log after it was folded in this way.
fn log(conn: &mut SqliteConnection, mode: &str) -> Log {
    let pragma = format!("PRAGMA wal_checkpoint({mode})");
    diesel::sql_query(pragma).get_result(conn).unwrap()
}

fn connection(url: &str) -> SqliteConnection {
    SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap()
}

fn is_folded(conn: &mut SqliteConnection) -> bool {
    let log = log(conn, "NOOP");
    log.pages == log.checkpointed
}

#[test]
fn the_log_is_folded_when_nobody_writes() {
    let url = sqlite_url();
    let store = open(&url);
    let org = org(&store, "acme");
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    let mut other = connection(&url);
    assert!(!is_folded(&mut other));
    assert!(soon(|| is_folded(&mut other)));
}

/// The server rests and holds a snapshot, most of the time.
#[test]
fn another_process_may_write_and_fold_meanwhile() {
    let url = sqlite_url();
    let store = open(&url);
    let org = org(&store, "acme");
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    let mut other = connection(&url);
    assert!(soon(|| is_folded(&mut other)));
    assert!(soon(|| {
        other
            .batch_execute("UPDATE instance SET fold_version = fold_version")
            .unwrap();
        log(&mut other, "TRUNCATE").busy == 0
    }));
    assert_eq!(log(&mut other, "NOOP").pages, 0);
    assert_eq!(write(&store, org, insert("bob")), End::Committed);
    assert_eq!(names(&store, org), ["ann", "bob"]);
}

/// Reads so that at every moment an older state is read: each of two begins before the other ends.
fn read_always(url: &str, stop: &AtomicBool) {
    let mut conns = [connection(url), connection(url)];
    let mut turn = 0;
    while !stop.load(Ordering::Relaxed) {
        conns[turn]
            .batch_execute("BEGIN; SELECT count(*) FROM users")
            .unwrap();
        pause();
        // The other one may not have begun.
        let _ = conns[1 - turn].batch_execute("COMMIT");
        turn = 1 - turn;
    }
}

/// SQLite by itself waits for a moment at which nobody reads, which never comes here.
#[test]
fn the_log_stays_short_while_somebody_always_reads() {
    let url = sqlite_url();
    let store = open(&url);
    let org = org(&store, "acme");
    let (stop, mut longest) = (AtomicBool::new(false), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| read_always(&url, &stop));
        let mut conn = connection(&url);
        for number in 0..10_000 {
            let one = insert(&format!("user{number}"));
            assert_eq!(write(&store, org, one), End::Committed);
            longest = longest.max(log(&mut conn, "NOOP").pages);
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!((12_000..24_000).contains(&longest), "{longest} pages");
}
