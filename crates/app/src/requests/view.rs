//! A logged request as administrators see it: the same on the admin API and on the command line.

use domain::IdentityProvider;
use serde::Serialize;
use utoipa::ToSchema;

use super::hints::{HintView, hint};
use crate::{
    port::requests::{RequestNotes, RequestRow},
    representation::time,
};

/// A logged request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LoggedRequest)]
pub struct RequestView {
    /// The request's id, as in its answer's `X-Request-Id`.
    pub id: String,
    /// When it came.
    pub at: String,
    /// The key, by its public id.
    pub key: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// Which identity provider it came from, by what the client calls itself.
    pub identity_provider: Option<&'static str>,
    /// HTTP method.
    pub method: String,
    /// Path below the mount.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// Milliseconds; none for some moments after the answer.
    pub duration: Option<u64>,
    /// `scimType` or code of the refusal.
    pub error: Option<String>,
    /// The refusal's sentence.
    pub detail: Option<String>,
    /// What to do about it, where it is a usual mistake.
    pub hint: Option<HintView>,
    /// What it changed, and what was mended or dropped.
    #[serde(flatten)]
    pub notes: RequestNotes,
}

impl RequestView {
    /// The view of a row.
    pub fn new(row: RequestRow) -> RequestView {
        RequestView {
            hint: hint(&row),
            identity_provider: row
                .user_agent
                .as_deref()
                .and_then(IdentityProvider::of_agent)
                .map(IdentityProvider::as_str),
            id: row.id.to_string(),
            at: time(row.at),
            key: row.key,
            user_agent: row.user_agent,
            method: row.method,
            path: row.path,
            status: row.status,
            duration: row.duration,
            error: row.error,
            detail: row.detail,
            notes: row.notes,
        }
    }
}
