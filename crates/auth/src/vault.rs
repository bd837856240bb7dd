//! The adapter behind [`app::port::Hasher`].

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use app::port::{
    Hasher,
    hasher::{HasherError, Minted},
    keys::Hash,
};
use domain::key::{self, KeyId, Kind, Secret, Token};
use zeroize::Zeroizing;

use crate::{
    flight::Flights,
    hash::{self, HashError, Stored},
    mac::{Mac, ProcessKey},
    verified::{self, Recall, Verified},
};

/// Makes keys and checks them: argon2id once per key and process, then a MAC in constant time.
///
/// It knows nothing of expiry, revocation and organizations; who asks has looked at the row
/// first. It does not throttle either: a wrong secret for a key that nobody used since the
/// start costs one run, one at a time per key id.
pub struct Vault {
    process_key: ProcessKey,
    verified: Verified,
    flights: Flights,
    argon2_runs: AtomicU64,
    mac_runs: AtomicU64,
}

impl Vault {
    /// A vault that remembers nothing yet, with a process key of its own. It runs argon2 on as
    /// many threads at once as there are cores and remembers up to 10,000 keys.
    ///
    /// # Errors
    /// The system gave no randomness.
    pub fn new() -> Result<Self, HasherError> {
        let process_key =
            ProcessKey::random().map_err(|error| HasherError(no_randomness(error)))?;
        Ok(Self {
            process_key,
            verified: Verified::new(verified::MOST),
            flights: Flights::new(thread::available_parallelism().map_or(1, usize::from)),
            argon2_runs: AtomicU64::new(0),
            mac_runs: AtomicU64::new(0),
        })
    }

    /// How often argon2 ran to check a key since the start. Minting does not count.
    pub fn argon2_runs(&self) -> u64 {
        self.argon2_runs.load(Ordering::Relaxed)
    }

    /// How often a MAC was computed and compared since the start: for each key that was asked about,
    /// whether its id exists or not.
    pub fn mac_runs(&self) -> u64 {
        self.mac_runs.load(Ordering::Relaxed)
    }

    fn mac(&self, token: &Token) -> Mac {
        self.mac_runs.fetch_add(1, Ordering::Relaxed);
        self.process_key.mac(text(token).as_bytes())
    }

    /// Runs argon2 with the permit in hand and remembers success before the permit is given back, so
    /// that those who wait find the answer.
    fn run(
        &self,
        token: &Token,
        hash: Hash<'_>,
        stored: &Stored,
        mac: Mac,
    ) -> Result<bool, HashError> {
        self.argon2_runs.fetch_add(1, Ordering::Relaxed);
        let good = hash::verify(text(token).as_bytes(), stored)?;
        if good {
            self.verified.remember(hash, mac);
        }
        tracing::debug!(key = %hash.id, good, "argon2id ran");
        Ok(good)
    }
}

impl Hasher for Vault {
    fn mint(&self, kind: Kind, id: Option<KeyId>) -> Result<Minted, HasherError> {
        let (id, secret) = random(id).map_err(|error| HasherError(no_randomness(error)))?;
        let token = key::assemble(kind, &id, &secret);
        // Nothing is settled by another run for this id: this makes a hash.
        let flight = self.flights.enter(id.as_str(), &|| false);
        let phc = hash::hash(token.as_bytes()).map_err(|error| of_key(id.as_str(), &error))?;
        drop(flight);
        Ok(Minted {
            id: id.as_str().to_owned(),
            token,
            phc,
        })
    }

    fn knows(&self, token: &Token, hash: Hash<'_>) -> bool {
        self.verified.recall(hash, &self.mac(token)) == Recall::This
    }

    fn verify(&self, token: &Token, hash: Hash<'_>) -> Result<bool, HasherError> {
        let mac = self.mac(token);
        let recall = || self.verified.recall(hash, &mac);
        let settled = || recall() != Recall::Nothing;
        let stored = Stored::parse(hash.phc).map_err(|error| of_key(hash.id, &error))?;
        let Some(_flight) = self.flights.enter(hash.id, &settled) else {
            return Ok(recall() == Recall::This);
        };
        self.run(token, hash, &stored, mac)
            .map_err(|error| of_key(hash.id, &error))
    }

    fn pretend(&self, token: &Token) {
        self.verified.pretend(token.id.as_str(), &self.mac(token));
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("argon2_runs", &self.argon2_runs())
            .field("mac_runs", &self.mac_runs())
            .finish_non_exhaustive()
    }
}

/// The whole key as it is sent; what is hashed, so that kind and id are bound to the secret.
fn text(token: &Token) -> Zeroizing<String> {
    Zeroizing::new(key::assemble(token.kind, &token.id, &token.secret))
}

/// An id, where there is none yet, and a secret.
fn random(id: Option<KeyId>) -> Result<(KeyId, Secret), getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice())?;
    let id = id.unwrap_or_else(|| KeyId::from_random(bytes));
    Ok((id, Secret::from_random(&secret)))
}

fn no_randomness(error: getrandom::Error) -> String {
    HashError::from(error).to_string()
}

fn of_key(id: &str, error: &HashError) -> HasherError {
    HasherError(format!("key {id}: {error}"))
}

#[cfg(test)]
pub(crate) mod tests;
