//! The feed of committed changes, numbered per organization from 1 without gaps.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    port::{Lock, outbox::FeedEvent},
    representation::time,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    call::Call,
    input,
    reply::{self, List},
};

#[derive(Serialize)]
struct EventView {
    seq: i64,
    r#type: String,
    at: String,
    /// `subject`, `before`, `after`, `cause`, and what else belongs to the kind.
    #[serde(flatten)]
    body: Value,
}

impl EventView {
    fn new(event: FeedEvent) -> EventView {
        EventView {
            seq: event.seq,
            r#type: event.kind,
            at: time(event.at),
            body: event.body,
        }
    }
}

/// GET `/orgs/{org}/events`. `next_cursor` is the number to pass as `after`; none where the feed
/// ends for now.
pub(crate) async fn feed(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let after = after(call)?;
    let work = call.work(Lock::Read, move |tx| Ok(tx.feed(after, limit)?))?;
    let events = call.state.hop.run(work).await?;
    let last = events.last().filter(|_| events.len() as u64 == limit);
    let next_cursor = last.map(|event| event.seq.to_string());
    let items: Vec<EventView> = events.into_iter().map(EventView::new).collect();
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

fn after(call: &Call<'_>) -> Result<i64> {
    let Some(text) = call.query.get("after") else {
        return Ok(0);
    };
    text.parse()
        .ok()
        .filter(|after| *after >= 0)
        .ok_or_else(|| {
            Error::field(
                "after",
                "Must be the seq of an event, or 0 for the beginning.",
            )
        })
}
