//! What hashes and checks API keys.

use domain::key::{KeyId, Kind, Token};

use super::keys::Hash;

/// A key just made. The text is shown once and stored nowhere.
pub struct Minted {
    /// Public part, also the row's id.
    pub id: String,
    /// The whole key as the caller will send it.
    pub token: String,
    /// Hash of the whole key for the database, in PHC form.
    pub phc: String,
}

/// Makes and checks keys: argon2id with a verified-key cache, or something quick in tests.
pub trait Hasher: Send + Sync {
    /// A random key of this kind: a new one, or the one of this id with another secret.
    ///
    /// # Errors
    /// The system gave no randomness.
    fn mint(&self, kind: Kind, id: Option<KeyId>) -> Result<Minted, HasherError>;

    /// Whether this very key was verified before in this process against this hash.
    /// Quick, constant time, never runs argon2.
    fn knows(&self, token: &Token, hash: Hash<'_>) -> bool;

    /// Verifies against the stored hash and remembers success. Takes tens of milliseconds and
    /// 19 MiB; call it where blocking is allowed. An unknown key id never comes here.
    ///
    /// # Errors
    /// The stored hash is unreadable.
    fn verify(&self, token: &Token, hash: Hash<'_>) -> Result<bool, HasherError>;

    /// Spends the time of [`Hasher::knows`] for a key id that does not exist, so that an unknown id
    /// and a wrong secret take the same path.
    fn pretend(&self, token: &Token);
}

/// Hashing did not work.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HasherError(pub String);
