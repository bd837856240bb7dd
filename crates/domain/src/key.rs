//! The form of API keys: `rc_<kind>_<id>_<secret><crc>`.
//!
//! The id (12 characters) is public. The secret (43 characters) carries 256 random bits that
//! the caller brings. The last 6 characters are the CRC-32 of all before them, so that a
//! mistyped key, or one cut off by a form field, is known without asking the database, and
//! secret scanners find keys without false alarms. Only letters, digits and `_`.

mod base62;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::words;

/// Characters of the public id.
pub const ID_LENGTH: usize = 12;
/// Characters of the secret.
pub const SECRET_LENGTH: usize = 43;
const CRC_LENGTH: usize = 6;
/// Longest text that is looked at; the longest key is shorter.
pub const MAX_TOKEN: usize = 100;

words! {
    /// What a key is for.
    pub enum Kind {
        /// The SCIM mounts of its organization.
        Scim = "scim",
        /// Everything in its organization.
        Admin = "admin",
        /// Reading access and events, and reporting sign-ins.
        Read = "read",
        /// The instance.
        Owner = "owner",
    }
}

/// A text that is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Longer than any key.
    #[error("the key is longer than {MAX_TOKEN} characters")]
    TooLong,
    /// Not of the form.
    #[error("the key does not have the form rc_<kind>_<id>_<secret>")]
    Malformed,
    /// The check characters do not fit: mistyped or cut off.
    #[error("the key's check characters do not fit; it was mistyped or cut off")]
    Checksum,
}

/// The public id of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    /// An id from 16 random bytes (71 bits of them count).
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(base62::of_u128(u128::from_be_bytes(bytes), ID_LENGTH))
    }

    /// The 12 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() == ID_LENGTH && base62::is(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeyError::Malformed)
        }
    }
}

impl TryFrom<String> for KeyId {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

/// The secret part of a key. Is never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret from 256 random bits.
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(base62::of_bytes(bytes, SECRET_LENGTH))
    }

    /// The 43 characters. Handle with care.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A well-formed key. Says nothing about whether it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it claims to be for; the stored kind decides.
    pub kind: Kind,
    /// Its public id.
    pub id: KeyId,
    /// Its secret.
    pub secret: Secret,
}

impl Token {
    /// Takes a key apart: length, alphabet, kind and CRC, without I/O.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.len() > MAX_TOKEN {
            return Err(KeyError::TooLong);
        }
        let (body, crc) = text
            .split_at_checked(text.len().saturating_sub(CRC_LENGTH))
            .ok_or(KeyError::Malformed)?;
        let token = Self::parse_body(body)?;
        if !base62::is(crc) {
            return Err(KeyError::Malformed);
        }
        if crc == checksum(body) {
            Ok(token)
        } else {
            Err(KeyError::Checksum)
        }
    }

    fn parse_body(body: &str) -> Result<Self, KeyError> {
        let mut parts = body.split('_');
        let (Some("rc"), Some(kind), Some(id), Some(secret), None) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return Err(KeyError::Malformed);
        };
        if secret.len() != SECRET_LENGTH || !base62::is(secret) {
            return Err(KeyError::Malformed);
        }
        Ok(Self {
            kind: kind.parse().map_err(|_| KeyError::Malformed)?,
            id: id.parse()?,
            secret: Secret(secret.to_owned()),
        })
    }
}

/// Puts a key together: the text that is shown once.
pub fn assemble(kind: Kind, id: &KeyId, secret: &Secret) -> String {
    let mut text = format!("rc_{kind}_{id}_{}", secret.0);
    let crc = checksum(&text);
    text.push_str(&crc);
    text
}

fn checksum(body: &str) -> String {
    base62::of_u128(u128::from(crc32fast::hash(body.as_bytes())), CRC_LENGTH)
}

#[cfg(test)]
mod tests;
