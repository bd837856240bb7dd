//! Bulk (RFC 7644 section 3.7): many operations in one request.
//!
//! [`Bulk::parse`] reads the message; what is wrong with one operation is that operation's
//! result. [`Bulk::plan`] orders the operations so that every `bulkId:…` stands for a resource
//! that exists by then. The caller runs the steps, asks [`Operation::resolve`] for each
//! operation's data with the references replaced, and gives the outcomes to [`Bulk::response`].

mod cost;
mod finish;
mod operation;
mod plan;
mod references;
mod request;
mod response;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::error::Error;
use crate::schema::Kind;

pub use finish::Deferred;
pub use operation::{Method, Operation, Resolved};
pub use plan::Step;
pub use references::Reference;
pub use response::Outcome;

/// URI of the request.
pub const REQUEST_URN: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// URI of the response.
pub const RESPONSE_URN: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// Most operations in one request.
pub const MAX_OPERATIONS: usize = 1_000;
/// Largest body, in bytes. Whoever reads the body enforces it.
pub const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;

/// Resource ids by the `bulkId` of the operation that created them.
pub type Created = HashMap<String, String>;

/// A bulk request that was understood as a whole.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// After how many errors to stop; `None` for never.
    pub fail_on_errors: Option<u64>,
    /// The operations in the order of the request.
    pub entries: Vec<Entry>,
}

/// One operation, and what is needed to answer it even if it is none.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The method, if it is one.
    pub method: Option<Method>,
    /// The method's word as the response gives it back (RFC 7644 section 3.7): that of the method,
    /// or what was sent in its place where that is a short word: letters and hyphens, at most 20.
    pub word: Option<String>,
    /// The client's name for the operation, if it is a text.
    pub bulk_id: Option<String>,
    /// Type and id as sent of an existing resource that the path names, whatever else is wrong.
    pub resource: Option<(Kind, String)>,
    /// The operation, or what is wrong with it.
    pub operation: Result<Operation, Error>,
}

impl Bulk {
    /// True when that many failed operations end the request. A limit of 0 stops at the first
    /// error as well.
    pub fn stops_after(&self, errors: u64) -> bool {
        self.fail_on_errors
            .is_some_and(|limit| errors >= limit.max(1))
    }

    /// How many members all operations name together, which is what the request costs.
    pub fn members(&self) -> usize {
        let operations = self
            .entries
            .iter()
            .filter_map(|entry| entry.operation.as_ref().ok());
        operations.map(Operation::members).sum()
    }
}
