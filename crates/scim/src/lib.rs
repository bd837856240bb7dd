//! SCIM 2.0 (RFC 7643, RFC 7644) as a pure library: no I/O, no clock, no web framework.
//!
//! The map, in reading order:
//!
//! - [`schema`] is the one table of attributes; [`registry`] looks names up in it.
//! - [`mode`] says whether what identity providers get wrong is mended; [`error`] is the SCIM error.

pub mod error;
pub mod fold;
pub mod json;
pub mod lenient;
pub mod mode;
pub mod registry;
pub mod resource;
pub mod schema;

pub use error::{Error, ScimType};
pub use lenient::Leniency;
pub use mode::Mode;
pub use registry::{Found, Registry};
pub use resource::{Incoming, MemberRef, Resource};
pub use schema::{Attribute, Kind, Schema};
