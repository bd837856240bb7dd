//! When keys are used: noted in memory on the way of every request, written in batches beside it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Visit;
use crate::{
    App, Result,
    port::{
        Millis,
        keys::{Hash, KeyUse, SecretUse},
    },
};

/// Times are whole minutes, so that a busy key is written once a minute.
const MINUTE: Millis = 60_000;
/// Longest `User-Agent` that is kept anywhere, in characters.
const LONGEST_AGENT: usize = 200;
/// Most secrets that are remembered; beyond it those that are written already are forgotten.
const MOST: usize = 20_000;

/// A `User-Agent` as it is kept: its first 200 characters.
pub fn cut_agent(agent: &str) -> String {
    agent.chars().take(LONGEST_AGENT).collect()
}

/// What was used since the last writing, by hash.
#[derive(Default)]
pub struct Uses {
    noted: Mutex<HashMap<String, Noted>>,
}

struct Noted {
    used: SecretUse,
    written: bool,
}

impl Uses {
    /// Notes a use. Allocates only at the first in a minute.
    pub(super) fn note(&self, hash: Hash<'_>, visit: &Visit<'_>, now: Millis) {
        let minute = now - now.rem_euclid(MINUTE);
        let mut noted = self.locked();
        let known = noted.get(hash.phc).map(|noted| noted.used.used.at);
        if known.is_some_and(|at| at >= minute) {
            return;
        }
        if noted.len() >= MOST {
            noted.retain(|_, noted| !noted.written);
            if noted.len() >= MOST {
                return;
            }
        }
        let used = SecretUse {
            id: hash.id.to_owned(),
            phc: hash.phc.to_owned(),
            used: KeyUse {
                at: minute,
                from: visit.from.map(|from| from.to_canonical().to_string()),
                agent: visit.agent.map(cut_agent),
            },
        };
        let written = false;
        noted.insert(hash.phc.to_owned(), Noted { used, written });
    }

    /// Notes the next use of a key's secrets in any case: after a rotation it says something that a
    /// use in the same minute before it did not.
    pub(super) fn begin_again(&self, key: &str) {
        self.locked()
            .retain(|_, noted| noted.used.id != key || !noted.written);
    }

    /// Writes what was noted since the last time; how much that was. What cannot be written is
    /// kept for the next time.
    ///
    /// # Errors
    /// The store is away.
    pub fn write(&self, app: &App) -> Result<usize> {
        let uses: Vec<SecretUse> = self
            .locked()
            .values()
            .filter(|noted| !noted.written)
            .map(|noted| noted.used.clone())
            .collect();
        if uses.is_empty() {
            return Ok(0);
        }
        app.store.instance().note_uses(&uses)?;
        let mut noted = self.locked();
        for used in &uses {
            // It may have been used in another minute meanwhile.
            if let Some(noted) = noted.get_mut(&used.phc).filter(|noted| noted.used == *used) {
                noted.written = true;
            }
        }
        Ok(uses.len())
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Noted>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
