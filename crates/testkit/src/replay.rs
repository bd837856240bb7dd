//! Replaying conversations of identity providers.
//!
//! `idp/*.json` hold what identity providers really send, step by step, and what they could not
//! live without in the answers. [`all`] loads them; [`Scenario::play`] sends one over a
//! [`Transport`] and says per step what was wrong.
//!
//! A step is `{name, role, request, expect, capture, repeat, parallel}`:
//!
//! - `role`: `idp` (the default: the provider sends this), `seed` (state the conversation needs),
//!   `check` (a look at what the server kept).
//! - `request`: `method`, `path` below the base URL, `headers` (null drops a default one), and one
//!   of `body` (JSON), `rawBody` (text), `bodyFrom` + `bodySet` (a captured resource sent back with
//!   changes, as clients do that read, modify and write).
//! - `expect`: `status` (a list), `body` (path to expectation; not looked at in a 204), `headers`.
//!   `maxSeconds` is reported apart, as [`Played::slow`]: a busy machine is no fault.
//! - `capture`: variable to path in the answer; nothing there fails the step.
//! - `repeat`: send so many times, `{{i}}` counting from 1; `parallel`: so many at once.
//!
//! Variables are `{{name}}` in any text; [`variables`] has the built-in ones, [`path`] and
//! [`expect`] say how paths and expectations are written.

pub mod expect;
pub mod http;
pub mod path;
pub mod scenario;
pub mod variables;

mod judge;
mod play;
mod request;
#[cfg(test)]
mod tests;

pub use http::HttpTransport;
pub use play::{Played, Report};
pub use request::{Answer, Request, Transport};
pub use scenario::{Scenario, ScenarioError, Step, all};
