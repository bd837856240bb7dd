//! A hasher that takes no time, for tests that are not about argon2.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use app::port::Hasher;
use app::port::hasher::{HasherError, Minted};
use app::port::keys::Hash as Stored;
use domain::key::{self, KeyId, Kind, Secret, Token};
use uuid::Uuid;

/// What its hashes begin with, where a real one says which argon2 it is.
const PREFIX: &str = "$test$";

/// Mints real keys, hashes them with something weak, and counts what it is asked.
#[derive(Default)]
pub struct QuickHasher {
    /// Id, hash and epoch of what was verified.
    known: Mutex<BTreeSet<(String, String, i64)>>,
    verified: AtomicUsize,
    pretended: AtomicUsize,
}

impl QuickHasher {
    /// One that has verified nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How often [`Hasher::verify`] ran: what argon2 would have cost.
    pub fn verifies(&self) -> usize {
        self.verified.load(Ordering::SeqCst)
    }

    /// How often [`Hasher::pretend`] ran.
    pub fn pretends(&self) -> usize {
        self.pretended.load(Ordering::SeqCst)
    }
}

impl Hasher for QuickHasher {
    fn mint(&self, kind: Kind, id: Option<KeyId>) -> Result<Minted, HasherError> {
        let id = id.unwrap_or_else(|| KeyId::from_random(scrambled()));
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(&scrambled());
        secret[16..].copy_from_slice(&scrambled());
        let token = key::assemble(kind, &id, &Secret::from_random(&secret));
        Ok(Minted {
            id: id.to_string(),
            phc: hash(&token),
            token,
        })
    }

    fn knows(&self, token: &Token, stored: Stored<'_>) -> bool {
        let hashed = hash(&text(token));
        let right = stored.phc == hashed;
        let this = (stored.id.to_owned(), hashed, stored.epoch);
        right
            && self
                .known
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(&this)
    }

    fn verify(&self, token: &Token, stored: Stored<'_>) -> Result<bool, HasherError> {
        self.verified.fetch_add(1, Ordering::SeqCst);
        if !stored.phc.starts_with(PREFIX) {
            return Err(HasherError(
                "the stored hash was not made by the hasher of tests".into(),
            ));
        }
        let hashed = hash(&text(token));
        let right = stored.id == token.id.as_str() && stored.phc == hashed;
        if right {
            let this = (stored.id.to_owned(), hashed, stored.epoch);
            self.known
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(this);
        }
        Ok(right)
    }

    fn pretend(&self, _token: &Token) {
        self.pretended.fetch_add(1, Ordering::SeqCst);
    }
}

fn text(token: &Token) -> String {
    key::assemble(token.kind, &token.id, &token.secret)
}

fn hash(token: &str) -> String {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    format!("{PREFIX}{:016x}", hasher.finish())
}

/// Different bytes at every call, also in their first half, where a UUIDv7 keeps its time.
fn scrambled() -> [u8; 16] {
    let bytes = Uuid::now_v7().into_bytes();
    let mut mixed = [0; 16];
    for (half, part) in mixed.chunks_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        (half, bytes).hash(&mut hasher);
        part.copy_from_slice(&hasher.finish().to_be_bytes());
    }
    mixed
}

#[cfg(test)]
mod tests;
