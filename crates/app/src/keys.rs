//! API keys: making, listing, rotating and revoking them, and knowing who calls.

mod announce;
mod authenticate;
mod maker;
mod manage;
mod rotate;
mod state;
mod uses;
mod view;
pub mod worker;

pub use authenticate::{Candidate, Visit, unauthenticated, why_refused};
pub use manage::{Ends, NewKey, create, list, read, revoke, tag};
pub use rotate::{LONGEST_OVERLAP_DAYS, Rotated, Rotation, USUAL_OVERLAP_DAYS, rotate};
pub use state::KeyState;
pub use uses::{Uses, cut_agent};
pub use view::{EndedView, KeyView, RotationView, UseView};
