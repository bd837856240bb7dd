//! The MAC by which a key is recognized once it was verified.

use hmac::{Hmac, KeyInit, Mac as _};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// Bytes of the process key: one SHA-256 block, which HMAC takes as it is (RFC 2104 section 3).
const KEY_BYTES: usize = 64;

/// Random for each start, stored nowhere, zeroized when dropped. So what is remembered of one
/// process is of no use to another, nor to who reads the memory without it.
pub(crate) struct ProcessKey(SecretBox<[u8; KEY_BYTES]>);

impl ProcessKey {
    /// A new key from the system's generator.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        SecretBox::try_init_with(|| {
            let mut bytes = [0; KEY_BYTES];
            getrandom::fill(&mut bytes)?;
            Ok(bytes)
        })
        .map(Self)
    }

    /// HMAC-SHA256 of a text.
    pub(crate) fn mac(&self, text: &[u8]) -> Mac {
        let mut hmac = Hmac::<Sha256>::new(self.0.expose_secret().into());
        hmac.update(text);
        Mac(hmac.finalize().into_bytes().into())
    }
}

/// A MAC. Deliberately without `PartialEq`: it is compared in constant time only.
#[derive(Clone, Copy)]
pub(crate) struct Mac([u8; 32]);

impl Mac {
    /// What stands in for a remembered MAC where there is none.
    pub(crate) const DUMMY: Mac = Mac([0; 32]);

    /// Compares in constant time.
    pub(crate) fn same(&self, other: &Mac) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

#[cfg(test)]
mod tests;
