//! API keys: minting, argon2id at rest, and what was verified before.
//!
//! Keys carry 256 random bits, so nobody guesses one; argon2id protects them at rest and costs
//! tens of milliseconds. It runs once per key and process: whoever verified is remembered by a keyed
//! MAC, until the key's row moves its epoch.
//!
//! The map:
//!
//! - [`vault`]: [`Vault`], the adapter behind the port [`app::port::Hasher`]; it composes the rest.
//! - `hash`: argon2id with named parameters, PHC strings in and out.
//! - `mac`: the process key and the MAC that recognizes a key.
//! - `verified`: the bounded map of keys that were verified.
//! - `flight`: one verification per key at a time, and as many at once as there are cores.
//!
//! No other crate knows argon2. Nothing here reads a clock, a file or the network.

mod flight;
mod hash;
mod mac;
pub mod vault;
mod verified;

pub use vault::Vault;
