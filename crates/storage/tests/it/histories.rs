//! Random histories and races of the real use cases, on both databases.

use std::sync::Arc;

use app::port::Store;
use testkit::contract::histories::{self, Plan};

use crate::support::{QuickFiles, open};

fn postgres() -> Option<Arc<dyn Store>> {
    let url = testkit::postgres::fresh_database()?;
    Some(open(&url))
}

/// All histories in one database: several threads share its commits.
fn hold(store: impl Fn() -> Arc<dyn Store>) {
    histories::run(&store, &Plan::new(usize::MAX, 8));
}

fn hold_when_the_worker_has_to_finish(store: impl Fn() -> Arc<dyn Store>) {
    histories::run(&store, &Plan::crowded());
}

fn order_never_matters(store: impl Fn() -> Arc<dyn Store>) {
    histories::order_never_matters(&store);
}

const ROUNDS: usize = 200;

fn a_user_joins_two_mapped_groups(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_user_joins_two_mapped_groups(&store(), ROUNDS);
}

fn a_rule_is_made_while_a_user_joins(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_rule_is_made_while_a_user_joins(&store(), ROUNDS);
}

fn equal_names_make_one_user(store: impl Fn() -> Arc<dyn Store>) {
    histories::equal_posts_make_one_user(&store(), ROUNDS, false);
}

/// Every one of them takes the exclusive lock, which is why there are fewer rounds.
fn equal_emails_make_one_user(store: impl Fn() -> Arc<dyn Store>) {
    histories::equal_posts_make_one_user(&store(), ROUNDS / 4, true);
}

fn a_user_is_deleted_while_it_is_added(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_user_is_deleted_while_it_is_added(&store(), ROUNDS);
}

fn a_group_is_renamed_while_a_rule_is_made(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_group_is_renamed_while_a_rule_for_the_new_name_is_made(&store(), ROUNDS);
}

fn many_leave_while_the_worker_resolves_them(store: impl Fn() -> Arc<dyn Store>) {
    histories::many_leave_while_the_worker_resolves_them(&store());
}

/// Each of their rounds takes many requests.
const FEWER: usize = ROUNDS / 4;

fn a_user_is_granted_while_groups_change(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_user_is_granted_while_groups_change(&store(), FEWER);
}

fn a_place_goes_while_it_is_given(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_place_goes_while_it_is_given(&store(), FEWER);
}

fn a_catalog_loses_a_role_while_it_is_granted(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_catalog_loses_a_role_while_it_is_granted(&store(), FEWER);
}

fn two_units_take_the_last_two_holders(store: impl Fn() -> Arc<dyn Store>) {
    histories::two_units_take_the_last_two_holders(&store(), FEWER);
}

fn a_grant_is_made_while_the_hold_ends(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_grant_is_made_while_the_hold_ends(&store(), FEWER);
}

fn groups_are_nested_while_users_join(store: impl Fn() -> Arc<dyn Store>) {
    histories::groups_are_nested_while_users_join(&store(), FEWER);
}

fn a_plan_is_applied_while_members_change(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_plan_is_applied_while_members_change(&store(), FEWER);
}

fn two_take_the_last_seat(store: impl Fn() -> Arc<dyn Store>) {
    histories::two_take_the_last_seat(&store(), FEWER);
}

fn two_cross_the_limit_of_seats(store: impl Fn() -> Arc<dyn Store>) {
    histories::two_cross_the_limit_of_seats(&store(), FEWER);
}

fn a_user_signs_in_while_it_is_deactivated(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_user_signs_in_while_it_is_deactivated(&store(), FEWER);
}

fn a_candidate_comes_and_goes_before_the_worker(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_candidate_comes_and_goes_before_the_worker(&store());
}

fn a_change_waits_for_a_bounded_number_of_departures(store: impl Fn() -> Arc<dyn Store>) {
    histories::a_change_waits_for_a_bounded_number_of_departures(&store());
}

/// A test of each of these for each database.
macro_rules! on_both {
    ($($test:ident)+) => {
        mod on_sqlite {
            $(#[test] fn $test() {
                let files = super::QuickFiles::default();
                super::$test(|| files.open());
            })+
        }

        mod on_postgres {
            $(#[test] fn $test() {
                if super::postgres().is_none() {
                    return;
                }
                super::$test(|| super::postgres().unwrap());
            })+
        }
    };
}

on_both! {
    hold
    hold_when_the_worker_has_to_finish
    order_never_matters
    a_user_joins_two_mapped_groups
    a_rule_is_made_while_a_user_joins
    equal_names_make_one_user
    equal_emails_make_one_user
    a_user_is_deleted_while_it_is_added
    a_group_is_renamed_while_a_rule_is_made
    many_leave_while_the_worker_resolves_them
    a_user_is_granted_while_groups_change
    a_place_goes_while_it_is_given
    a_catalog_loses_a_role_while_it_is_granted
    two_units_take_the_last_two_holders
    a_grant_is_made_while_the_hold_ends
    groups_are_nested_while_users_join
    a_plan_is_applied_while_members_change
    two_take_the_last_seat
    two_cross_the_limit_of_seats
    a_user_signs_in_while_it_is_deactivated
    a_candidate_comes_and_goes_before_the_worker
    a_change_waits_for_a_bounded_number_of_departures
}
