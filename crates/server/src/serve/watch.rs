//! What is looked at while the server runs: the certificate's files, and the room on the disk.

mod certificate;
mod disk;

use std::{
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use http::Tls;

use crate::{failure::Failure, settings::Settings};
use certificate::Certificate;
use disk::Disk;

/// How often to look.
const EVERY: Duration = Duration::from_secs(5);

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
        let mut disk = Disk::of(settings);
        let mut certificate = tls.map(Certificate::new);
        if let Some(disk) = &mut disk {
            disk.look();
        }
        let (stop, stopped) = channel();
        let look = move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                if let Some(certificate) = &mut certificate {
                    certificate.look();
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
