//! A logged request as administrators see it: the same on the admin API and on the command line.

use domain::IdentityProvider;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::hints::{HintView, hint};
use crate::{
    port::requests::{KeptBody, RequestNotes, RequestRow},
    representation::time,
};

/// A logged request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LoggedRequest)]
pub struct RequestView {
    /// The request's id: the `X-Request-Id` of its answer. An operation of a Bulk has one of its
    /// own.
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
    /// The refused request that was sent again by this one.
    pub replay_of: Option<String>,
    /// The Bulk that this was an operation of, by the `X-Request-Id` of its answer.
    pub bulk: Option<String>,
    /// What it changed, and what was mended or dropped.
    #[serde(flatten)]
    pub notes: RequestNotes,
}

/// A logged request with its body.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WholeRequest)]
pub struct WholeRequest {
    /// The request.
    #[serde(flatten)]
    pub request: RequestView,
    /// What came, without secrets; null where it is not kept (`connection.log_bodies`).
    #[schema(required = true)]
    pub body: Option<Value>,
    /// Which kinds of secrets were taken out of the body.
    pub removed: Vec<String>,
}

impl WholeRequest {
    /// The view of a row and its body.
    pub fn new(row: RequestRow, body: Option<KeptBody>) -> WholeRequest {
        let (json, removed) = body.map(|body| (body.json, body.removed)).unzip();
        WholeRequest {
            request: RequestView::new(row),
            body: json.and_then(|json: String| serde_json::from_str(&json).ok()),
            removed: removed.unwrap_or_default(),
        }
    }
}

impl RequestView {
    /// The view of a row.
    pub fn new(mut row: RequestRow) -> RequestView {
        let replay_of = row.notes.replay_of.take();
        let bulk = row.notes.bulk.take();
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
            replay_of: replay_of.map(|id| id.to_string()),
            bulk: bulk.map(|id| id.to_string()),
            notes: row.notes,
        }
    }
}
