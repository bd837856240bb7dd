//! rolecall's use cases and the ports they stand on. Synchronous; knows no HTTP and no SQL.
//!
//! The map:
//!
//! - [`port`]: what is needed from outside: a transaction of narrow capabilities, keys, a clock.
//! - [`work`]: a use case on its way to the store; [`scope`]: who asks, and what it may touch.
//! - [`representation`]: the only place where SCIM documents and domain facts meet.
//! - [`users`], [`groups`]: what an identity provider does; [`list`]: their lists, and both in one.
//! - [`access`]: facts in, effective access out: at once, on reading, and by the worker.
//! - [`mapping`], [`preview`], [`orgs`], [`places`], [`grants`], [`keys`]: what an administrator
//!   does.
//! - [`audit`]: what an administrator did, written with what it changed.
//! - [`feed`]: numbers committed events where the database does not; [`retention`]: forgets what
//!   is old; [`orgs::clear`]: what an organization that is gone has left; [`pulse`]: when such workers
//!   last did their round, [`pace`]: how much they take at once, `hourly`: how often.
//! - [`idempotency`]: what is made once, however often it is asked for; [`ending`]: when it is told
//!   that a key or a certificate ends.
//! - [`error`]: the one table of error codes.

pub mod access;
pub mod app;
pub mod audit;
mod cache;
pub mod change;
mod each;
pub mod ending;
pub mod error;
mod events;
pub mod feed;
pub mod grants;
pub mod groups;
mod hourly;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod list;
pub mod mapping;
pub mod nudge;
pub mod orgs;
pub mod pace;
pub mod places;
pub mod port;
pub mod preview;
pub mod pulse;
pub mod representation;
pub mod requests;
pub mod retention;
pub mod schemas;
pub mod scope;
mod seats;
pub mod users;
pub mod version;
pub mod work;

pub use app::App;
pub use change::Change;
pub use each::Round;
pub use error::{Code, Error, Result};
pub use scope::{Actor, Caller, Scope};
pub use work::Work;
