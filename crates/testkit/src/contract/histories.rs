//! Random histories through the application's use cases, on any store.
//!
//! A history is some twenty requests of an identity provider, an administrator and the app, drawn
//! from a seed, after some that set the organization up. Beside the store runs a `model` that
//! knows users, groups in groups, members, rules at three levels, places, grants and policies as
//! plain sets, keeps what only history knows (who left, who waits, what is held) by the rules of
//! `domain`, and resolves everybody from scratch. After the steps the two must agree: what is read
//! at once, the facts behind it, what is stored once the worker ran, what explanations name as
//! winners, what a preview said before, what is told of the past, and what the feed tells. No
//! protected role goes vacant but by a deactivation or removal.
//!
//! In a crowded history a change resolves few users, and that many others are marked stale before
//! every change, so that it resolves them and leaves the users of the history to the worker, as it
//! would in a large organization. Seat limits and last holders, by which what one has turns on when others are
//! resolved, are left to the others.
//!
//! `ROLECALL_HISTORIES` says how many (2,000 unless set), `ROLECALL_HISTORIES_SEED` where to begin.

mod audit;
mod check;
mod feed;
mod late;
mod model;
mod op;
mod order;
mod play;
mod races;
mod reach;
mod site;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use app::port::{Clock, Millis, Store};

use crate::{QuickHasher, TestClock};
use op::Op;
use play::Played;
use reach::Reach;

pub use audit::audit;
pub use late::{
    a_candidate_comes_and_goes_before_the_worker, a_change_waits_for_a_bounded_number_of_departures,
};
pub use order::order_never_matters;
pub use races::{
    a_catalog_loses_a_role_while_it_is_granted, a_grant_is_made_while_the_hold_ends,
    a_group_is_renamed_while_a_rule_for_the_new_name_is_made, a_place_goes_while_it_is_given,
    a_plan_is_applied_while_members_change, a_rule_is_made_while_a_user_joins,
    a_user_is_deleted_while_it_is_added, a_user_is_granted_while_groups_change,
    a_user_joins_two_mapped_groups, a_user_signs_in_while_it_is_deactivated,
    equal_posts_make_one_user, groups_are_nested_while_users_join,
    many_leave_while_the_worker_resolves_them, two_cross_the_limit_of_seats,
    two_groups_trade_their_members, two_take_the_last_seat, two_units_take_the_last_two_holders,
};
pub use site::Site;

use super::{Factory, from_environment, random};

/// Requests in a history, after those that set its organization up.
const STEPS: usize = 20;

/// How many histories have to come by everything that they are there for.
const ENOUGH: usize = 2_000;

/// How histories are spread over stores.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many there are.
    pub histories: usize,
    /// How many share one store, each as an organization of its own.
    pub per_store: usize,
    /// How many run at once on a store.
    pub threads: usize,
    /// Whether the users of the history are left to the worker.
    pub crowded: bool,
}

impl Plan {
    /// As many histories as the environment asks for, spread like this.
    pub fn new(per_store: usize, threads: usize) -> Plan {
        Plan {
            histories: from_environment("ROLECALL_HISTORIES", 2_000),
            per_store,
            threads,
            crowded: false,
        }
    }

    /// A quarter of them, one after the other, crowded.
    pub fn crowded() -> Plan {
        let all = Plan::new(usize::MAX, 1);
        Plan {
            histories: all.histories.div_ceil(4),
            crowded: true,
            ..all
        }
    }
}

/// Plays them all.
///
/// # Panics
/// Where one does not hold: with its seed, what was wrong, and a shorter history in which
/// something is wrong too.
pub fn run(factory: Factory<'_>, plan: &Plan) {
    let first = from_environment("ROLECALL_HISTORIES_SEED", 1);
    let seeds: Vec<usize> = (first..first + plan.histories).collect();
    let mut reach = Reach::default();
    for seeds in seeds.chunks(plan.per_store.min(plan.histories.max(1))) {
        match batch(&factory(), seeds, plan) {
            Ok(reached) => reach.add(&reached),
            Err((seed, why)) => {
                let shorter = shrink(factory, seed, plan);
                panic!("history {seed}: {why}\n{shorter}");
            }
        }
    }
    tell(plan, &reach);
    let missed = reach.missed();
    let few = plan.crowded || plan.histories < ENOUGH;
    assert!(
        few || missed.is_empty(),
        "no history came by {missed:?}, only by {reach:#?}"
    );
}

#[expect(
    clippy::print_stderr,
    reason = "shown with a failure, or where output is asked for"
)]
fn tell(plan: &Plan, reach: &Reach) {
    eprintln!("{} histories came by {reach:#?}", plan.histories);
}

type Failed = (usize, String);

/// Histories that share a store, and at the end their feeds; what they came by.
fn batch(store: &Arc<dyn Store>, seeds: &[usize], plan: &Plan) -> Result<Reach, Failed> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let ended: Mutex<Vec<(usize, Result<Played, String>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let sequencer = (plan.threads > 1).then(|| {
            let app = app(store);
            let stop = &stop;
            scope.spawn(move || app::feed::run(&app, stop))
        });
        let players: Vec<_> = (0..plan.threads)
            .map(|_| {
                scope.spawn(|| {
                    let app = app_of(store, plan);
                    while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::SeqCst)) {
                        let played = play::play(&app, *seed, &ops(*seed), plan.crowded);
                        if played.is_err() {
                            next.store(seeds.len(), Ordering::SeqCst);
                        }
                        let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
                        ended.push((*seed, played));
                    }
                })
            })
            .collect();
        for player in players {
            player.join().expect("a history must not panic");
        }
        stop.store(true, Ordering::SeqCst);
        if let Some(sequencer) = sequencer {
            sequencer.join().expect("the sequencer must not panic");
        }
    });
    while store
        .number_events()
        .map_err(|error| (0, error.to_string()))?
        > 0
    {}
    let mut reach = Reach::default();
    for (seed, played) in ended.into_inner().unwrap_or_else(PoisonError::into_inner) {
        let told = played.and_then(|played| feed::check(&played).map(|()| played.reach));
        reach.add(&told.map_err(|why| (seed, why))?);
    }
    Ok(reach)
}

/// A millisecond passes whenever somebody looks, so that no two requests have the same time.
struct Passing(TestClock);

impl Clock for Passing {
    fn now(&self) -> Millis {
        self.0.advance(1)
    }

    fn ticks(&self) -> Millis {
        self.0.ticks()
    }
}

fn app(store: &Arc<dyn Store>) -> Arc<App> {
    app_with(store, app::access::AT_ONCE)
}

/// An application whose changes resolve so few users that a small crowd keeps them busy.
fn busy_app(store: &Arc<dyn Store>) -> Arc<App> {
    app_with(store, 6)
}

fn app_with(store: &Arc<dyn Store>, at_once: usize) -> Arc<App> {
    let made = App::new(
        Arc::clone(store),
        Arc::new(QuickHasher::new()),
        Arc::new(Passing(TestClock::new())),
    );
    let mut app = made.expect("the store must be there");
    app.at_once = at_once;
    Arc::new(app)
}

fn app_of(store: &Arc<dyn Store>, plan: &Plan) -> Arc<App> {
    if plan.crowded {
        busy_app(store)
    } else {
        app(store)
    }
}

fn ops(seed: usize) -> Vec<Op> {
    let mut random = random::Random::apart(seed as u64);
    let mut ops = Op::first(&mut random);
    ops.extend((0..STEPS).map(|_| Op::draw(&mut random)));
    ops
}

/// Leaves out halves, then quarters, then smaller parts, as long as something stays wrong.
fn shrink(factory: Factory<'_>, seed: usize, plan: &Plan) -> String {
    let fails = |ops: &[Op]| {
        let store = factory();
        let played = play::play(&app_of(&store, plan), seed, ops, plan.crowded);
        let _ = store.number_events();
        played.and_then(|played| feed::check(&played)).err()
    };
    let mut ops = ops(seed);
    let Some(mut why) = fails(&ops) else {
        return "alone it holds: it takes other histories beside it".to_owned();
    };
    let mut part = ops.len() / 2;
    while part > 0 {
        let mut from = 0;
        while from < ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(from..(from + part).min(ops.len()));
            if let Some(still) = fails(&fewer) {
                (ops, why) = (fewer, still);
            } else {
                from += part;
            }
        }
        part /= 2;
    }
    format!("a shorter one: {ops:#?}\n{why}")
}
