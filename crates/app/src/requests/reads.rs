//! How often the identity provider reads. A read that succeeds has no row of its own in the log: it
//! is counted by key, route and minute, in memory first and for many at once in the store.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::OrgId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App, Result, Scope, Work,
    each::each,
    error::Code,
    port::{
        Lock, Millis, Tx,
        reads::{ReadCount, ReadSearch},
    },
    representation::time,
};

const MINUTE: Millis = 60_000;
/// How many keys, routes and minutes wait to be written at most; others are not counted meanwhile.
const MOST: usize = 50_000;

/// A route of an organization in a minute.
type Spot = (OrgId, Millis, &'static str);

/// What was counted since the last writing.
#[derive(Debug, Default)]
pub struct Reads {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    entries: usize,
    /// By key.
    counts: HashMap<Spot, HashMap<String, u64>>,
}

impl Waiting {
    /// Allocates only for the first one of its key, route and minute.
    fn add(&mut self, spot: Spot, key: &str, reads: u64) {
        let keys = self.counts.entry(spot).or_default();
        if let Some(known) = keys.get_mut(key) {
            *known += reads;
        } else if self.entries < MOST {
            self.entries += 1;
            keys.insert(key.to_owned(), reads);
        }
    }
}

/// What waits for one organization.
type Counted = Arc<Vec<(Spot, String, u64)>>;

impl Reads {
    /// Counts a read that succeeded.
    pub fn note(&self, org: OrgId, key: &str, route: &'static str, now: Millis) {
        let minute = now - now.rem_euclid(MINUTE);
        self.waiting().add((org, minute, route), key, 1);
    }

    /// What waits, in one order for all processes, so that none waits for another's rows crosswise.
    fn take(&self) -> BTreeMap<OrgId, Counted> {
        let counts = mem::take(&mut *self.waiting()).counts;
        let mut of_org: BTreeMap<OrgId, Vec<_>> = BTreeMap::new();
        for (spot, keys) in counts {
            let all = of_org.entry(spot.0).or_default();
            all.extend(keys.into_iter().map(|(key, reads)| (spot, key, reads)));
        }
        of_org
            .into_iter()
            .map(|(org, mut all)| {
                all.sort_unstable_by(|a, b| (a.0.1, &a.1, a.0.2).cmp(&(b.0.1, &b.1, b.0.2)));
                (org, Arc::new(all))
            })
            .collect()
    }

    fn put_back(&self, counted: &[(Spot, String, u64)]) {
        let mut waiting = self.waiting();
        for (spot, key, reads) in counted {
            waiting.add(*spot, key, *reads);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was counted: one unit of work for each organization. Where the store is away it is
/// kept for the next time; then this is false.
pub fn write_reads(app: &App) -> bool {
    let waiting = app.reads.take().into_iter();
    let waiting = waiting.map(|(org, counted)| (org, (org, counted)));
    each("reads are counted later", waiting, |(org, counted)| {
        let rows: Vec<ReadCount> = counted.iter().map(row).collect();
        let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
            Ok(tx.add_reads(&rows)?)
        });
        work.wait(&*app.store).inspect_err(|error| {
            if error.code() == Code::Unavailable {
                app.reads.put_back(&counted);
            }
        })
    })
}

fn row(((_, minute, route), key, reads): &(Spot, String, u64)) -> ReadCount {
    ReadCount {
        minute: *minute,
        key: key.clone(),
        route: Cow::Borrowed(route),
        reads: *reads,
    }
}

/// Counts as administrators see them: the same on the admin API and on the command line.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReadCount)]
pub struct ReadView {
    /// When the minute began.
    pub minute: String,
    /// The key, by its public id.
    pub key: String,
    /// The path below the mount as its template.
    pub route: String,
    /// How often it was read successfully.
    pub reads: u64,
}

impl ReadView {
    /// The view of a count.
    pub fn new(count: ReadCount) -> ReadView {
        ReadView {
            minute: time(count.minute),
            key: count.key,
            route: count.route.into_owned(),
            reads: count.reads,
        }
    }
}

/// Counts that fit, latest minute first.
///
/// # Errors
/// The store is away.
pub fn reads(tx: &mut dyn Tx, search: &ReadSearch, limit: u64) -> Result<Vec<ReadCount>> {
    Ok(tx.reads(search, limit)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_counted_by_key_route_and_minute() {
        let reads = Reads::default();
        let (one, two) = (OrgId(1), OrgId(2));
        for (org, key, route, at) in [
            (one, "b", "/Users", 60_000),
            (one, "a", "/Users", 119_999),
            (one, "a", "/Users", 60_000),
            (one, "a", "/Groups", 60_000),
            (one, "a", "/Users", 120_000),
            (two, "a", "/Users", 60_000),
        ] {
            reads.note(org, key, route, at);
        }
        let taken = reads.take();
        let of_one: Vec<_> = taken[&one].iter().map(row).collect();
        let short: Vec<_> = of_one
            .iter()
            .map(|count| (count.minute, &*count.key, &*count.route, count.reads))
            .collect();
        let wanted = [
            (60_000, "a", "/Groups", 1),
            (60_000, "a", "/Users", 2),
            (60_000, "b", "/Users", 1),
            (120_000, "a", "/Users", 1),
        ];
        assert_eq!(short, wanted);
        assert_eq!(taken[&two].len(), 1);
        assert!(reads.take().is_empty());
        reads.put_back(&taken[&one]);
        reads.note(one, "a", "/Users", 60_000);
        assert_eq!(reads.take()[&one][1].2, 3, "what came meanwhile is added");
    }

    #[test]
    fn what_waits_is_bounded() {
        let reads = Reads::default();
        for number in 0..=MOST {
            reads.note(OrgId(1), &number.to_string(), "/Users", 0);
        }
        reads.note(OrgId(1), "0", "/Users", 0);
        let taken = reads.take();
        assert_eq!(taken[&OrgId(1)].len(), MOST);
        assert_eq!(taken[&OrgId(1)][0].2, 2, "who is known goes on");
    }
}
