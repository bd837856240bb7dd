//! What a request costs, in statements: flat, however much is stored.

use std::sync::Arc;

use app::port::groups::MemberKind;
use app::port::groups::NewMember;
use app::port::outbox::OutboxEvent;
use app::port::{Abort, Store, Tx};
use domain::{GroupId, OrgId, Preset, UserId};
use scim::{Kind, Mode, Registry};
use testkit::contract::histories::Site;
use uuid::Uuid;

use crate::processes::{count, execute};
use crate::support::{End, open, org, read, urls, user, write};

fn member(id: Uuid) -> NewMember {
    NewMember {
        id,
        kind: MemberKind::User,
        display: None,
    }
}

fn group(store: &rolecall_storage::Database, org: OrgId) -> GroupId {
    let id = GroupId(Uuid::now_v7());
    let body = scim::json::parse(br#"{"displayName":"Everyone"}"#).unwrap();
    let incoming = scim::resource::read(&Registry::core(), Kind::Group, Mode::Lenient, body);
    let resource = incoming.unwrap().for_create().0;
    let row = app::representation::group_write(id, 1, 0, 0, &resource);
    let end = write(store, org, move |tx| {
        tx.insert_group(&row).map_err(Abort::Store)
    });
    assert_eq!(end, End::Committed);
    id
}

/// All that adding a member takes.
fn add_one(tx: &mut dyn Tx, group: GroupId, id: Uuid) -> Result<(), Abort> {
    let mut add = || {
        tx.settings()?;
        tx.group_for_update(group)?;
        tx.lock_members(&[id])?;
        tx.add_members(group, &[member(id)])?;
        tx.touch_group(group, 2, 1)?;
        tx.mark_stale(&[UserId(id)], false)?;
        tx.user_facts(&[UserId(id)])?;
        tx.append(vec![OutboxEvent {
            kind: "group.updated",
            subject: group.to_string(),
            at: 1,
            body: serde_json::json!({"added": [id]}).to_string(),
        }])
    };
    add().map_err(Abort::Store)
}

#[test]
fn adding_a_member_costs_the_same_in_a_small_and_in_a_large_group() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let group = group(&store, org);
        let mut costs = Vec::new();
        for size in [10, 100_000] {
            let many: Vec<_> = (0..size).map(|_| member(Uuid::now_v7())).collect();
            let filled = write(&store, org, move |tx| {
                tx.add_members(group, &many)
                    .map(|_| ())
                    .map_err(Abort::Store)
            });
            assert_eq!(filled, End::Committed);
            let ann = user(&format!("ann{size}"));
            let id = ann.row.id.0;
            let made = write(&store, org, move |tx| {
                tx.insert_user(&ann, domain::Standing::default())
                    .map_err(Abort::Store)
            });
            assert_eq!(made, End::Committed);
            // The settings are read once and kept.
            read(&store, org, |tx| tx.settings());
            let before = store.statements();
            assert_eq!(
                write(&store, org, move |tx| add_one(tx, group, id)),
                End::Committed
            );
            costs.push(store.statements() - before);
        }
        assert_eq!(costs[0], costs[1], "{url}");
        // BEGIN, the organization, and 8 calls of which three take several: the facts are of four
        // kinds; COMMIT.
        assert!(costs[0] <= 16, "{costs:?}");
    }
}

#[test]
fn removing_and_adding_many_is_a_statement_for_thousands() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let group = group(&store, org);
        let ids: Vec<Uuid> = (0..1_000).map(|_| Uuid::now_v7()).collect();
        let before = store.statements();
        let changed = write(&store, org, move |tx| {
            let members: Vec<_> = ids.iter().copied().map(member).collect();
            let added = tx.add_members(group, &members).map_err(Abort::Store)?;
            let removed = tx.remove_members(group, &ids).map_err(Abort::Store)?;
            assert_eq!((added.len(), removed.len()), (1_000, 1_000));
            Ok(())
        });
        assert_eq!(changed, End::Committed);
        // BEGIN, the organization, two changes, COMMIT.
        assert_eq!(store.statements() - before, 5);
    }
}

/// PostgreSQL keeps plans that it made while a table was small enough to be read whole.
#[test]
fn no_table_that_has_grown_is_read_whole() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store: Arc<dyn Store> = open(&url);
    let site = Site::new(&store, "acme", Preset::Plain);
    let create = |from: usize, to: usize| {
        for number in from..to {
            let name = format!("user{number}");
            site.create_user(serde_json::json!({ "userName": name }))
                .unwrap();
        }
    };
    create(0, 60);
    execute(&url, "ANALYZE");
    create(60, 400);
    drop((site, store));
    let read = "SELECT CAST(sum(seq_tup_read) AS bigint) AS count FROM pg_stat_user_tables \
                WHERE relname IN ('users', 'access', 'access_history', 'events', 'requests')";
    let read = count(&url, read);
    assert!(read < 400, "{read} rows");
}
