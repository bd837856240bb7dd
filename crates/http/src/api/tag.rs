//! Optimistic locking: settings, roles, schemas and mapping carry a strong entity tag, `"12"`.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{ETAG, HeaderValue, IF_MATCH},
};
use app::{Error, Result, error::Code};
use serde::Serialize;

use super::{call::Call, reply};

/// Digits of a plan's fingerprint.
const FINGERPRINT: usize = 64;

/// The version that the caller has seen; none where the request makes no condition.
///
/// # Errors
/// 422 for a header that is no single tag; 412 for a tag that no version ever had.
pub(crate) fn seen(call: &Call<'_>) -> Result<Option<i64>> {
    let mut values = call.request.headers().get_all(IF_MATCH);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    // Proxies that compress make tags weak; the number is what counts.
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let Some(inner) = inner.filter(|inner| !inner.contains('"') && values.next().is_none()) else {
        return Err(Error::field(
            "If-Match",
            "Must be one entity tag such as \"12\", or *.",
        ));
    };
    inner.parse().map(Some).map_err(|_| {
        Error::new(
            Code::PreconditionFailed,
            "If-Match does not name the present version.",
        )
    })
}

/// The fingerprint of the plan that the caller has seen: `plan` in the query or the header
/// `If-Plan`. None where the request makes no such condition.
///
/// # Errors
/// 422 for what is no fingerprint, and where both are there and differ.
pub(crate) fn plan(call: &Call<'_>) -> Result<Option<String>> {
    let header = call.request.headers().get("if-plan");
    let header = header.map(|value| value.to_str().unwrap_or_default().trim());
    let (field, text) = match (call.query.get("plan"), header) {
        (Some(query), Some(header)) if query != header => {
            let detail = "Must be the same as the header If-Plan, or be left out.";
            return Err(Error::field("plan", detail));
        }
        (Some(query), _) => ("plan", query),
        (None, Some(header)) => ("If-Plan", header),
        (None, None) => return Ok(None),
    };
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == FINGERPRINT && text.bytes().all(hex) {
        return Ok(Some(text.to_owned()));
    }
    let detail = "Must be the fingerprint of a plan: 64 lower-case hexadecimal digits.";
    Err(Error::field(field, detail))
}

/// An answer with a version.
pub(crate) fn tagged(version: i64, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    set(&mut response, version);
    reply::json(&mut response, body)
}

/// The same for what was not there before.
pub(crate) fn created(version: i64, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Created();
    set(&mut response, version);
    reply::json(&mut response, body)
}

fn set(response: &mut HttpResponseBuilder, version: i64) {
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.insert_header((ETAG, value));
    }
}
