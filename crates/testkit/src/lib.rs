//! What tests of several crates share. Nothing that is shipped depends on it.
//!
//! - [`memory`] is the store in memory, the port's executable specification; [`contract`] is the
//!   list of tests that every store passes; [`postgres`] makes databases to run it on.
//! - [`clock`] is a clock that tests move, [`hasher`] a key hasher that takes no time.
//! - [`replay`] plays recorded conversations of identity providers against a server.

pub mod clock;
pub mod contract;
pub mod hasher;
pub mod memory;
pub mod postgres;
pub mod replay;
pub mod secrets;

pub use clock::TestClock;
pub use hasher::QuickHasher;
pub use memory::MemoryStore;
