//! SCIM 2.0 (RFC 7643, RFC 7644) as a pure library: no I/O, no clock, no web framework.
//!
//! The map, in reading order:
//!
//! - [`schema`] is the one table of attributes; [`registry`] looks names up in it.
//! - [`mode`] says whether what identity providers get wrong is mended; [`error`] is the SCIM error.

pub mod error;
pub mod mode;
pub mod registry;
pub mod schema;

pub use error::{Error, ScimType};
pub use mode::Mode;
pub use registry::{Found, Registry};
pub use schema::{Attribute, Kind, Schema};
