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
    Error, Result, Scope, Work,
    error::Code,
    feed,
    port::{
        Lock,
        outbox::{FeedEvent, FeedPage},
    },
};
use domain::OrgId;
use tokio::{sync::mpsc, time::Instant};
use tracing::Instrument;

use super::{
    call::Call,
    events::{self, EventView},
};
use crate::{auth, entry::wants_head, refusal::to_json, state::State, turnstile::Pass};

/// A comment goes out when there was nothing for this long: what stands between would close a
/// connection on which nothing moves.
const SILENCE: Duration = Duration::from_secs(15);
/// That comment.
const HEARTBEAT: &[u8] = b":\n\n";
/// After this long a follower is sent away, to come back to perhaps another process.
const LONGEST: Duration = Duration::from_hours(1);
/// Most events of one read.
const AT_ONCE: u64 = 100;
/// How long a client may leave what it was sent unread.
const PATIENCE: Duration = Duration::from_secs(30);
/// When a client whose stream ends is to come back, in milliseconds.
const RETRY: &[u8] = b"retry: 1000\n\n";
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
    _pass: Pass<String>,
}

/// GET `/orgs/{org}/events/stream`. A HEAD is answered without following anything.
pub(crate) async fn follow(call: &Call<'_>) -> Result<HttpResponse> {
    let after = match last_event(call)? {
        Some(after) => after,
        None => events::begin(call).await?,
    };
    // What is refused is refused before anything is streamed.
    let pass = events::enter(call)?;
    let first = events::read(call, after, AT_ONCE).await?;
    // One chunk at a time: a slow reader is not read ahead for.
    let (sender, receiver) = mpsc::channel(1);
    if wants_head(call.request) {
        return Ok(stream(receiver));
    }
    let follower = Follower {
        state: call.state.clone(),
        org: call.org()?.id,
        request: call.request.clone(),
        after,
        _pass: pass,
    };
    rt::spawn(follower.run(first, sender).in_current_span());
    Ok(stream(receiver))
}

fn stream(chunks: mpsc::Receiver<Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((UNBUFFERED, HeaderValue::from_static("no")))
        .body(Chunks(chunks))
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
    async fn run(mut self, mut page: FeedPage, out: mpsc::Sender<Bytes>) {
        let end = Instant::now() + LONGEST;
        let mut chunk = Bytes::from_static(RETRY);
        loop {
            let FeedPage { events, full } = page;
            if !events.is_empty() {
                let told = self.tell(events);
                chunk = [chunk, told].concat().into();
            }
            if !handed_over(&out, chunk).await {
                return;
            }
            if !full && !self.wait(&out).await {
                return;
            }
            if Instant::now() > end || self.state.newsroom.is_closed() {
                return;
            }
            if !auth::is_welcome(&self.state, &self.request).await {
                return;
            }
            (page, chunk) = match self.read().await {
                Ok(none) if none.events.is_empty() => (none, Bytes::from_static(HEARTBEAT)),
                Ok(some) => (some, Bytes::new()),
                // It passes, and nothing is lost: the next look finds what this one missed.
                Err(error) if error.code() == Code::Unavailable => {
                    let (events, full) = (Vec::new(), false);
                    (FeedPage { events, full }, Bytes::from_static(HEARTBEAT))
                }
                // Whoever comes back is told why.
                Err(_) => return,
            };
        }
    }

    fn tell(&mut self, events: Vec<FeedEvent>) -> Bytes {
        self.after = events.last().map_or(self.after, |last| last.seq);
        events.into_iter().map(told).collect::<String>().into()
    }

    /// Until there is something to read, or it is time for a sign of life; false where the reader
    /// has gone.
    async fn wait(&self, out: &mpsc::Sender<Bytes>) -> bool {
        let room = &self.state.newsroom;
        let news = room.wait(&self.state.hop, self.org, self.after, SILENCE);
        tokio::select! {
            () = out.closed() => false,
            () = news => true,
        }
    }

    async fn read(&self) -> Result<FeedPage> {
        let after = self.after;
        let work = Work::new(&Scope::operator(self.org), Lock::Read, move |tx| {
            feed::read(tx, after, AT_ONCE)
        });
        self.state.hop.run(work).await
    }
}

/// Whether the reader took it. One who reads nothing is one who has gone.
async fn handed_over(out: &mpsc::Sender<Bytes>, chunk: Bytes) -> bool {
    let sent = tokio::time::timeout(PATIENCE, out.send(chunk)).await;
    sent.is_ok_and(|sent| sent.is_ok())
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
