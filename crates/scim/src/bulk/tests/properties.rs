//! Properties of the plan over random requests.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{bulk, group, user};
use crate::bulk::{Bulk, Method, Step};

/// An operation among `count`, which may refer to any of them.
fn operation(count: usize) -> impl Strategy<Value = Value> {
    let names = prop::collection::vec(0..count, 0..3);
    (0..9_u8, names, 0..3_u8).prop_map(|(shape, names, id)| {
        let names: Vec<String> = names.iter().map(|name| format!("bulkId:{name}")).collect();
        let members: Vec<&str> = names.iter().map(String::as_str).collect();
        let elements: Vec<Value> = names.iter().map(|name| json!({ "value": name })).collect();
        match shape {
            0..=2 => group("", &members),
            3 | 4 => user("", members.first().copied()),
            5 => json!({ "method": "POST", "path": "/Users", "data": { "roles": elements } }),
            6 => json!({ "method": "PATCH", "path": format!("/Groups/{id}"), "data": {
                "Operations": [{ "op": "add", "path": "members", "value": elements }] } }),
            7 => json!({ "method": "DELETE", "path": format!("/Users/{}",
                names.first().map_or("1", String::as_str)) }),
            _ => json!({ "method": "PUT", "path": format!("/Users/{id}") }),
        }
    })
}

fn request() -> impl Strategy<Value = Bulk> {
    (1_usize..9).prop_flat_map(|count| {
        prop::collection::vec(operation(count), count).prop_map(|mut operations| {
            for (index, operation) in operations.iter_mut().enumerate() {
                operation["bulkId"] = json!(index.to_string());
            }
            bulk(json!(operations))
        })
    })
}

/// Runs a plan as a server would, with ids instead of resources.
struct World<'b> {
    bulk: &'b Bulk,
    /// Operations whose resource is there.
    created: HashSet<usize>,
    /// Operations that were run, refused or begun.
    started: HashSet<usize>,
    ended: Vec<usize>,
}

impl World<'_> {
    /// Positions of what an operation refers to.
    fn references(&self, index: usize) -> Vec<(usize, bool)> {
        let operation = self.bulk.entries[index].operation.as_ref().unwrap();
        let position = |name: &str| name.parse::<usize>().unwrap();
        let references = operation.references().iter();
        references
            .map(|one| (position(&one.bulk_id), one.deferrable))
            .collect()
    }

    fn step(&mut self, step: &Step) {
        let index = step.operation();
        match step {
            Step::Finish(_) => {
                assert!(self.created.contains(&index), "finished before begun");
                for (other, _) in self.references(index) {
                    assert!(self.started.contains(&other), "finished too early");
                }
            }
            Step::Refuse(..) => assert!(self.started.insert(index), "twice"),
            Step::Run(_) => {
                for (other, _) in self.references(index) {
                    assert!(self.started.contains(&other), "{index} before {other}");
                }
                assert!(self.started.insert(index), "twice");
                self.created.insert(index);
            }
            Step::Begin(_) => {
                for (other, deferrable) in self.references(index) {
                    assert!(
                        deferrable || self.started.contains(&other),
                        "{index} before {other}"
                    );
                }
                assert!(self.started.insert(index), "twice");
                self.created.insert(index);
            }
        }
        if !matches!(step, Step::Begin(_)) {
            self.ended.push(index);
        }
    }
}

/// Whether a creation reaches itself over references that cannot be added later.
fn in_hard_circle(world: &World<'_>, start: usize) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![start];
    while let Some(index) = open.pop() {
        if world.bulk.entries[index].operation.is_err() {
            continue;
        }
        for (other, deferrable) in world.references(index) {
            if !deferrable && other == start {
                return true;
            }
            if !deferrable && seen.insert(other) {
                open.push(other);
            }
        }
    }
    false
}

proptest! {
    #[test]
    fn a_plan_has_every_operation_once_and_after_what_it_needs(bulk in request()) {
        let plan = bulk.plan();
        let mut world = World {
            bulk: &bulk,
            created: HashSet::new(),
            started: HashSet::new(),
            ended: Vec::new(),
        };
        for step in &plan {
            world.step(step);
        }
        let all: Vec<usize> = (0..bulk.entries.len()).collect();
        let mut ended = world.ended.clone();
        ended.sort_unstable();
        prop_assert_eq!(ended, all, "every operation ends once");
        for step in &plan {
            let index = step.operation();
            let entry = &bulk.entries[index];
            let expected = entry.operation.is_err()
                || entry.method == Some(Method::Post) && in_hard_circle(&world, index);
            prop_assert_eq!(matches!(step, Step::Refuse(..)), expected, "{}", index);
        }
    }

    #[test]
    fn operations_on_one_resource_stay_in_order(bulk in request()) {
        let order: Vec<usize> = bulk.plan().iter().map(Step::operation).collect();
        for (position, &index) in order.iter().enumerate() {
            let resource = &bulk.entries[index].resource;
            let same = |other: &&usize| resource.is_some() && bulk.entries[**other].resource == *resource;
            prop_assert!(order[position..].iter().filter(same).all(|other| *other >= index));
        }
    }

    #[test]
    fn without_references_the_order_is_the_one_of_the_request(
        methods in prop::collection::vec(0..3_u8, 1..20)
    ) {
        let operation = |(index, method): (usize, &u8)| match method {
            0 => user(&index.to_string(), None),
            1 => json!({ "method": "DELETE", "path": format!("/Users/{index}") }),
            _ => json!({ "method": "PUT", "path": "/Users/1", "data": {} }),
        };
        let operations: Vec<Value> = methods.iter().enumerate().map(operation).collect();
        let order: Vec<usize> = bulk(json!(operations)).plan().iter().map(Step::operation).collect();
        prop_assert_eq!(order, (0..methods.len()).collect::<Vec<_>>());
    }
}
