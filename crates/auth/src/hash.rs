//! Argon2id at rest, as PHC strings.

use argon2::{Algorithm, Argon2, Params, Version};
use password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

/// Memory in KiB (19 MiB). With [`PASSES`] and [`LANES`] it is the first choice of the OWASP
/// password storage cheat sheet for argon2id.
pub(crate) const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory (OWASP, see [`MEMORY_KIB`]).
pub(crate) const PASSES: u32 = 2;
/// Lanes (OWASP, see [`MEMORY_KIB`]).
pub(crate) const LANES: u32 = 1;
/// Bytes of salt (RFC 9106 section 3.1: 16 bytes are recommended).
pub(crate) const SALT_BYTES: usize = 16;
/// Bytes of output.
pub(crate) const OUTPUT_BYTES: usize = 32;

/// What a stored hash may ask for. The floor is what we write ourselves, so that a weaker hash put
/// into the database opens nothing; the ceiling keeps one row from eating the machine.
const BOUNDS: [Bound; 5] = [
    Bound::of("memory in KiB", MEMORY_KIB, 256 * 1024, |asked| {
        asked.params.m_cost()
    }),
    Bound::of("passes", PASSES, 16, |asked| asked.params.t_cost()),
    Bound::of("lanes", LANES, 16, |asked| asked.params.p_cost()),
    Bound::of("bytes of salt", 16, 64, |asked| asked.salt),
    Bound::of("bytes of output", 32, 64, |asked| asked.output),
];

struct Bound {
    name: &'static str,
    low: u32,
    high: u32,
    of: fn(&Asked) -> u32,
}

impl Bound {
    const fn of(name: &'static str, low: u32, high: u32, of: fn(&Asked) -> u32) -> Self {
        Self {
            name,
            low,
            high,
            of,
        }
    }
}

/// What a stored hash asks for.
struct Asked {
    params: Params,
    salt: u32,
    output: u32,
}

/// Why there is no hash, or no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HashError {
    #[error("the system gave no randomness: {0}")]
    Randomness(#[from] getrandom::Error),
    #[error("the stored hash is not a PHC string of argon2id, version 19, with salt and output")]
    Unreadable,
    #[error("the stored hash has {found} for {name}; allowed are {low} to {high}")]
    OutOfBounds {
        name: &'static str,
        found: u32,
        low: u32,
        high: u32,
    },
    #[error("argon2id did not work: {0}")]
    Argon2(password_hash::Error),
}

/// Hashes a text with a fresh salt. Takes tens of milliseconds and [`MEMORY_KIB`].
pub(crate) fn hash(text: &[u8]) -> Result<String, HashError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt)?;
    let hash: PasswordHash = ours()?
        .hash_password_with_salt(text, &salt)
        .map_err(HashError::Argon2)?;
    Ok(hash.to_string())
}

/// Whether a text is the one that was hashed, with the parameters that the hash names. The
/// comparison takes constant time. Costs as much as [`hash`].
pub(crate) fn verify(text: &[u8], stored: &Stored) -> Result<bool, HashError> {
    match Argon2::default().verify_password(text, &stored.0) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(HashError::Argon2(error)),
    }
}

fn ours() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))
        .map_err(|error| HashError::Argon2(error.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash from the database that was found fit to be used.
pub(crate) struct Stored(PasswordHash);

impl Stored {
    /// Reads a PHC string without running argon2.
    pub(crate) fn parse(phc: &str) -> Result<Self, HashError> {
        let hash = PasswordHash::new(phc).map_err(|_| HashError::Unreadable)?;
        let asked = asked(&hash).ok_or(HashError::Unreadable)?;
        for bound in &BOUNDS {
            let found = (bound.of)(&asked);
            if !(bound.low..=bound.high).contains(&found) {
                return Err(HashError::OutOfBounds {
                    name: bound.name,
                    found,
                    low: bound.low,
                    high: bound.high,
                });
            }
        }
        Ok(Self(hash))
    }
}

fn asked(hash: &PasswordHash) -> Option<Asked> {
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    if (algorithm, version) != (Algorithm::Argon2id, Version::V0x13) {
        return None;
    }
    Some(Asked {
        params: Params::try_from(hash).ok()?,
        salt: u32::try_from(hash.salt.as_ref()?.len()).ok()?,
        output: u32::try_from(hash.hash.as_ref()?.len()).ok()?,
    })
}

#[cfg(test)]
mod tests;
