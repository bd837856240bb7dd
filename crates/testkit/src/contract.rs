//! What every store has to do, as one list of tests.
//!
//! [`suite`] is the list; an adapter's test runs it with a factory that gives a fresh, empty store:
//!
//! ```no_run
//! use std::sync::Arc;
//! use app::port::Store;
//!
//! rolecall_testkit::contract::run(&|| Arc::new(rolecall_testkit::MemoryStore::new()) as Arc<dyn Store>);
//! ```
//!
//! The tests speak to the port alone. Whatever they do not ask for is left to the adapter; the
//! races ask only how things end, never how fast or in which order they ran.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are tests")]

mod access;
mod answers;
mod audit;
mod counts;
mod events;
mod filters;
mod grants;
mod groups;
pub mod histories;
mod history;
mod holds;
mod instance;
mod job;
mod jobs;
mod keys;
mod members;
mod neighbors;
mod office;
mod places;
pub mod queries;
mod races;
mod random;
mod reads;
mod requests;
mod roster;
mod rules;
mod schemas;
mod search;
mod settings;
mod sorts;
mod units;
mod use_cases;
mod users;
mod world;

use std::sync::Arc;

use app::port::Store;

/// Gives a fresh, empty store.
pub type Factory<'a> = &'a dyn Fn() -> Arc<dyn Store>;

/// One test.
pub type Test = fn(&dyn Fn() -> Arc<dyn Store>);

macro_rules! tests {
    ($($module:ident: $($name:ident)+;)+) => {
        vec![$($((concat!(stringify!($module), "::", stringify!($name)), $module::$name as Test)),+),+]
    };
}

/// All tests, by name.
pub fn suite() -> Vec<(&'static str, Test)> {
    tests! {
        units: commit_and_read refused_leaves_nothing failed_leaves_nothing
            panicking_leaves_nothing a_stronger_lock_starts_again a_gone_organization_fails
            a_read_is_one_snapshot organizations_do_not_meet;
        users: are_kept_as_written user_names_are_unique update_replaces_keys
            delete_takes_everything several_at_once primary_emails;
        groups: are_kept_as_written names_are_unique update_and_touch
            delete_takes_memberships touching_groups_of_a_member;
        members: added_and_removed_once displays who_is_a_member groups_of_users
            groups_inside_groups many_at_once;
        rules: are_kept_in_order waiting_and_bound renamed give_at_three_levels;
        places: are_kept_in_order a_refused_place_is_nowhere deleting_takes_grants
            slugs_are_free_again users_at_a_place;
        grants: one_in_each_scope roles_and_users_are_counted;
        holds: are_placed_and_released;
        access: facts_join_rules results_are_replaced pages stale_marks deleted_users_are_gone
            marks_of_who_left marks_of_who_had_left explicit_rows_are_kept standing_is_a_fact;
        history: tells_the_last_row replaces_within_a_millisecond
            is_kept_in_the_order_of_writing tells_everybody_in_pages
            forgets_what_was_followed;
        counts: tell_what_is_stored seats_follow_every_change seats_that_move_at_once
            holders_in_pages losses_by_minute;
        jobs: are_started_and_finished are_at_most_a_hundred are_forgotten;
        requests: are_kept_as_written are_read_in_pages are_timed_later are_forgotten bodies_are_kept;
        reads: add_up are_found_in_pages are_forgotten;
        roster: in_pages by_hand;
        schemas: are_kept_as_written tell_who_has_data;
        audit: rows_are_kept_in_a_chain chains_do_not_meet many_at_once_are_one_chain
            a_known_head_is_asked_for;
        events: are_numbered_in_order are_read_in_pages large_ones_end_a_page
            are_numbered_in_order_under_concurrency are_forgotten_from_the_oldest_on;
        answers: are_kept_until_they_are_old are_forgotten_in_slices are_kept_once
            come_with_their_organization;
        settings: are_replaced_whole move_the_revision;
        instance: organizations deleting_an_organization the_secret_stays stale_organizations;
        keys: are_kept_as_written are_listed_oldest_first are_saved uses_are_noted
            those_that_end_are_found;
        search: users_as_the_evaluator groups_as_the_evaluator pages_are_stable
            totals_are_told_where_they_are_wanted;
        sorts: users_in_every_order groups_in_every_order missing_values_have_their_place;
        neighbors: stay_whole;
        races: joining_two_mapped_groups a_rule_while_its_group_is_joined
            equal_users_are_made_once equal_groups_are_made_once no_update_is_lost
            crossing_members_do_not_deadlock deleting_while_joining;
        use_cases: a_mapping_while_its_group_is_joined joining_two_mapped_groups
            unplanned_work_ends_as_recomputed;
    }
}

/// Runs the whole list and names every test that fails.
///
/// # Panics
/// Where any test fails.
pub fn run(factory: Factory<'_>) {
    let failed: Vec<&str> = suite()
        .into_iter()
        .filter_map(|(name, test)| {
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(factory)));
            ended.err().map(|_| name)
        })
        .collect();
    assert!(
        failed.is_empty(),
        "the store breaks the contract: {failed:?}"
    );
}

/// A whole number from the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but the environment"
)]
fn from_environment(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a whole number"))
    })
}
