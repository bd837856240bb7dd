//! The feed of committed changes, numbered per organization from 1 without gaps.

use std::time::Duration;

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

/// Longest wait for news, in seconds.
const LONGEST_WAIT: u64 = 60;

/// GET `/orgs/{org}/events`. `next_cursor` is the number to pass as `after`; none where the feed
/// ends for now. With `wait` an answer without events is held back until there is one, so many
/// seconds at the longest.
pub(crate) async fn feed(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let after = after(call)?;
    let wait = wait(call)?;
    let mut events = read(call, after, limit).await?;
    if events.is_empty() && !wait.is_zero() {
        let org = call.org()?.id;
        call.state
            .newsroom
            .wait(&call.state.hop, org, after, wait)
            .await;
        events = read(call, after, limit).await?;
    }
    let last = events.last().filter(|_| events.len() as u64 == limit);
    let next_cursor = last.map(|event| event.seq.to_string());
    let items: Vec<EventView> = events.into_iter().map(EventView::new).collect();
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

async fn read(call: &Call<'_>, after: i64, limit: u64) -> Result<Vec<FeedEvent>> {
    let work = call.work(Lock::Read, move |tx| app::feed::read(tx, after, limit))?;
    call.state.hop.run(work).await
}

fn after(call: &Call<'_>) -> Result<i64> {
    let Some(text) = call.query.get("after") else {
        return Ok(0);
    };
    text.parse()
        .ok()
        .filter(|after| *after >= 0)
        .ok_or_else(|| {
            Error::parameter(
                "after",
                "Must be the seq of an event, or 0 for the beginning.",
            )
        })
}

fn wait(call: &Call<'_>) -> Result<Duration> {
    let Some(text) = call.query.get("wait") else {
        return Ok(Duration::ZERO);
    };
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| *seconds <= LONGEST_WAIT)
        .ok_or_else(|| {
            let detail = format!("Must be a whole number of seconds from 0 to {LONGEST_WAIT}.");
            Error::parameter("wait", detail)
        })?;
    Ok(Duration::from_secs(seconds))
}
