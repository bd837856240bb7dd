//! Who calls: from the text of a key to a verified [`Caller`].

use std::{net::IpAddr, sync::Arc};

use domain::key::Token;

use crate::{
    App, Caller, Error, Result,
    error::Code,
    port::{
        Millis,
        keys::{Hash, KeyRow},
    },
};

/// From where and with what a key is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visit<'a> {
    /// The client's address, where it is known.
    pub from: Option<IpAddr>,
    /// The client's `User-Agent`.
    pub agent: Option<&'a str>,
}

/// What can be said of a key without argon2.
#[derive(Debug)]
pub enum Candidate {
    /// It was verified before.
    Known(Caller),
    /// Its row is good; only argon2 can tell whether its secret is.
    Unproven(Arc<KeyRow>),
    /// Whatever its secret, it opens nothing.
    Hopeless,
}

impl App {
    /// The caller, if this key was verified here before and its row was looked at lately. Does no
    /// I/O and never runs argon2, so it may be called anywhere.
    pub fn recognize(&self, token: &Token, visit: &Visit<'_>) -> Option<Caller> {
        let row = self.keys.peek(&token.id.to_string(), self.clock.ticks())?;
        self.known(token, &row, visit)
    }

    /// What there is to know of a key without running argon2. May read the store; call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// The store is away.
    pub fn candidate(&self, token: &Token, visit: &Visit<'_>) -> Result<Candidate> {
        let id = token.id.to_string();
        let row = self.keys.get(&id, self.clock.ticks(), || {
            Ok::<_, Error>(self.store.instance().key(&id)?.map(Arc::new))
        })?;
        let now = self.clock.now();
        let Some(row) = row.filter(|row| flaw(row, token, visit.from, now).is_none()) else {
            self.hasher.pretend(token);
            return Ok(Candidate::Hopeless);
        };
        Ok(match self.known(token, &row, visit) {
            Some(caller) => Candidate::Known(caller),
            None => Candidate::Unproven(row),
        })
    }

    /// The caller behind a key that [`App::candidate`] could not tell, by argon2: once for each of
    /// its secrets at the most. Blocks for tens of milliseconds, and writes the first use of a secret
    /// that replaced another one.
    ///
    /// # Errors
    /// [`unauthenticated`]; the stored hash is unreadable.
    pub fn prove(&self, token: &Token, row: &KeyRow, visit: &Visit<'_>) -> Result<Caller> {
        if let Some(caller) = self.proved(token, row, visit)? {
            return Ok(caller);
        }
        // Another process may have rotated the key since its row was read here.
        let fresh = self.store.instance().key(&row.id)?;
        let now = self.clock.now();
        let turned = fresh
            .filter(|fresh| fresh.phc != row.phc && flaw(fresh, token, visit.from, now).is_none());
        let Some(turned) = turned else {
            return Err(unauthenticated());
        };
        self.keys.remove(&row.id);
        self.proved(token, &turned, visit)?
            .ok_or_else(unauthenticated)
    }

    fn proved(&self, token: &Token, row: &KeyRow, visit: &Visit<'_>) -> Result<Option<Caller>> {
        for hash in row.hashes(self.clock.now()) {
            if self.hasher.verify(token, hash)? {
                let caller = self.let_in(row, hash, visit);
                self.confirm(row, hash);
                return Ok(Some(caller));
            }
        }
        Ok(None)
    }

    /// Writes at once that a secret which replaced another one is in use: another process that
    /// rotates the key would take it for lost and drop it. Once for each rotation and process.
    fn confirm(&self, row: &KeyRow, hash: Hash<'_>) {
        let replaced = row.old_secret(self.clock.now()).is_some();
        if !replaced || row.confirmed.is_some() || hash.phc != row.phc {
            return;
        }
        if let Err(error) = self.uses.write(self) {
            tracing::warn!(%error, "that a new secret is in use is written later: the store is away");
        }
    }

    fn known(&self, token: &Token, row: &KeyRow, visit: &Visit<'_>) -> Option<Caller> {
        let now = self.clock.now();
        if flaw(row, token, visit.from, now).is_some() {
            return None;
        }
        let hash = row
            .hashes(now)
            .find(|hash| self.hasher.knows(token, *hash))?;
        Some(self.let_in(row, hash, visit))
    }

    fn let_in(&self, row: &KeyRow, hash: Hash<'_>, visit: &Visit<'_>) -> Caller {
        self.uses.note(hash, visit, self.clock.now());
        Caller {
            key: row.id.clone(),
            kind: row.kind,
            org: row.org,
        }
    }
}

/// The one refusal for a missing, malformed, unknown, wrong, expired or revoked key, and for one
/// that may not be used from there.
pub fn unauthenticated() -> Error {
    Error::new(
        Code::Unauthenticated,
        "Send a valid API key as `Authorization: Bearer rc_…`; this one is missing, wrong, expired, \
         revoked or not for use from this address.",
    )
}

/// What is wrong with a key, for those who may see its row. The client is never told.
pub fn why_refused(row: &KeyRow, token: &Token, from: Option<IpAddr>, now: Millis) -> &'static str {
    flaw(row, token, from, now).unwrap_or("The key's secret is wrong.")
}

/// What no secret could mend.
fn flaw(row: &KeyRow, token: &Token, from: Option<IpAddr>, now: Millis) -> Option<&'static str> {
    if row.kind != token.kind {
        Some("The key is of another kind than it says.")
    } else if row.revoked.is_some() {
        Some("The key is revoked.")
    } else if row.hashes(now).next().is_none() {
        Some("The key has expired.")
    } else if !row.allows(from) {
        Some("The key may not be used from this address.")
    } else {
        None
    }
}
