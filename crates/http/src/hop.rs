//! The one place that decides on which thread work runs.
//!
//! Everything behind HTTP is synchronous. A point read of a database in this process takes
//! microseconds and runs on the worker itself: a hop to another thread would cost more than the
//! read. A write goes to the store's own queue where it has one. All else (pages, member lists,
//! argon2, a database across the network, large bodies) runs on the blocking pool, a bounded
//! number at once, with a bounded number waiting for a bounded time; beyond that the answer is 503.
//! Changes that run there keep to their [`Lanes`], so that an organization whose lock somebody holds
//! keeps nobody else waiting.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use app::{
    App, Error, Result, Work,
    port::{Placement, StoreError},
};
use domain::OrgId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::Span;

use crate::{
    config::HttpConfig,
    lanes::{Lane, Lanes},
};

/// Up to this many bytes of body or answer are worked on by the worker itself.
pub(crate) const LIGHT: usize = 64 * 1024;

/// How long work waits for its turn before the answer is 503.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Runs work where it belongs.
pub(crate) struct Hop {
    app: Arc<App>,
    placement: Placement,
    /// Those that run and those that wait.
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
    /// None where changes go to the store's own queue.
    lanes: Option<Lanes>,
    /// How many may run, and how many may be there at all.
    most: (usize, usize),
}

impl Hop {
    pub(crate) fn new(app: Arc<App>, config: &HttpConfig) -> Hop {
        let running = config.blocking.max(1);
        let all = running.saturating_add(config.waiting);
        let placement = app.store.placement();
        let lanes = || Lanes::new(running.min(config.connections), all);
        Hop {
            placement,
            lanes: (!placement.queued_writes).then(lanes),
            app,
            admitted: Arc::new(Semaphore::new(all)),
            running: Arc::new(Semaphore::new(running)),
            most: (running, all),
        }
    }

    /// How many units run on the blocking pool, and how many wait for it.
    pub(crate) fn load(&self) -> (usize, usize) {
        let (running, all) = self.most;
        let running = running.saturating_sub(self.running.available_permits());
        let all = all.saturating_sub(self.admitted.available_permits());
        (running, all.saturating_sub(running))
    }

    /// A point read: one resource without its members, one user's access.
    pub(crate) async fn quick<T: Send + 'static>(&self, work: Work<T>) -> Result<T> {
        if self.placement.quick_reads && work.reads() {
            return self.hand_over(work).await;
        }
        self.run(work).await
    }

    /// A write, or a read that may take long.
    pub(crate) async fn run<T: Send + 'static>(&self, work: Work<T>) -> Result<T> {
        if self.placement.queued_writes && !work.reads() {
            return self.hand_over(work).await;
        }
        let changes = work.changes();
        let run = move |app: &App| work.wait(&*app.store);
        match changes {
            Some(org) => self.changing(org, run).await,
            None => self.blocking(run).await,
        }
    }

    /// Anything that may block and changes an organization.
    pub(crate) async fn changing<T: Send + 'static>(
        &self,
        org: OrgId,
        run: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let lane = self.lane(org).await?;
        self.blocking(move |app| {
            // Given back when the work ends, also where nobody waits for it any more.
            let _lane = lane;
            run(app)
        })
        .await
    }

    async fn lane(&self, org: OrgId) -> Result<Option<Lane>> {
        let Some(lanes) = &self.lanes else {
            return Ok(None);
        };
        let lane = in_time(lanes.enter(org)).await?;
        lane.map(Some).ok_or_else(full)
    }

    /// Anything that may block or compute for long.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permits = in_time(self.permits()).await??;
        let (app, span) = (Arc::clone(&self.app), Span::current());
        let task = tokio::task::spawn_blocking(move || {
            // Given back when the work ends, also where nobody waits for it any more.
            let _permits = permits;
            span.in_scope(|| catch_unwind(AssertUnwindSafe(|| run(&app))))
        });
        match task.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(lost()),
        }
    }

    /// Pure work on so many bytes: here where they are few, elsewhere where they are many.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        bytes: usize,
        run: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if bytes <= LIGHT {
            run()
        } else {
            self.blocking(move |_| run()).await
        }
    }

    /// Gives work to the store from this thread; the reply comes from wherever the store likes.
    async fn hand_over<T: Send + 'static>(&self, work: Work<T>) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        // A panic drops the sender, which the receiver reports.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            work.submit(&*self.app.store, move |answer| {
                // Nobody waits where the client went away; the work is done all the same.
                let _ = sender.send(answer);
            });
        }));
        receiver.await.unwrap_or_else(|_| Err(lost()))
    }

    async fn permits(&self) -> Result<[OwnedSemaphorePermit; 2]> {
        let admitted = Arc::clone(&self.admitted)
            .try_acquire_owned()
            .map_err(|_| full())?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| full())?;
        Ok([admitted, running])
    }
}

/// What is waited for, unless it takes too long.
async fn in_time<T>(waiting: impl Future<Output = T>) -> Result<T> {
    let waited = tokio::time::timeout(LONGEST_WAIT, waiting).await;
    waited.map_err(|_| full())
}

/// Too much waits already, or for too long.
fn full() -> Error {
    let cause = std::io::Error::other("the queue of blocking work is full");
    StoreError::Unavailable(Arc::new(cause)).into()
}

/// The work panicked; the panic hook has told the log where.
fn lost() -> Error {
    StoreError::Broken(Arc::new(std::io::Error::other("the work panicked"))).into()
}
