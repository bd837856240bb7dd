//! Who calls: from the text of a key to a verified [`Caller`].

use std::sync::Arc;

use domain::key::{Kind, Token};

use crate::{
    App, Caller, Error, Result,
    error::Code,
    port::{Millis, instance::KeyRow},
};

impl App {
    /// The caller, if this key was verified here before and its row was looked at lately. Does no
    /// I/O and never runs argon2, so it may be called anywhere.
    pub fn recognize(&self, token: &Token) -> Option<Caller> {
        let row = self.keys.peek(&token.id.to_string(), self.clock.ticks())?;
        let good = is_good(&row, token.kind, self.clock.now()) && self.hasher.knows(token, &row);
        good.then(|| caller(&row))
    }

    /// The caller. May read the store and run argon2; call it where blocking is allowed.
    ///
    /// # Errors
    /// The same refusal whatever is wrong with the key; the store is away.
    pub fn authenticate(&self, token: &Token) -> Result<Caller> {
        let id = token.id.to_string();
        let row = self.keys.get(&id, self.clock.ticks(), || {
            Ok::<_, Error>(self.store.instance().key(&id)?.map(Arc::new))
        })?;
        let Some(row) = row.filter(|row| is_good(row, token.kind, self.clock.now())) else {
            self.hasher.pretend(token);
            return Err(unauthenticated());
        };
        if self.hasher.knows(token, &row) || self.hasher.verify(token, &row)? {
            return Ok(caller(&row));
        }
        Err(unauthenticated())
    }
}

/// The one refusal for a missing, malformed, unknown, wrong, expired or revoked key.
pub fn unauthenticated() -> Error {
    Error::new(
        Code::Unauthenticated,
        "Send a valid API key as `Authorization: Bearer rc_…`; this one is missing, wrong, expired \
         or revoked.",
    )
}

fn is_good(row: &KeyRow, kind: Kind, now: Millis) -> bool {
    row.kind == kind && row.revoked.is_none() && row.expires.is_none_or(|end| now < end)
}

fn caller(row: &KeyRow) -> Caller {
    Caller {
        key: row.id.clone(),
        kind: row.kind,
        org: row.org,
    }
}
