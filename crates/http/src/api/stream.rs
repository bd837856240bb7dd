//! Following the feed by server-sent events: a task for each follower, which holds no thread, no
//! connection to the database and no permit while nothing happens.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    http::header::{HeaderName, HeaderValue},
    rt,
    web::{Bytes, Data},
};
use app::{
    Error, Result, Scope, Work, feed,
    port::{Lock, outbox::FeedEvent},
};
use domain::OrgId;
use tokio::{sync::mpsc, time::Instant};
use tracing::Instrument;

use super::{
    call::Call,
    events::{self, EventView},
};
use crate::{auth, refusal::to_json, state::State};

/// A comment goes out when there was nothing for this long: what stands between would close a
/// connection on which nothing moves.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After this long a follower is sent away, to come back to perhaps another process.
const LONGEST: Duration = Duration::from_hours(1);
/// Most events of one read.
const AT_ONCE: u64 = 100;
/// Tells proxies of one kind not to collect what is sent.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// One who follows the feed of an organization.
struct Follower {
    state: Data<State>,
    org: OrgId,
    /// The key is looked at again and again: one that is revoked hears nothing more.
    request: HttpRequest,
    /// The number told last.
    after: i64,
}

/// GET `/orgs/{org}/events/stream`.
pub(crate) async fn follow(call: &Call<'_>) -> Result<HttpResponse> {
    let after = match last_event(call)? {
        Some(after) => after,
        None => events::begin(call).await?,
    };
    // What is refused is refused before anything is streamed.
    let first = events::read(call, after, AT_ONCE).await?;
    let follower = Follower {
        state: call.state.clone(),
        org: call.org()?.id,
        request: call.request.clone(),
        after,
    };
    // One chunk at a time: a slow reader is not read ahead for.
    let (sender, receiver) = mpsc::channel(1);
    rt::spawn(follower.run(first, sender).in_current_span());
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((UNBUFFERED, HeaderValue::from_static("no")))
        .body(Chunks(receiver)))
}

fn last_event(call: &Call<'_>) -> Result<Option<i64>> {
    let Some(value) = call.request.headers().get("last-event-id") else {
        return Ok(None);
    };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    let number = number.filter(|after| *after >= 0);
    let wrong = || Error::header("Last-Event-ID", "Must be the id of an event of this feed.");
    number.map(Some).ok_or_else(wrong)
}

impl Follower {
    /// Tells events until the reader goes, its key is not good any more, or the server stops.
    async fn run(mut self, mut events: Vec<FeedEvent>, out: mpsc::Sender<Bytes>) {
        let end = Instant::now() + LONGEST;
        let mut chunk = Bytes::from_static(b"retry: 1000\n\n");
        loop {
            if out.send(chunk).await.is_err() {
                return;
            }
            if events.is_empty() {
                let news =
                    self.state
                        .newsroom
                        .wait(&self.state.hop, self.org, self.after, HEARTBEAT);
                tokio::select! {
                    () = out.closed() => return,
                    () = news => {}
                }
                if Instant::now() > end || self.state.newsroom.is_closed() {
                    return;
                }
                if auth::caller(&self.state, &self.request).await.is_err() {
                    return;
                }
                match self.read().await {
                    Ok(found) => events = found,
                    // Whoever comes back is told why.
                    Err(_) => return,
                }
            }
            chunk = match events.last() {
                Some(last) => {
                    self.after = last.seq;
                    events.drain(..).map(told).collect::<String>().into()
                }
                None => Bytes::from_static(b":\n\n"),
            };
        }
    }

    async fn read(&self) -> Result<Vec<FeedEvent>> {
        let after = self.after;
        let work = Work::new(&Scope::operator(self.org), Lock::Read, move |tx| {
            feed::read(tx, after, AT_ONCE)
        });
        self.state.hop.run(work).await
    }
}

/// One event as the protocol writes it. JSON text has no line breaks.
fn told(event: FeedEvent) -> String {
    let (seq, kind) = (event.seq, event.kind.clone());
    let data = to_json(&EventView::new(event));
    format!("id: {seq}\nevent: {kind}\ndata: {data}\n\n")
}

/// The body of a stream.
struct Chunks(mpsc::Receiver<Bytes>);

impl MessageBody for Chunks {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(Ok))
    }
}
