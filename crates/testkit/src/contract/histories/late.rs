//! What a large organization leaves to the worker ends as it would in a small one.

use std::sync::Arc;

use app::{error::Code, port::Store};
use domain::{Preset, State, UserId};
use serde_json::{Value, json};

use super::{Site, app_with, busy_app};

/// What an administrator or the identity provider does between a user's leaving the last mapped
/// group and the worker.
const BETWEEN: [&[Step]; 4] = [
    // A rule comes and goes.
    &[Step::Map(&["a", "b"]), Step::Map(&["a"])],
    // A group that a rule waits for gets its name, and the rule goes.
    &[Step::Map(&["a", "c"]), Step::Name("c"), Step::Map(&["a"])],
    // The mark is there already for another reason when the rule comes.
    &[Step::Unmarked, Step::Map(&["a", "b"]), Step::Map(&["a"])],
    // Nothing takes the user back in.
    &[Step::Map(&["a", "c"]), Step::Map(&["a"])],
];

#[derive(Clone, Copy, Debug)]
enum Step {
    /// These groups give the role `admin`.
    Map(&'static [&'static str]),
    /// The group in which the user stays is called this from now on.
    Name(&'static str),
    /// A change of policies that concerns everybody and changes nothing for the user.
    Unmarked,
}

/// A user leaves the last mapped group; before the worker comes by, a rule gives a new candidate and
/// is taken away again. A small organization, where the change itself resolves the user, takes the
/// user back in, and so does a large one.
///
/// # Panics
/// Where the two differ.
pub fn a_candidate_comes_and_goes_before_the_worker(store: &Arc<dyn Store>) {
    for (number, steps) in BETWEEN.iter().enumerate() {
        let small = Site::new(store, &format!("small-{number}"), Preset::Plain);
        let large = Site::on(&busy_app(store), &format!("large-{number}"), Preset::Plain)
            .crowded()
            .expect("a crowd must fit in");
        let [few, many] = [small, large].map(|site| (state(&site, steps), site));
        assert_eq!(few.0, many.0, "{steps:?}");
        let taken_in = number + 1 < BETWEEN.len();
        assert_eq!(few.0 == State::Active, taken_in, "{steps:?}");
    }
}

/// A change of rules works off departures before it, but not so many that everybody waits: beyond
/// that it is refused, changes nothing, and succeeds once the worker was there.
///
/// # Panics
/// Where it is taken, or not taken later.
pub fn a_change_waits_for_a_bounded_number_of_departures(store: &Arc<dyn Store>) {
    let site = Site::on(&app_with(store, 1), "bounded", Preset::Plain);
    let made = "everything here is right";
    let policies = json!({"policies": {"when_unmapped": "deactivated"}});
    site.patch_settings(policies).expect(made);
    let users = (0..22).map(|number| {
        let user = site.create_user(json!({"userName": format!("u{number}")}));
        json!({"value": user.expect(made).row.id})
    });
    let body = json!({"displayName": "a", "members": users.collect::<Vec<_>>()});
    let group = site.create_group(body).expect(made).row.id;
    site.put_mapping(mapping(&["a"])).expect(made);
    site.drain().expect(made);
    site.delete_group(group).expect(made);
    let before = site.mapping().expect(made);
    let refused = site
        .put_mapping(mapping(&["b"]))
        .expect_err("too many left");
    assert_eq!(refused.code(), Code::Unavailable);
    let after = site.mapping().expect(made);
    assert_eq!(after.version, before.version);
    site.drain().expect(made);
    site.put_mapping(mapping(&["b"])).expect(made);
}

/// Where the user ends.
fn state(site: &Site, steps: &[Step]) -> State {
    let made = "everything here is right";
    let policies = json!({"policies": {"when_unmapped": "deactivated"}});
    site.patch_settings(policies).expect(made);
    let user = site.create_user(json!({"userName": "ann"})).expect(made);
    let user = user.row.id;
    let group = |name: &str| {
        let body = json!({"displayName": name, "members": [{"value": user}]});
        site.create_group(body).expect(made).row.id
    };
    let (left, stays) = (group("a"), group("b"));
    site.put_mapping(mapping(&["a"])).expect(made);
    site.drain().expect(made);
    let path = format!("members[value eq \"{user}\"]");
    let leave = json!([{"op": "remove", "path": path}]);
    site.patch_group(left, leave).expect(made);
    assert_eq!(now(site, user), State::Deactivated);
    for step in steps {
        match step {
            Step::Map(groups) => drop(site.put_mapping(mapping(groups)).expect(made)),
            Step::Name(name) => {
                let ops = json!([{"op": "replace", "path": "displayName", "value": name}]);
                site.patch_group(stays, ops).expect(made);
            }
            Step::Unmarked => {
                let policies = json!({"policies": {"projects_by_workspace": "off"}});
                site.patch_settings(policies).expect(made);
            }
        }
    }
    let read = now(site, user);
    site.drain().expect(made);
    assert_eq!(
        now(site, user),
        read,
        "the worker changes nothing that was read"
    );
    read
}

fn now(site: &Site, user: UserId) -> State {
    site.access(user).expect("the user is there").access.state
}

fn mapping(groups: &[&str]) -> Value {
    let rule = |group: &&str| json!({"group": group, "role": "admin"});
    json!({"organization": groups.iter().map(rule).collect::<Vec<_>>()})
}
