//! Random filters, orders and pages over random resources: a store answers what the evaluator
//! answers over the same documents, whatever of it an index, a column or a document decides.
//!
//! Every hundred queries have a data set of their own: an organization with some forty users and a
//! dozen groups, in which every attribute of the registry has values (two extensions bring the
//! types that the RFC's schemas lack). A query names any attribute, in any notation; a part of
//! them asks for both resource types at once, as a query at the root does. Its answer is compared
//! with the evaluator's: one random page, a walk by index, and a walk by cursor, each place of
//! which goes through the text of a cursor.
//!
//! `ROLECALL_QUERIES` says how many (2,000 unless set), `ROLECALL_QUERIES_SEED` where to begin.

mod body;
mod check;
mod data;
mod names;
mod text;
mod values;

use scim::Kind;

use super::random::Random;
use super::world::World;
use super::{Factory, from_environment};
use check::{Query, Reach};
use data::Data;
use names::Names;

/// Queries that share a data set.
const EACH: usize = 100;

/// From how many queries on every attribute has to have been asked for.
const ENOUGH: usize = 2_000;

/// Asks them all.
///
/// # Panics
/// Where an answer differs: with the number of the data set, the query, and what is missing or too
/// much.
pub fn run(factory: Factory<'_>) {
    let queries = from_environment("ROLECALL_QUERIES", 2_000);
    let first = from_environment("ROLECALL_QUERIES_SEED", 1);
    let names = Names::new();
    let mut reach = Reach::default();
    let mut world = World::new(factory);
    for set in 0..queries.div_ceil(EACH) {
        let seed = first + set;
        if set > 0 {
            world = world.other(&format!("set-{seed}"));
        }
        let mut random = Random::apart(seed as u64);
        let data = Data::draw(&names, &mut random);
        data.store(&world);
        let rows = check::Rows::read(&world);
        for number in 0..EACH.min(queries - set * EACH) {
            let query = Query::draw(&names, &data, &mut random);
            if let Err(why) = check::check(&world, &rows, &query, &mut reach) {
                panic!("data set {seed}, query {number}: {query}\n{why}");
            }
        }
    }
    tell(queries, &reach);
    reach.must_be_wide(queries >= ENOUGH, &names);
}

#[expect(
    clippy::print_stderr,
    reason = "shown with a failure, or where output is asked for"
)]
fn tell(queries: usize, reach: &Reach) {
    eprintln!("{queries} queries: {reach}");
}

/// Whether a query is about both resource types.
fn is_one(kinds: &[Kind]) -> bool {
    kinds.len() == 1
}
