//! SCIM 2.0 (RFC 7643, RFC 7644) as a pure library: no I/O, no clock, no web framework.
//!
//! The map, in reading order:
//!
//! - [`schema`] is the one table of attributes; [`registry`] looks names up in it.
//! - [`mode`] says whether what identity providers get wrong is mended; [`error`] is the SCIM error.

pub mod discovery;
pub mod error;
pub mod etag;
pub mod filter;
pub mod fold;
pub mod json;
pub mod lenient;
pub mod list;
pub mod mode;
pub mod path;
pub mod projection;
pub mod registry;
pub mod resource;
pub mod schema;
pub mod window;

pub use error::{Error, ScimType};
pub use etag::{Preconditions, Tag, Version};
pub use filter::Filter;
pub use lenient::Leniency;
pub use mode::Mode;
pub use path::Target;
pub use projection::Projection;
pub use registry::{Found, Registry};
pub use resource::{Incoming, MemberRef, Resource};
pub use schema::{Attribute, Kind, Schema};
pub use window::Window;
