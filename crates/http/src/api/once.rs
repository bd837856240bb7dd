//! Answers to requests that make something: 201 with its place and its entity tag. Sent again with
//! the same `Idempotency-Key`, a request gets its first answer again and makes nothing.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::header::{ETAG, HeaderName, HeaderValue, LOCATION},
};
use app::{
    App, Error, Result,
    idempotency::{Once, Retry, once},
    port::{Lock, Tx, answers::Answer, org::OrgSettings},
};
use serde::Serialize;

use super::call::Call;
use crate::{media::JSON, plane::API, refusal::to_json};

/// The request's header.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Says that the answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What was made, as it is answered: its path below the admin API's prefix, its entity tag, itself.
pub(super) fn made(path: String, tag: impl ToString, view: &impl Serialize) -> Answer {
    Answer {
        path,
        tag: tag.to_string(),
        body: to_json(view),
    }
}

/// Makes something in the organization that the path names. The answer is rendered inside the unit
/// of work, because it may be kept with what it tells of.
pub(super) async fn create(
    call: &Call<'_>,
    lock: Lock,
    body: &[u8],
    mut make: impl FnMut(&mut dyn Tx, &App, &OrgSettings) -> Result<Answer> + Send + 'static,
) -> Result<HttpResponse> {
    let retry = retry(call, body)?;
    let (app, org) = (Arc::clone(&call.state.app), call.org()?.clone());
    // The same request may be under way: then this one waits for its end, and finds its answer.
    let lock = if retry.is_some() {
        Lock::Exclusive
    } else {
        lock
    };
    let work = call.work(lock, move |tx| {
        once(tx, retry.as_ref(), |tx| make(tx, &app, &org))
    })?;
    Ok(answer(call, call.state.hop.run(work).await?))
}

/// Refuses an `Idempotency-Key` where the answer holds a secret, which is never stored.
///
/// # Errors
/// 422.
pub(super) fn never(call: &Call<'_>) -> Result<()> {
    if call.request.headers().contains_key(IDEMPOTENCY_KEY) {
        let detail = "Cannot be used here: the answer holds a secret, which is not kept for a \
                      second answer. Leave it out.";
        return Err(Error::header("Idempotency-Key", detail));
    }
    Ok(())
}

/// What the request is known by where it may be sent again.
///
/// # Errors
/// 422 for what is no `Idempotency-Key`.
pub(super) fn retry(call: &Call<'_>, body: &[u8]) -> Result<Option<Retry>> {
    let mut values = call.request.headers().get_all(IDEMPOTENCY_KEY);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Error::header("Idempotency-Key", "Must be there once."));
    }
    let name = value.to_str().unwrap_or_default();
    let target = format!("{} {}", call.request.method(), call.request.uri());
    Retry::new(&call.state.app, &call.caller, name, &target, body).map(Some)
}

/// 201 with what was made, now or before.
pub(super) fn answer(call: &Call<'_>, once: Once) -> HttpResponse {
    let (answer, again) = match once {
        Once::Made(answer) => (answer, false),
        Once::Again(answer) => (answer, true),
    };
    let mut response = HttpResponse::Created();
    let location = format!("{}{API}{}", call.state.base, answer.path);
    let tag = format!("\"{}\"", answer.tag);
    for (name, text) in [(LOCATION, location), (ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.insert_header((name, value));
        }
    }
    if again {
        response.insert_header((REPLAYED, HeaderValue::from_static("true")));
    }
    response.content_type(JSON).body(answer.body)
}
