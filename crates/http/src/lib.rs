//! rolecall over HTTP, on actix-web: the SCIM mounts, the admin API, the probes.
//!
//! The map, in the order in which a request meets it:
//!
//! - `tls`: certificate and key, read again when they change.
//! - [`server`]: how the one service is built, the same in tests and in the binary; [`config`] is
//!   what it can be told, [`state`] what it holds.
//! - `entry`: the one door. Request id, span, panics, headers that every answer has.
//!   `traceparent`: the caller's span.
//! - `plane`: whether a path belongs to a SCIM mount, the admin API or a probe; `mounts` and
//!   `template` match paths.
//! - `auth`: the key, always before anything below a mount or below the admin API is looked up;
//!   `client`: from where it comes; `failures`: those who send many wrong ones;
//!   `rates`: how much one may send.
//! - `scim`: the SCIM surface; `api`: the admin API and read plane; `ops`: the probes. Each of the
//!   first two has one table of routes. `metrics` counts what was answered.
//! - `docs`: the OpenAPI document and the page made of it.
//! - `hop`: the one place that decides on which thread work runs.
//! - `newsroom`: long polls, which hold nothing while they wait.
//! - `refusal`: errors, as SCIM errors and as problem documents.

mod api;
mod auth;
mod body;
mod client;
pub mod config;
mod docs;
mod entry;
mod failures;
mod guard;
mod hop;
mod lanes;
mod media;
mod metrics;
mod mounts;
mod newsroom;
mod ops;
mod plane;
mod query;
mod rates;
mod refusal;
mod scim;
pub mod server;
pub mod state;
mod template;
mod tls;
mod traceparent;
mod turnstile;

pub use api::openapi;
pub use client::{ForwardedHeader, Proxies};
pub use config::{ConfigFault, HttpConfig};
pub use metrics::{Figure, Gauge, Gauges, Tell};
pub use mounts::check_mounts;
pub use server::{configure, serve, serve_operator};
pub use state::State;
pub use tls::{Reload, Tls};
pub use traceparent::{Adopt, TraceParent};
