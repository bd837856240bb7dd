//! Whole lists, page by page: what a page costs, and that what is remembered of a list is never old.

use std::sync::Arc;

use app::port::Store;
use app::port::search::Search;
use domain::{OrgId, Preset, UserId};
use rolecall_storage::{Config, Database};
use testkit::contract::histories::Site;

use crate::processes::{count, execute};
use crate::support::{all, read, urls};

/// Another process, with a single connection.
fn process(url: &str) -> Arc<Database> {
    let config = Config {
        connections: 1,
        ..Config::new(url)
    };
    Arc::new(Database::open(&config).unwrap())
}

fn number(store: &Database) {
    while store.number_events().unwrap() > 0 {}
}

fn create(site: &Site, number: usize) -> UserId {
    let name = format!("user{number}");
    let made = site.create_user(serde_json::json!({ "userName": name }));
    made.unwrap().row.id
}

/// The total that a page tells, and its ids.
fn page(store: &Database, org: OrgId, start_index: u64, count: u64) -> (u64, Vec<UserId>) {
    let search = Search {
        start_index,
        count,
        ..all()
    };
    let page = read(store, org, move |tx| tx.search_users(&search));
    (page.total, page.items.iter().map(|row| row.id).collect())
}

/// A page in the middle, of which the total is nothing that the page tells by itself, and the last.
fn look(store: &Database, org: OrgId, ids: &[UserId]) {
    let length = ids.len() as u64;
    assert_eq!(page(store, org, 9, 4), (length, ids[8..12].to_vec()));
    assert_eq!(page(store, org, 16, 100), (length, ids[15..].to_vec()));
}

#[test]
fn what_another_process_makes_or_deletes_is_in_the_next_page() {
    for url in urls() {
        let (reads, writes) = (process(&url), process(&url));
        let site = Site::new(&(writes.clone() as Arc<dyn Store>), "acme", Preset::Plain);
        let org = site.org;
        let mut ids: Vec<UserId> = (0..20).map(|at| create(&site, at)).collect();
        for at in 20..30 {
            // The page is read, and read again out of what is remembered, before and after the
            // events have numbers.
            for numbered in [false, true, true] {
                if numbered {
                    number(&writes);
                }
                look(&reads, org, &ids);
            }
            ids.push(create(&site, at));
            look(&reads, org, &ids);
            number(&writes);
            look(&reads, org, &ids);
            site.delete_user(ids.remove(10)).unwrap();
        }
    }
}

#[test]
fn a_page_costs_the_same_at_the_end_of_a_list() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = process(&url);
    let site = Site::new(&(store.clone() as Arc<dyn Store>), "acme", Preset::Plain);
    let org = site.org;
    let ids: Vec<UserId> = (0..2_000).map(|at| create(&site, at)).collect();
    number(&store);
    execute(&url, "ANALYZE");
    drop((store, site));
    let read_before = users_read(&url);
    let store = process(&url);
    let mut found = Vec::new();
    for at in 0..40 {
        let before = store.statements();
        let (total, page) = page(&store, org, 1 + at * 50, 50);
        assert_eq!(total, 2_000);
        found.extend(page);
        // BEGIN, the version, the page, ROLLBACK; the first page counts.
        let counted = u64::from(at == 0);
        assert_eq!(store.statements() - before, 4 + counted, "page {at}");
    }
    assert_eq!(found, ids);
    drop(store);
    // Each once in `users` and once in the count, each place twice, and some to spare; from the
    // beginning they would be 41,000.
    let read = users_read(&url) - read_before;
    assert!(read < 5_000, "{read} rows");
}

/// What closed connections have read of `users`, by rows and by entries of its indexes.
fn users_read(url: &str) -> i64 {
    let read = "SELECT CAST((SELECT sum(seq_tup_read) FROM pg_stat_user_tables \
             WHERE relname = 'users') \
         + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'users') \
         AS bigint) AS count";
    count(url, read)
}

/// What has been numbered must not be in the way of what has not, however long the last VACUUM is ago.
#[test]
fn events_that_were_numbered_leave_nothing_to_walk_over() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = process(&url);
    let site = Site::new(&(store.clone() as Arc<dyn Store>), "acme", Preset::Plain);
    execute(&url, "ALTER TABLE events SET (autovacuum_enabled = false)");
    for at in 0..3_000 {
        create(&site, at);
        // Many at once: a page that is full before any of it is numbered stays as it is.
        if at % 500 == 499 {
            number(&store);
        }
    }
    let made = count(&url, "SELECT count(*) AS count FROM events");
    assert!(made >= 3_000, "{made} events");
    let pages = "SELECT pg_relation_size('events_unnumbered') / 8192 AS count";
    // A thousand at once take some; in the order of tickets there would be one more for every 300.
    let pages = count(&url, pages);
    assert!(pages < 12, "{pages} pages of {made} events");
}
