//! The threads beside the server: resolving what is stale, numbering events, forgetting what is old and what is gone,
//! and telling the provisioning log how long requests took.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use app::App;

use crate::failure::Failure;

type Work = fn(&Arc<App>, &AtomicBool);

/// Every worker: the thread's name, which its heartbeat has too, and what it does until the flag is
/// up.
const WORKERS: &[(&str, Work)] = &[
    ("access", app::access::worker::run),
    ("feed", app::feed::run),
    ("retention", app::retention::run),
    ("requests", app::requests::run),
    ("keys", app::keys::worker::run),
    ("audit", app::audit::worker::run),
    ("removal", app::orgs::clear::run),
];

/// Running workers.
pub(super) struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts one thread for each.
    ///
    /// # Errors
    /// The system has no thread left.
    pub(super) fn start(app: &Arc<App>) -> Result<Workers, Failure> {
        let mut workers = Workers {
            stop: Arc::new(AtomicBool::new(false)),
            threads: Vec::new(),
        };
        for (name, work) in WORKERS {
            if *name == "feed" && !app::feed::needed(app) {
                continue;
            }
            app.pulse.beat(name, app.clock.now());
            let (app_, stop) = (Arc::clone(app), Arc::clone(&workers.stop));
            let thread = thread::Builder::new().name((*name).to_owned());
            match thread.spawn(move || work(&app_, &stop)) {
                Ok(thread) => workers.threads.push(thread),
                Err(error) => {
                    workers.stop(app);
                    return Err(Failure::other(format!(
                        "the thread {name} cannot start: {error}"
                    )));
                }
            }
        }
        Ok(workers)
    }

    /// Raises the flag, wakes who sleeps, and waits for all.
    pub(super) fn stop(self, app: &App) {
        self.stop.store(true, Ordering::Release);
        app.nudge.raise();
        for thread in &self.threads {
            thread.thread().unpark();
        }
        for thread in self.threads {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            if thread.join().is_err() {
                tracing::error!(worker = name, "the worker had panicked");
            }
        }
    }
}
