//! Two connections at once, through the real use cases. Whatever the order was, what is stored in
//! the end is what follows from scratch, nothing is left marked, and nothing but the expected
//! refusals was answered.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use app::port::{Lock, Store};
use app::{Code, Error, groups};
use domain::{GroupId, Preset, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Site, audit};

mod given;
mod holders;
mod nesting;
mod plans;
mod seats;

pub use given::{
    a_catalog_loses_a_role_while_it_is_granted, a_place_goes_while_it_is_given,
    a_user_is_granted_while_groups_change,
};
pub use holders::{a_grant_is_made_while_the_hold_ends, two_units_take_the_last_two_holders};
pub use nesting::groups_are_nested_while_users_join;
pub use plans::a_plan_is_applied_while_members_change;
pub use seats::{
    a_user_signs_in_while_it_is_deactivated, two_cross_the_limit_of_seats, two_take_the_last_seat,
};

/// Runs so many threads that start together.
fn together(threads: usize, run: impl Fn(usize) + Sync) {
    let start = Barrier::new(threads);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (start, run) = (&start, &run);
            scope.spawn(move || {
                start.wait();
                run(thread);
            });
        }
    });
}

/// One attempt of a thread: it may be refused only in the ways that are expected.
fn expect<T>(answer: Result<T, Error>, refusals: &[Code]) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(error) if refusals.contains(&error.code()) => None,
        Err(error) => panic!("only {refusals:?} may be refused, but: {error:?}"),
    }
}

fn must<T>(answer: Result<T, Error>) -> T {
    expect(answer, &[]).expect("expect answers where nothing may be refused")
}

fn new_user(site: &Site, name: &str) -> UserId {
    must(site.create_user(json!({"userName": name}))).row.id
}

fn new_group(site: &Site, name: &str) -> GroupId {
    must(site.create_group(json!({"displayName": name}))).row.id
}

fn rules(rules: &[(&str, &str)]) -> Value {
    let one = |(group, role): &(&str, &str)| json!({"group": group, "role": role});
    json!({"organization": rules.iter().map(one).collect::<Vec<_>>()})
}

/// The state after a round.
fn settled(site: &Site, users: &[UserId]) {
    must(site.drain());
    let ids = users.to_vec();
    let (faults, stale) = must(site.read(move |tx| Ok((audit(tx, &ids)?, tx.anyone_stale()?))));
    assert_eq!(faults, Vec::<String>::new());
    assert!(!stale, "a mark is left after the worker ran");
}

/// The user ends with the higher role.
///
/// # Panics
/// Where it does not.
pub fn a_user_joins_two_mapped_groups(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "two-groups", Preset::Plain);
    let joined = [new_group(&site, "low"), new_group(&site, "high")];
    must(site.put_mapping(rules(&[("low", "member"), ("high", "admin")])));
    for round in 0..rounds {
        let user = new_user(&site, &format!("u{round}"));
        together(2, |thread| drop(must(site.join(joined[thread], user))));
        settled(&site, &[user]);
        assert_eq!(must(site.role(user)), "admin");
        // And out of both again, while a third request deactivates.
        together(3, |thread| {
            let path = format!("members[value eq \"{user}\"]");
            if let Some(group) = joined.get(thread) {
                let ops = json!([{"op": "remove", "path": path}]);
                drop(must(site.patch_group(*group, ops)));
            } else {
                let ops = json!([{"op": "replace", "value": {"active": false}}]);
                drop(must(site.patch_user(user, ops)));
            }
        });
        settled(&site, &[user]);
        assert_eq!(must(site.role(user)), "");
    }
}

/// Two mapped groups each get, by one replacement, the members that the other one had: nobody waits
/// for each other for ever, and everybody is where they were put.
///
/// # Panics
/// Where somebody is not.
pub fn two_groups_trade_their_members(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "trade", Preset::Plain);
    let names = ["low", "high"];
    let groups = names.map(|name| new_group(&site, name));
    must(site.put_mapping(rules(&[("low", "member"), ("high", "admin")])));
    let halves =
        ["a", "b"].map(|half| [0, 1, 2, 3].map(|n| new_user(&site, &format!("{half}{n}"))));
    for round in 0..rounds {
        let put = |thread: usize| {
            let half = halves[(thread + round) % 2];
            let members: Value = half.iter().map(|id| json!({"value": id})).collect();
            let body = json!({"displayName": names[thread], "members": members});
            drop(must(site.put_group(groups[thread], body)));
        };
        together(2, put);
        settled(&site, halves.as_flattened());
        for (place, user) in halves
            .iter()
            .enumerate()
            .flat_map(|(n, h)| h.map(|u| (n, u)))
        {
            let role = if place == round % 2 {
                "member"
            } else {
                "admin"
            };
            assert_eq!(must(site.role(user)), role);
        }
    }
}

/// The user ends with the rule's role.
///
/// # Panics
/// Where it does not.
pub fn a_rule_is_made_while_a_user_joins(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "rule-and-member", Preset::Plain);
    for round in 0..rounds {
        let name = format!("g{round}");
        let (user, group) = (
            new_user(&site, &format!("u{round}")),
            new_group(&site, &name),
        );
        together(2, |thread| match thread {
            0 => drop(must(site.join(group, user))),
            _ => drop(must(site.put_mapping(rules(&[(&name, "admin")])))),
        });
        settled(&site, &[user]);
        assert_eq!(must(site.role(user)), "admin");
    }
}

/// Fifty equal requests from eight threads: one makes the user, the others learn that it is there.
/// With `by_email` the names differ, and the organization tells its users apart by e-mail (D6).
///
/// # Panics
/// Where another number is made.
pub fn equal_posts_make_one_user(store: &Arc<dyn Store>, rounds: usize, by_email: bool) {
    let (slug, preset) = if by_email {
        ("equal-emails", Preset::Datasaur)
    } else {
        ("equal-names", Preset::Plain)
    };
    let site = Site::new(store, slug, preset);
    for round in 0..rounds {
        let (next, made) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        together(8, |_| {
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= 50 {
                    return;
                }
                let email = format!("Ann{round}@example.com");
                let name = if by_email {
                    format!("n{round}-{number}")
                } else {
                    email.clone()
                };
                let body = json!({"userName": name, "emails": [{"value": email}]});
                if let Some(user) = expect(site.create_user(body), &[Code::Taken]) {
                    made.lock().unwrap().push(user.row.id);
                }
            }
        });
        let made = made.into_inner().unwrap();
        assert_eq!(made.len(), 1, "fifty equal requests made {made:?}");
        let found = must(site.find_users(&format!("emails.value eq \"ann{round}@example.com\"")));
        assert_eq!(found, made);
        settled(&site, &made);
    }
}

/// Nothing of the user is left, whichever came first.
///
/// # Panics
/// Where something is.
pub fn a_user_is_deleted_while_it_is_added(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "deleted", Preset::Plain);
    let group = new_group(&site, "g");
    must(site.put_mapping(rules(&[("g", "admin")])));
    for round in 0..rounds {
        let user = new_user(&site, &format!("u{round}"));
        together(3, |thread| match thread {
            0 => drop(must(site.join(group, user))),
            1 => must(site.delete_user(user)),
            _ => {
                let ops = json!([{"op": "replace", "path": "title", "value": "Dr"}]);
                drop(expect(site.patch_user(user, ops), &[Code::NotFound]));
            }
        });
        settled(&site, &[user]);
        let members = must(site.read(move |tx| Ok(tx.member_ids(group)?)));
        assert_eq!(members, Vec::<Uuid>::new());
        assert_eq!(
            site.user(user).map_err(|error| error.code()).err(),
            Some(Code::NotFound)
        );
    }
}

/// The rule is bound to the group that has its name, and the member has the role.
///
/// # Panics
/// Where it is not.
pub fn a_group_is_renamed_while_a_rule_for_the_new_name_is_made(
    store: &Arc<dyn Store>,
    rounds: usize,
) {
    let site = Site::new(store, "renamed", Preset::Plain);
    for round in 0..rounds {
        let user = new_user(&site, &format!("u{round}"));
        let (old, new) = (format!("old{round}"), format!("new{round}"));
        let body = json!({"displayName": old, "members": [{"value": user}]});
        let group = must(site.create_group(body)).row.id;
        together(2, |thread| match thread {
            0 => {
                let ops = json!([{"op": "replace", "path": "displayName", "value": new}]);
                drop(must(site.patch_group(group, ops)));
            }
            _ => drop(must(site.put_mapping(rules(&[(&new, "admin")])))),
        });
        settled(&site, &[user]);
        assert_eq!(must(site.role(user)), "admin");
    }
}

/// More than a change resolves at once leave a group while the worker still resolves what an
/// earlier change left: nobody keeps what the group gave.
///
/// The change waits before its commit, up to half a second, for the worker to be through: a worker
/// that does not wait for the change's users resolves them from what was.
///
/// # Panics
/// Where somebody keeps it.
pub fn many_leave_while_the_worker_resolves_them(store: &Arc<dyn Store>) {
    let site = Site::new(store, "many-leave", Preset::Plain);
    let users: Vec<UserId> = (0..app::access::AT_ONCE + 50)
        .map(|number| new_user(&site, &format!("u{number}")))
        .collect();
    let members: Value = users.iter().map(|id| json!({"value": id})).collect();
    let group = must(site.create_group(json!({"displayName": "g", "members": members})))
        .row
        .id;
    // Leaves fifty of them to the worker.
    must(site.put_mapping(rules(&[("g", "admin")])));
    assert!(must(site.read(|tx| Ok(tx.anyone_stale()?))));
    let clear = must(site.group_patch(group, json!([{"op": "remove", "path": "members"}])));
    let (changed, wait_changed) = channel();
    let (through, wait_through) = channel();
    std::thread::scope(|scope| {
        let leaving = &site;
        scope.spawn(move || {
            let left = leaving.write(Lock::Shared, move |tx| {
                let reply = groups::patch(tx, &clear)?;
                changed.send(()).ok();
                wait(&wait_through);
                Ok(reply)
            });
            must(left);
        });
        wait_changed.recv().unwrap();
        must(site.drain());
        through.send(()).ok();
    });
    settled(&site, &users);
    for user in users {
        assert_eq!(must(site.role(user)), "member");
    }
}

fn wait(through: &Receiver<()>) {
    match through.recv_timeout(Duration::from_millis(500)) {
        Ok(()) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
    }
}
