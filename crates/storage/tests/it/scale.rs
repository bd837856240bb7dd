//! A group of 100,000 members: what one more costs, and that the worker is in nobody's way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::App;
use app::access::{AT_ONCE, worker};
use app::port::Lock;
use app::port::Store;
use app::port::access::AccessWrite;
use app::port::groups::{MemberKind, NewMember};
use domain::{Access, GroupId, Preset, State, UserId};
use rolecall_storage::Database;
use serde_json::json;
use testkit::contract::histories::Site;
use uuid::Uuid;

use crate::support::{open, sqlite_url};

const MANY: usize = 100_000;
/// Users in one unit of work.
const BATCH: usize = 2_000;

#[test]
fn sqlite() {
    check(&open(&sqlite_url()));
}

#[test]
fn postgres() {
    if let Some(url) = testkit::postgres::fresh_database() {
        check(&open(&url));
    }
}

fn check(database: &Arc<Database>) {
    let store: Arc<dyn Store> = Arc::<Database>::clone(database);
    let site = Site::new(&store, "large", Preset::Plain);
    let [few, many] = ["few", "many"].map(|name| {
        let made = site.create_group(json!({"displayName": name})).unwrap();
        made.row.id
    });
    let users = fill(&site, many);
    for user in &users[..10] {
        site.join(few, *user).unwrap();
    }
    map_while_others_work(&site, few, &users);
    everybody_is_resolved(&site, &users);
    costs_are_the_same(database, &site, [few, many]);
}

/// Users and their memberships, by the port, in large batches.
fn fill(site: &Site, group: GroupId) -> Vec<UserId> {
    let mut all = Vec::with_capacity(MANY);
    for batch in 0..MANY / BATCH {
        let users: Vec<_> = (0..BATCH)
            .map(|number| crate::support::user(&format!("user-{batch}-{number}")))
            .collect();
        let ids: Vec<UserId> = users.iter().map(|user| user.row.id).collect();
        let access = Access {
            state: State::Active,
            ..Access::nothing()
        };
        let results: Vec<_> = ids
            .iter()
            .map(|id| AccessWrite {
                user: *id,
                before: None,
                after: access.clone(),
            })
            .collect();
        let members: Vec<_> = ids
            .iter()
            .map(|id| NewMember {
                id: id.0,
                kind: MemberKind::User,
                display: None,
            })
            .collect();
        let stored = site.write(Lock::Exclusive, move |tx| {
            let new = domain::Standing::default();
            users
                .iter()
                .try_for_each(|user| tx.insert_user(user, new))?;
            tx.save_access(&results)?;
            Ok(tx.add_members(group, &members)?.len())
        });
        assert_eq!(stored.unwrap(), BATCH);
        all.extend(ids);
    }
    all
}

/// The rules commit at once, and the rest is left to the worker. While it is at work, what is read
/// is right, and others write.
fn map_while_others_work(site: &Site, few: GroupId, users: &[UserId]) {
    let rules = json!({"organization": [
        {"group": "few", "role": "member"}, {"group": "many", "role": "admin"},
    ]});
    site.put_mapping(rules).unwrap();
    assert!(
        stale(site, users[AT_ONCE + 50]),
        "a change resolves {AT_ONCE} users by itself"
    );
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _end = End(&site.app, &stop);
        scope.spawn(|| worker::run(&site.app, &stop));
        let reader = scope.spawn(|| {
            for user in users.iter().rev().step_by(MANY / 100) {
                assert_eq!(site.role(*user).unwrap(), "admin");
            }
        });
        for number in 0..10 {
            let name = format!("later-{number}");
            let new = site.create_user(json!({"userName": name})).unwrap().row.id;
            site.join(few, new).unwrap();
            assert_eq!(site.role(new).unwrap(), "member");
        }
        reader.join().unwrap();
        // The worker has begun,
        while stale(site, users[AT_ONCE + 50]) {
            std::thread::yield_now();
        }
        // and is not through: those above did not wait for its end.
        assert!(
            stale(site, users[MANY - 1]),
            "the worker was done before the others"
        );
        assert_eq!(site.role(users[MANY - 1]).unwrap(), "admin");
        while site.read(|tx| Ok(tx.anyone_stale()?)).unwrap() {
            std::thread::yield_now();
        }
    });
}

/// Stops the worker, also where a check fails: the scope waits for it.
struct End<'a>(&'a App, &'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.1.store(true, Ordering::Release);
        self.0.nudge.raise();
    }
}

fn stale(site: &Site, user: UserId) -> bool {
    let rows = site.read(move |tx| Ok(tx.access(&[user])?)).unwrap();
    rows[0].stale
}

fn everybody_is_resolved(site: &Site, users: &[UserId]) {
    let rows = site
        .read(|tx| Ok(tx.access_page(None, 2 * MANY as u64)?))
        .unwrap();
    let resolved = rows.iter().filter(|row| {
        !row.stale
            && row
                .access
                .role
                .as_ref()
                .is_some_and(|role| role.as_str() == "admin")
    });
    let resolved: Vec<UserId> = resolved.map(|row| row.user).collect();
    // The ten who came later are in a group of the same role.
    assert!(
        resolved.starts_with(users) && resolved.len() == MANY + 10,
        "{} of {} have the role",
        resolved.len(),
        MANY + 10
    );
}

/// Statements for one member more and one less, in a small group and in the large one.
fn costs_are_the_same(database: &Database, site: &Site, groups: [GroupId; 2]) {
    let cost = |run: &dyn Fn()| {
        let before = database.statements();
        run();
        database.statements() - before
    };
    let new = site
        .create_user(json!({"userName": "one-more"}))
        .unwrap()
        .row
        .id;
    let remove = |group: GroupId, id: Uuid| {
        let path = format!("members[value eq \"{id}\"]");
        let ops = json!([{"op": "remove", "path": path}]);
        site.patch_group(group, ops).unwrap();
    };
    let costs = groups.map(|group| {
        let join = cost(&|| drop(site.join(group, new).unwrap()));
        let again = cost(&|| drop(site.join(group, new).unwrap()));
        let listed = json!([{"op": "remove", "path": "members", "value": [{"value": new}]}]);
        let leave = cost(&|| drop(site.patch_group(group, listed.clone()).unwrap()));
        site.join(group, new).unwrap();
        let filtered = cost(&|| remove(group, new.0));
        let document = site
            .read(move |tx| Ok(tx.group(group)?))
            .unwrap()
            .unwrap()
            .document;
        ([join, again, leave, filtered], document.contains("members"))
    });
    assert_eq!(
        costs[0], costs[1],
        "[join, join again, leave, leave by filter] at 10 and {MANY}"
    );
    assert!(!costs[0].1, "a document holds a list of members");
}
