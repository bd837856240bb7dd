//! What is looked at while the server runs: the certificate's files, and the room on the disk.

use std::{
    path::PathBuf,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use app::port::{Clock, Millis};
use http::{Reload, Tls};

use crate::{
    clock::SystemClock,
    disk::{self, Reserve},
    failure::Failure,
    settings::Settings,
    wiring::file_of,
};

/// How often to look.
const EVERY: Duration = Duration::from_secs(5);
/// A certificate that ends sooner is told of in the log.
const SOON: Millis = 14 * 24 * 60 * 60 * 1_000;

/// The running thread.
pub(super) struct Watch {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// Looks once before anything is served, then again and again.
    ///
    /// # Errors
    /// The system has no thread left.
    pub(super) fn start(settings: &Settings, tls: Option<Tls>) -> Result<Watch, Failure> {
        let mut disk = file_of(&settings.database.url).map(|database| Disk {
            database: database.to_owned(),
            reserve: settings.reserve,
            was_full: false,
        });
        if let Some(tls) = &tls {
            warn_of_end(tls.ends());
        }
        if let Some(disk) = &mut disk {
            disk.look();
        }
        let (stop, stopped) = channel();
        let look = move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                if let Some(tls) = &tls {
                    reload(tls);
                }
                if let Some(disk) = &mut disk {
                    disk.look();
                }
            }
        };
        let thread = thread::Builder::new().name("watch".to_owned()).spawn(look);
        let thread = thread
            .map_err(|error| Failure::other(format!("the thread watch cannot start: {error}")))?;
        Ok(Watch { stop, thread })
    }

    /// Ends the thread.
    pub(super) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!(worker = "watch", "the worker had panicked");
        }
    }
}

/// The machine's time.
pub(super) fn now() -> Millis {
    SystemClock::new().now()
}

fn reload(tls: &Tls) {
    match tls.reload(now()) {
        Reload::Same => {}
        Reload::Changed(ends) => {
            tracing::info!("new connections get the new certificate");
            warn_of_end(ends);
        }
        Reload::Refused(fault) => tracing::error!(
            key = fault.key,
            "the new certificate is not taken, the one before goes on: {}",
            fault.detail
        ),
    }
}

fn warn_of_end(ends: Millis) {
    let left = ends - now();
    if left < SOON {
        let hours = left / 3_600_000;
        tracing::warn!(
            "the TLS certificate (http.tls_certificate) ends in {hours} hours: renew it"
        );
    }
}

struct Disk {
    database: PathBuf,
    reserve: u64,
    was_full: bool,
}

impl Disk {
    fn look(&mut self) {
        match disk::keep_reserve(&self.database, self.reserve) {
            Ok(Reserve::Made) if self.reserve > 0 => tracing::info!("the reserve file is made"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the reserve file cannot be made"),
        }
        let full = disk::nearly_full(&self.database, self.reserve).unwrap_or(false);
        if full && !self.was_full {
            let file = disk::reserve_of(&self.database);
            tracing::error!(
                "the database's disk is nearly full, and changes will be refused: free some room, \
                 or delete {} to gain a little for it",
                file.display()
            );
        }
        if !full && self.was_full {
            tracing::info!("there is room on the database's disk again");
        }
        self.was_full = full;
    }
}
