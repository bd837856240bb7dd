//! Waiting for events without holding anything: no thread, no connection, no permit of the hop.
//!
//! Of all who wait in this process one takes the turn to look, every [`LOOK_EVERY`], for everybody
//! at once: one short read for each organization somebody waits for. When its own news has come or
//! its client has gone, the next one in line takes the turn. Nobody looks while nobody waits.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::{Scope, Work, port::Lock};
use domain::OrgId;
use tokio::sync::oneshot;

use crate::hop::Hop;

/// How many may follow or wait for events with one key, in this process.
pub(crate) const OF_A_KEY: usize = 100;
/// The same of all keys.
pub(crate) const OF_ALL: usize = 2_000;
/// How often there is a look at the feeds while somebody waits.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Those who wait for events, in every organization.
#[derive(Default)]
pub(crate) struct Newsroom {
    /// Held by the one who looks.
    turn: tokio::sync::Mutex<()>,
    waiting: Mutex<Waiting>,
    closed: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    readers: HashMap<u64, Reader>,
}

/// One who wants to know of events after a number.
struct Reader {
    org: OrgId,
    after: i64,
    wake: oneshot::Sender<()>,
}

impl Newsroom {
    /// Waits until the organization's feed has an event after this number, or for so long. That it
    /// returns does not promise an event: the caller reads the feed itself.
    pub(crate) async fn wait(&self, hop: &Hop, org: OrgId, after: i64, longest: Duration) {
        if self.is_closed() {
            return;
        }
        let (wake, news) = oneshot::channel();
        let _seat = self.sit_down(Reader { org, after, wake });
        let waiting = async {
            tokio::select! {
                _ = news => {}
                () = self.look_on(hop) => {}
            }
        };
        // Too late is an answer like any other.
        let _ = tokio::time::timeout(longest, waiting).await;
    }

    /// Sends everybody away who waits, and lets nobody wait any more: the server stops.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        for (_, reader) in self.waiting().readers.drain() {
            // They may have gone a moment ago.
            let _ = reader.wake.send(());
        }
    }

    /// Whether nobody waits any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// How many wait.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.waiting().readers.len()
    }

    fn sit_down(&self, reader: Reader) -> Seat<'_> {
        let mut waiting = self.waiting();
        waiting.next += 1;
        let ticket = waiting.next;
        waiting.readers.insert(ticket, reader);
        if self.closed.load(Ordering::Acquire) {
            // Closed since the look above: dropping the sender wakes the reader.
            waiting.readers.clear();
        }
        Seat { room: self, ticket }
    }

    /// Looks for everybody, for as long as this is polled and it is this one's turn.
    async fn look_on(&self, hop: &Hop) {
        let _turn = self.turn.lock().await;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let orgs = self.orgs();
            let look = hop.blocking(move |app| {
                let heads = orgs.into_iter().map(|org| {
                    let scope = Scope::operator(org);
                    let head = Work::new(&scope, Lock::Read, |tx| Ok(tx.feed_head()?));
                    Ok((org, head.wait(&*app.store)?))
                });
                heads.collect::<app::Result<Vec<_>>>()
            });
            match look.await {
                Ok(heads) => self.tell(&heads),
                // Whoever waits hears of it when they read for themselves in the end.
                Err(error) => tracing::debug!(%error, "nobody could look for events"),
            }
        }
    }

    /// The organizations that somebody waits for.
    fn orgs(&self) -> BTreeSet<OrgId> {
        let waiting = self.waiting();
        waiting.readers.values().map(|reader| reader.org).collect()
    }

    /// Wakes those for whom there is something, by the number given out last in each organization.
    fn tell(&self, heads: &[(OrgId, i64)]) {
        let mut waiting = self.waiting();
        for (org, head) in heads {
            let readers = waiting
                .readers
                .extract_if(|_, reader| reader.org == *org && reader.after < *head);
            for (_, reader) in readers {
                // They may have gone a moment ago.
                let _ = reader.wake.send(());
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among those who wait; given up when the request ends, however it does.
struct Seat<'r> {
    room: &'r Newsroom,
    ticket: u64,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.room.waiting().readers.remove(&self.ticket);
    }
}

#[cfg(test)]
mod tests;
