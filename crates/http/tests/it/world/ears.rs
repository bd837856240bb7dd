//! Listens to the log of the whole suite at its most talkative level, and to every refusal: no secret
//! that any test uses may be in either.

use std::{
    io::{self, Write},
    sync::{Mutex, Once, PoisonError},
};

use testkit::secrets;
use tracing::Level;

static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTEN: Once = Once::new();

/// Searches each line and keeps none; notes what it found.
struct Ears(&'static Mutex<Vec<String>>);

impl Write for Ears {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(leak) = secrets::find(bytes) {
            let mut leaks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            leaks.push(leak);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Begins, where nobody listens yet. Tests that listen themselves go first on their thread.
pub(crate) fn listen() {
    LISTEN.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(Level::TRACE)
            .with_writer(|| Ears(&LEAKS))
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// A refusal tells no secret.
#[track_caller]
pub(crate) fn refusal(status: u16, text: &str) {
    if status >= 400 {
        assert_eq!(secrets::find(text.as_bytes()), None, "a secret in {status}");
    }
}

/// What was heard so far.
pub(crate) fn heard_nothing() {
    let leaks = LEAKS.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(
        leaks.is_empty(),
        "abuse 62: secrets in the log after {leaks:?}"
    );
}

#[test]
fn a_secret_in_the_log_is_heard() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    secrets::keep_password("spoken too loud");
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(Level::TRACE)
        .with_writer(|| Ears(&HEARD))
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        tracing::trace!("nothing");
        assert_eq!(HEARD.lock().unwrap().len(), 0);
        tracing::trace!("somebody has spoken too loud");
    });
    assert_eq!(HEARD.lock().unwrap().len(), 1);
}
