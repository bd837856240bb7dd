//! Lanes for changes where each holds a thread and a connection while it waits for the lock of its
//! organization: one whose lock somebody holds fills its own lanes and nobody else's, and reads always
//! find threads and connections left.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::OrgId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Organizations that are remembered although nothing of theirs runs or waits.
const REMEMBERED: usize = 1_000;

/// How many changes run at once: of each organization, and in all.
pub(crate) struct Lanes {
    of_each: usize,
    /// How many of one organization may run and wait.
    inside: usize,
    all: Arc<Semaphore>,
    /// A handle for each change that runs or waits, and the one here.
    own: Mutex<HashMap<OrgId, Arc<Semaphore>>>,
}

/// A lane for one change; given back when dropped.
pub(crate) struct Lane {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Lanes {
    /// Of so many connections three quarters are for changes, and half for those of one organization;
    /// of so many that may run and wait in all, half are for one.
    pub(crate) fn new(connections: usize, inside: usize) -> Lanes {
        Lanes {
            of_each: (connections / 2).max(1),
            inside: (inside / 2).max(1),
            all: Arc::new(Semaphore::new((connections - connections / 4).max(1))),
            own: Mutex::default(),
        }
    }

    /// Waits for a lane; none where too many of the organization run and wait already.
    pub(crate) async fn enter(&self, org: OrgId) -> Option<Lane> {
        // Its own first: whoever waits for that holds nothing that others wait for.
        let own = self.of_org(org)?.acquire_owned().await.ok()?;
        let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some(Lane {
            _own: own,
            _all: all,
        })
    }

    fn of_org(&self, org: OrgId) -> Option<Arc<Semaphore>> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.len() >= REMEMBERED {
            own.retain(|_, lanes| Arc::strong_count(lanes) > 1);
        }
        let made = || Arc::new(Semaphore::new(self.of_each));
        let lanes = own.entry(org).or_insert_with(made);
        (Arc::strong_count(lanes) <= self.inside).then(|| Arc::clone(lanes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::rt::task::yield_now;

    /// The lanes of these organizations that are free at once.
    async fn free(lanes: &Lanes, orgs: &[i64]) -> Vec<Lane> {
        let mut entered = Vec::new();
        for org in orgs {
            tokio::select! {
                biased;
                lane = lanes.enter(OrgId(*org)) => entered.extend(lane),
                () = yield_now() => {}
            }
        }
        entered
    }

    #[actix_web::test]
    async fn an_organization_takes_half_and_changes_three_quarters() {
        let lanes = Lanes::new(8, 100);
        let first = free(&lanes, &[1; 9]).await;
        assert_eq!(first.len(), 4);
        let second = free(&lanes, &[2, 2, 2]).await;
        assert_eq!(second.len(), 2, "the rest is for reads");
        drop(first);
        assert_eq!(free(&lanes, &[2, 2, 2, 3, 3]).await.len(), 4);
    }

    #[actix_web::test]
    async fn the_smallest_has_a_lane_and_a_queue_has_an_end() {
        let lanes = Lanes::new(1, 4);
        let only = free(&lanes, &[1]).await;
        assert_eq!(only.len(), 1);
        let waiting = lanes.enter(OrgId(1));
        let beyond = async {
            yield_now().await;
            lanes.enter(OrgId(1)).await.is_none()
        };
        tokio::select! {
            biased;
            _ = waiting => panic!("there is one lane"),
            full = beyond => assert!(full, "two are half of four"),
        }
    }

    #[actix_web::test]
    async fn organizations_that_rest_are_forgotten() {
        let lanes = Lanes::new(8, 8);
        let busy = free(&lanes, &[0]).await;
        for org in 1..5_000 {
            drop(free(&lanes, &[org]).await);
        }
        let remembered = lanes.own.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(remembered.len() <= REMEMBERED && remembered.contains_key(&OrgId(0)));
        drop(busy);
    }
}
