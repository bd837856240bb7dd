//! What a request costs, in statements: flat, however much is stored.

use std::sync::Arc;

use app::port::groups::MemberKind;
use app::port::groups::NewMember;
use app::port::outbox::OutboxEvent;
use app::port::{Abort, Store, Tx};
use domain::{GroupId, OrgId, Preset, UserId};
use rolecall_storage::{Config, Database};
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

fn group(store: &Database, org: OrgId) -> GroupId {
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

/// Rows and entries of indexes that PostgreSQL has read for the statements of closed connections.
fn was_read(url: &str) -> i64 {
    let read = "SELECT CAST((SELECT sum(seq_tup_read) FROM pg_stat_user_tables) \
         + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes \
             WHERE indexrelname NOT LIKE 'events_%') AS bigint) AS count";
    count(url, read)
}

/// PostgreSQL keeps plans that it made while a table was small enough to be read whole.
#[test]
fn what_was_small_when_a_plan_was_made_is_not_read_whole() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let config = Config {
        connections: 1,
        ..Config::new(&url)
    };
    let store: Arc<dyn Store> = Arc::new(Database::open(&config).unwrap());
    let site = Site::new(&store, "acme", Preset::Plain);
    let create = |from: usize, to: usize| -> Vec<String> {
        let create = |number| {
            let name = format!("user{number}");
            let made = site.create_user(serde_json::json!({ "userName": name }));
            made.unwrap().row.id.to_string()
        };
        (from..to).map(create).collect()
    };
    let few = create(0, 60);
    let group = serde_json::json!({ "displayName": "Staff" });
    let group = site.create_group(group).unwrap().row.id;
    let change = |verb: &str, users: &[String]| {
        for users in users.chunks(5) {
            let members: Vec<_> = users
                .iter()
                .map(|id| serde_json::json!({"value": id}))
                .collect();
            let change = serde_json::json!([{ "op": verb, "path": "members", "value": members }]);
            site.patch_group(group, change).unwrap();
        }
    };
    change("add", &few);
    execute(&url, "ANALYZE");
    change("remove", &few);
    let many = create(60, 1_000);
    change("add", &many);
    change("remove", &many);
    drop((site, store));
    // Some thousand in all; to read a thousand users for each of 400 changes would be 400,000.
    let read = was_read(&url);
    assert!(read < 20_000, "{read} rows");
}
