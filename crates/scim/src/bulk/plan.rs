//! The order in which to run operations.
//!
//! An operation waits for the creations that it refers to, and for earlier operations on the same
//! resource; what waits for nothing keeps the order of the request. That keeps what the client
//! meant (RFC 7644 section 3.7): nothing is moved forward, and what is moved back stays behind
//! what it followed on its own resource.

mod components;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::{Bulk, Entry, Method};
use crate::error::Error;

/// One step of a plan; operations by their position in [`Bulk::entries`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Everything that it refers to was run: [`Operation::resolve`](super::Operation::resolve).
    Run(usize),
    /// Create it without what cannot be resolved yet:
    /// [`Operation::begin`](super::Operation::begin). A `Finish` follows.
    Begin(usize),
    /// Add what `Begin` left out: [`Deferred::patch`](super::Deferred::patch).
    Finish(usize),
    /// Answer this.
    Refuse(usize, Error),
}

impl Step {
    /// The operation's position.
    pub fn operation(&self) -> usize {
        match self {
            Step::Run(index)
            | Step::Begin(index)
            | Step::Finish(index)
            | Step::Refuse(index, _) => *index,
        }
    }
}

impl Bulk {
    /// The steps, each operation exactly once as `Run`, `Begin` or `Refuse`, and one `Finish` for
    /// each `Begin`.
    ///
    /// Creations that refer to each other are resolved where one of them can be created first
    /// and get its members or manager afterwards; otherwise they are refused with 409 (section
    /// 3.7.1). The cost is bounded by operations times references.
    pub fn plan(&self) -> Vec<Step> {
        let mut planner = Planner::new(&self.entries);
        planner.refuse_hard_circles();
        loop {
            while let Some(Reverse(index)) = planner.ready.pop() {
                planner.run(index);
            }
            match planner.first_of_circle() {
                Some(index) => planner.begin(index),
                None => return planner.steps,
            }
        }
    }
}

/// An operation waits for another one.
#[derive(Debug, Clone, Copy)]
struct Wait {
    on: usize,
    deferrable: bool,
}

struct Planner<'b> {
    entries: &'b [Entry],
    /// What each operation waits for.
    waits: Vec<Vec<Wait>>,
    /// Who waits for each operation.
    waiting: Vec<Vec<usize>>,
    /// How many of its waits are left.
    left: Vec<usize>,
    /// Whether the resource that it creates is there (or never will be).
    available: Vec<bool>,
    begun: Vec<bool>,
    refused: Vec<Option<Error>>,
    /// What may be run now, in the order of the request; nothing comes in twice.
    ready: BinaryHeap<Reverse<usize>>,
    queued: Vec<bool>,
    steps: Vec<Step>,
}

impl<'b> Planner<'b> {
    fn new(entries: &'b [Entry]) -> Planner<'b> {
        let waits = waits(entries);
        let count = entries.len();
        let mut waiting = vec![Vec::new(); count];
        for (index, waits) in waits.iter().enumerate() {
            for wait in waits {
                waiting[wait.on].push(index);
            }
        }
        let left: Vec<usize> = waits.iter().map(Vec::len).collect();
        let mut planner = Planner {
            entries,
            ready: BinaryHeap::new(),
            queued: vec![false; count],
            waits,
            waiting,
            left,
            available: vec![false; count],
            begun: vec![false; count],
            refused: entries
                .iter()
                .map(|entry| entry.operation.as_ref().err().cloned())
                .collect(),
            steps: Vec::with_capacity(count),
        };
        for index in (0..count)
            .filter(|&index| planner.left[index] == 0)
            .collect::<Vec<_>>()
        {
            planner.queue(index);
        }
        planner
    }

    fn queue(&mut self, index: usize) {
        if !std::mem::replace(&mut self.queued[index], true) {
            self.ready.push(Reverse(index));
        }
    }

    /// Creations in a circle of references none of which can be added later. They wait for
    /// nothing any more.
    fn refuse_hard_circles(&mut self) {
        let all: Vec<usize> = (0..self.entries.len()).collect();
        let hard = |index: usize| {
            let waits = self.waits[index].iter().filter(|wait| !wait.deferrable);
            waits.map(|wait| wait.on).collect()
        };
        let circles = components::of(&all, &hard);
        for index in circles
            .into_iter()
            .filter(|one| one.is_circle)
            .flat_map(|one| one.nodes)
        {
            self.refused[index] = Some(Error::new(
                409,
                "operations refer to each other by bulkId in a circle that cannot be resolved; \
                 only members of new groups and managers of new users can be added later",
            ));
            self.queue(index);
        }
    }

    fn run(&mut self, index: usize) {
        if self.begun[index] {
            self.steps.push(Step::Finish(index));
            self.release(index, |method| method != Some(Method::Post));
            return;
        }
        self.steps.push(match self.refused[index].clone() {
            Some(error) => Step::Refuse(index, error),
            None => Step::Run(index),
        });
        self.available[index] = true;
        self.release(index, |_| true);
    }

    /// Creations need only the id. What changes the new resource waits until it is finished, or
    /// the change would come before what it is meant to change.
    fn begin(&mut self, index: usize) {
        self.steps.push(Step::Begin(index));
        self.begun[index] = true;
        self.available[index] = true;
        self.release(index, |method| method == Some(Method::Post));
    }

    fn release(&mut self, index: usize, whom: impl Fn(Option<Method>) -> bool) {
        for position in 0..self.waiting[index].len() {
            let other = self.waiting[index][position];
            if whom(self.entries[other].method) {
                self.left[other] -= 1;
                if self.left[other] == 0 {
                    self.queue(other);
                }
            }
        }
    }

    /// When nothing is ready: the first creation of a circle that waits for deferrable references
    /// alone. There is one in the component that everything else waits for, because hard circles
    /// are gone.
    fn first_of_circle(&self) -> Option<usize> {
        let blocked: Vec<usize> = (0..self.entries.len())
            .filter(|&index| !self.available[index])
            .collect();
        let open = |index: usize| {
            let waits = self.waits[index]
                .iter()
                .filter(|wait| !self.available[wait.on]);
            waits.map(|wait| wait.on).collect()
        };
        let innermost = components::of(&blocked, &open).into_iter().next()?;
        let candidate = |&index: &usize| {
            let mut waits = self.waits[index]
                .iter()
                .filter(|wait| !self.available[wait.on]);
            waits.all(|wait| wait.deferrable)
        };
        innermost.nodes.into_iter().filter(candidate).min()
    }
}

/// References, and the order on one resource. Only creations are referred to, and only other
/// operations have a resource, so that circles are among creations.
fn waits(entries: &[Entry]) -> Vec<Vec<Wait>> {
    let mut creations: HashMap<&str, usize> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let (Some(Method::Post), Some(bulk_id)) = (entry.method, &entry.bulk_id) {
            creations.insert(bulk_id, index);
        }
    }
    let mut last = HashMap::new();
    let mut all = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let mut waits = Vec::new();
        if let Ok(operation) = &entry.operation {
            let creation = |reference: &super::Reference| {
                Some(Wait {
                    on: *creations.get(reference.bulk_id.as_str())?,
                    deferrable: reference.deferrable,
                })
            };
            waits.extend(operation.references().iter().filter_map(creation));
        }
        if let Some(resource) = &entry.resource
            && let Some(on) = last.insert(resource, index)
        {
            waits.push(Wait {
                on,
                deferrable: false,
            });
        }
        all.push(waits);
    }
    all
}
