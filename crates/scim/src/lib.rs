#![doc = include_str!("../README.md")]
//! # The map
//!
//! - [`schema`] is the one table of attributes; [`registry`] looks names up in it.
//! - [`json`] reads bytes; [`resource`] turns a body into a validated document, after [`lenient`]
//!   has mended it where [`mode`] says so; [`profile`] is what strict connections ask beyond the RFCs.
//! - [`path`] and [`filter`] are the query language, [`projection`] picks what is answered,
//!   [`patch`] changes a document.
//! - [`fold`] is how text is compared, [`date_time`] how moments are.
//! - [`query`] is what a list or a search asks for, [`sort`] its order, [`cursor`] and [`window`]
//!   its pages; [`bulk`] is many operations in one request.
//! - [`declare`] checks the extension schemas that an organization makes; [`roles`] is the
//!   resource type of the roles draft.
//! - [`discovery`], [`list`], [`etag`] and [`error`] are the rest of the protocol.

pub mod bulk;
#[cfg(test)]
mod cases;
pub mod cursor;
pub mod date_time;
pub mod declare;
pub mod discovery;
pub mod error;
pub mod etag;
pub mod filter;
pub mod fold;
pub mod json;
pub mod lenient;
pub mod list;
pub mod mode;
pub mod patch;
pub mod path;
pub mod profile;
pub mod projection;
pub mod query;
pub mod registry;
pub mod resource;
pub mod roles;
pub mod schema;
pub mod sort;
pub mod window;

pub use bulk::Bulk;
pub use cursor::Cursor;
pub use date_time::Moment;
pub use error::{Error, ScimType};
pub use etag::{Preconditions, Tag, Version};
pub use filter::Filter;
pub use lenient::Leniency;
pub use mode::Mode;
pub use patch::{MemberOp, Patch};
pub use path::Target;
pub use projection::Projection;
pub use query::Query;
pub use registry::{Found, Registry};
pub use resource::{Incoming, MemberRef, Resource};
pub use schema::{Attribute, Kind, Schema};
pub use sort::{Sort, SortKey};
pub use window::Window;
