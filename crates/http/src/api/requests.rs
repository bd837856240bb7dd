//! The provisioning log: what the identity provider sent, how it ended, what it changed.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    port::{
        Lock,
        requests::{RequestNotes, RequestRow},
    },
    representation::time,
    requests,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    call::Call,
    cursor, input,
    reply::{self, List},
};

#[derive(Serialize, ToSchema)]
#[schema(as = LoggedRequest)]
pub(crate) struct RequestView {
    id: String,
    at: String,
    #[schema(required = true)]
    key: Option<String>,
    #[schema(required = true)]
    user_agent: Option<String>,
    method: String,
    path: String,
    status: u16,
    /// Milliseconds; none for some moments after the answer.
    #[schema(required = true)]
    duration: Option<u64>,
    #[schema(required = true)]
    error: Option<String>,
    #[schema(required = true)]
    detail: Option<String>,
    #[serde(flatten)]
    notes: RequestNotes,
}

impl RequestView {
    fn new(row: RequestRow) -> RequestView {
        RequestView {
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

/// GET `…/requests`, newest first.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let before = cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?;
    let work = call.work(Lock::Read, move |tx| requests::list(tx, before, limit))?;
    let rows = call.state.hop.run(work).await?;
    let whole = rows.len() as u64 >= limit;
    let last = rows.last().filter(|_| whole);
    let next_cursor = last.map(|row| cursor::after(row.id.as_bytes()));
    let items: Vec<RequestView> = rows.into_iter().map(RequestView::new).collect();
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

/// GET `…/requests/{id}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let id = Uuid::try_parse(call.name(0)).map_err(|_| Error::not_found("request"))?;
    let work = call.work(Lock::Read, move |tx| requests::read(tx, id))?;
    let row = call.state.hop.quick(work).await?;
    Ok(reply::json(&mut HttpResponse::Ok(), &RequestView::new(row)))
}
