//! The provisioning log: what the identity provider sent, how it ended, what it changed.

use utoipa::ToSchema;
use uuid::Uuid;

use super::{Millis, Stored};

/// One logged request. Ids and attribute names only, never values.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RequestRow {
    /// The request's id, UUIDv7: the answer's `X-Request-Id`. An operation of a Bulk has one of its
    /// own, and the answer's in its notes.
    pub id: Uuid,
    /// When it came.
    pub at: Millis,
    /// The key, by its public id.
    pub key: Option<String>,
    /// The client's `User-Agent`, cut at 200 characters.
    pub user_agent: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path below the mount, without query.
    pub path: String,
    /// Status of the answer; 0 until it is known.
    pub status: u16,
    /// From the arrival to the answer, in milliseconds; filled in some moments later.
    pub duration: Option<u64>,
    /// `scimType` or code of the refusal.
    pub error: Option<String>,
    /// The refusal's sentence.
    pub detail: Option<String>,
    /// What else there is to know.
    pub notes: RequestNotes,
}

/// What a request did and what was mended or dropped.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, ToSchema)]
#[schema(as = RequestNotes)]
#[serde(default)]
pub struct RequestNotes {
    /// Ids of the users and groups it changed, at most 100.
    pub changed: Vec<String>,
    /// Names of the attributes it wrote.
    pub attributes: Vec<String>,
    /// Unknown attributes and schema URIs that were dropped.
    pub dropped: Vec<String>,
    /// Member ids that are nobody here, at most 100.
    pub unknown_members: Vec<String>,
    /// Entries of `roles` that name no role.
    pub unknown_roles: Vec<String>,
    /// Which mends acted.
    pub leniencies: Vec<String>,
    /// The refused request that was sent again by this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub replay_of: Option<Uuid>,
    /// The Bulk that this was an operation of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub bulk: Option<Uuid>,
}

/// The body of a request as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBody {
    /// JSON, without its secrets.
    pub json: String,
    /// Which kinds of secrets were taken out.
    pub removed: Vec<String>,
}

/// Writing and reading the provisioning log.
pub trait Requests {
    /// Adds a row.
    fn log_request(&mut self, row: &RequestRow) -> Stored<()>;

    /// Fills in how long requests took, in milliseconds; ids that have no row are left out.
    fn time_requests(&mut self, took: &[(Uuid, u64)]) -> Stored<()>;

    /// Removes rows of before this moment, at most `limit` and from the oldest on; how many there
    /// were. Looks at the `limit` oldest rows only.
    fn forget_requests(&mut self, before: Millis, limit: u64) -> Stored<u64>;

    /// Rows with an id less than `before`, newest first, at most `limit` (1,000 at the most).
    fn requests(&mut self, before: Option<Uuid>, limit: u64) -> Stored<Vec<RequestRow>>;

    /// One row.
    fn request(&mut self, id: Uuid) -> Stored<Option<RequestRow>>;

    /// Keeps the body of a request that came at this moment.
    fn keep_body(&mut self, id: Uuid, at: Millis, body: &KeptBody) -> Stored<()>;

    /// The body of a request, where it is kept.
    fn body(&mut self, id: Uuid) -> Stored<Option<KeptBody>>;

    /// Removes bodies as [`Requests::forget_requests`] removes rows.
    fn forget_bodies(&mut self, before: Millis, limit: u64) -> Stored<u64>;
}
