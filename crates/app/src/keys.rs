//! API keys: making, listing, revoking, and knowing who calls.

mod authenticate;
mod manage;

pub use authenticate::unauthenticated;
pub use manage::{NewKey, create, list, revoke};
