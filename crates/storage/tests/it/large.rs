//! What is large, or fails for one organization, on PostgreSQL.

use std::sync::Arc;

use app::port::outbox::OutboxEvent;
use app::port::{Abort, Store};
use domain::GroupId;
use testkit::contract::histories;
use uuid::Uuid;

use crate::processes::execute;
use crate::support::{End, insert, open, org, read, write};

/// Refuses every row that a statement with a deadline marks.
const NO_DEADLINE: &str = "CREATE FUNCTION no_deadline() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN IF current_setting('statement_timeout') <> '0' THEN RAISE 'a deadline'; END IF; \
     RETURN NEW; END $$; CREATE TRIGGER no_deadline BEFORE INSERT ON stale_access \
     FOR EACH ROW EXECUTE FUNCTION no_deadline()";

/// A million marks in one statement would take longer than statements may, each time it is tried.
#[test]
fn marks_of_many_have_no_deadline() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = open(&url);
    let org = org(&store, "acme");
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    execute(&url, NO_DEADLINE);
    let ann = read(&store, org, |tx| tx.search_users(&crate::support::all()));
    let (ann, group) = (ann.items[0].id, GroupId(Uuid::now_v7()));
    let member = app::port::groups::NewMember {
        id: ann.0,
        kind: app::port::groups::MemberKind::User,
        display: None,
    };
    let marked = write(&store, org, move |tx| {
        let mut mark = || {
            tx.mark_everyone_stale()?;
            tx.clear_stale(&[ann])
        };
        mark().map_err(Abort::Store)
    });
    assert_eq!(marked, End::Committed);
    for left in [false, true] {
        let member = member.clone();
        let marked = write(&store, org, move |tx| {
            let mut mark = || {
                tx.add_members(group, std::slice::from_ref(&member))?;
                tx.mark_members_stale(group, left)?;
                tx.clear_stale(&[ann])
            };
            mark().map_err(Abort::Store)
        });
        assert_eq!(marked, End::Committed);
    }
    // A few have the usual one.
    let few = write(&store, org, move |tx| {
        tx.mark_stale(&[ann], false).map_err(Abort::Store)
    });
    assert_eq!(few, End::Broken);
}

/// Two replacements that cross lock whom they name and whom they take out in one order.
#[test]
fn crossing_replacements_do_not_deadlock() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store: Arc<dyn Store> = open(&url);
    histories::two_groups_trade_their_members(&store, 30);
    // Its connections tell what they saw when they end.
    drop(store);
    execute(
        &url,
        "DO $$ BEGIN IF (SELECT deadlocks > 0 FROM pg_stat_database \
         WHERE datname = current_database()) THEN RAISE 'deadlocks'; END IF; END $$",
    );
}

/// What fails for one organization keeps no other one's events waiting.
#[test]
fn events_are_numbered_although_another_organizations_cannot_be() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = open(&url);
    let orgs = ["first", "second"].map(|slug| org(&store, slug));
    for org in orgs {
        let end = write(&store, org, |tx| {
            let event = OutboxEvent {
                kind: "user.updated",
                subject: "someone".to_owned(),
                at: 0,
                body: "{}".to_owned(),
            };
            tx.append(vec![event]).map_err(Abort::Store)
        });
        assert_eq!(end, End::Committed);
    }
    execute(
        &url,
        &format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN IF NEW.org = {} THEN RAISE 'broken'; END IF; RETURN NEW; END $$; \
             CREATE TRIGGER broken BEFORE UPDATE ON events \
             FOR EACH ROW EXECUTE FUNCTION broken()",
            orgs[0].0
        ),
    );
    assert_eq!(store.number_events().unwrap(), 1);
    let heads = orgs.map(|org| read(&store, org, |tx| tx.feed_head()));
    assert_eq!(heads, [0, 1]);
    // Then it is told.
    assert!(store.number_events().is_err());
}
