//! What an administrator grants by hand. It survives every sync (D15).

mod change;
mod read;

pub use change::{DeleteGrant, PutGrant, delete, put};
pub use read::{GrantView, HoldView, holds, list, must_be, tag};
