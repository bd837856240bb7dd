//! The feed of committed changes, numbered per organization from 1 without gaps.

use std::time::Duration;

use actix_web::HttpResponse;
use app::{
    Error, Result,
    error::Code,
    keys::unauthenticated,
    port::{
        Lock,
        outbox::{FeedEvent, FeedPage},
    },
    representation::time,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    call::Call,
    input,
    openapi::EventBody,
    reply::{self, List},
};
use crate::{
    auth,
    entry::wants_head,
    newsroom::{OF_A_KEY, OF_ALL},
    turnstile::Pass,
};

/// One committed change.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventView {
    /// Its number.
    seq: i64,
    /// What happened, such as `role.granted`.
    r#type: String,
    /// When.
    at: String,
    /// `subject`, `before`, `after`, `cause`, and what else belongs to the kind.
    #[serde(flatten)]
    #[schema(value_type = EventBody)]
    body: Value,
}

impl EventView {
    pub(super) fn new(event: FeedEvent) -> EventView {
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
/// Asks for no event but for the number to go on from.
const LATEST: &str = "latest";

/// GET `/orgs/{org}/events`. `next_cursor` is the number to pass as `after`; none where the feed
/// ends for now. With `wait` an answer without events is held back until there is one, so many
/// seconds at the longest; a HEAD does not wait.
pub(crate) async fn feed(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let wait = wait(call)?;
    let after = begin(call).await?;
    if call.query.get("after") == Some(LATEST) {
        return Ok(page(Vec::new(), Some(after.to_string())));
    }
    let mut found = read(call, after, limit).await?;
    if found.events.is_empty() && !wait.is_zero() && !wants_head(call.request) {
        let _pass = enter(call)?;
        let org = call.org()?.id;
        call.state
            .newsroom
            .wait(&call.state.hop, org, after, wait)
            .await;
        // A key that was revoked meanwhile hears nothing more.
        if !auth::is_welcome(call.state, call.request).await {
            return Err(unauthenticated());
        }
        found = read(call, after, limit).await?;
    }
    let last = found.events.last().filter(|_| found.full);
    let next = last.map(|event| event.seq.to_string());
    Ok(page(found.events, next))
}

/// A place among those who follow the feed or wait for it.
///
/// # Errors
/// 429: this key, or all keys together, have as many as there are.
pub(super) fn enter(call: &Call<'_>) -> Result<Pass<String>> {
    let pass = call.state.followers.enter(call.caller.key.clone());
    pass.ok_or_else(|| {
        let detail = format!(
            "Events are followed and waited for as often as may be at once: {OF_A_KEY} times with \
             one key, {OF_ALL} times in all. End one of them first, or ask without waiting."
        );
        Error::new(Code::TooManyRequests, detail)
    })
}

fn page(events: Vec<FeedEvent>, next_cursor: Option<String>) -> HttpResponse {
    let items: Vec<EventView> = events.into_iter().map(EventView::new).collect();
    reply::json(&mut HttpResponse::Ok(), &List { items, next_cursor })
}

pub(super) async fn read(call: &Call<'_>, after: i64, limit: u64) -> Result<FeedPage> {
    let work = call.work(Lock::Read, move |tx| app::feed::read(tx, after, limit))?;
    call.state.hop.run(work).await
}

/// The number that the request asks to begin after.
pub(super) async fn begin(call: &Call<'_>) -> Result<i64> {
    let Some(text) = call.query.get("after") else {
        return Ok(0);
    };
    if text == LATEST {
        let work = call.work(Lock::Read, |tx| Ok(tx.feed_head()?))?;
        return call.state.hop.run(work).await;
    }
    let wrong = || {
        let detail = "Must be the seq of an event, 0 for the beginning, or latest.";
        Error::parameter("after", detail)
    };
    let number = text.parse().ok().filter(|after| *after >= 0);
    number.ok_or_else(wrong)
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
