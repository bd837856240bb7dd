//! Optimistic locking: whatever can be changed carries an entity tag, `"12"`. It is that of what a
//! change would overwrite: a version, or, where there is none, a hash of the content.

use std::fmt::Display;

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH},
};
use app::{
    Error, Result,
    error::{Code, FieldError, Part},
};
use scim::etag::Preconditions;
use serde::Serialize;

use super::{call::Call, reply};

/// Digits of a plan's fingerprint.
const FINGERPRINT: usize = 64;
/// Most tags of an `If-None-Match`.
const MOST_KNOWN: usize = 100;

/// The entity tag that the caller has seen; none where the request makes no condition. Weak tags
/// count as strong ones: proxies that compress make them weak.
///
/// # Errors
/// 422 for a header that is no single tag.
pub(crate) fn condition(call: &Call<'_>) -> Result<Option<String>> {
    let mut values = call.request.headers().get_all(IF_MATCH);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let inner = opaque(text).filter(|_| values.next().is_none());
    let wrong = || Error::header("If-Match", "Must be one entity tag such as \"12\", or *.");
    inner.map(|inner| Some(inner.to_owned())).ok_or_else(wrong)
}

/// Entity tags that the caller has the content of.
pub(crate) enum Known {
    /// Whatever there is.
    Any,
    /// These, without quotes.
    These(Vec<String>),
}

impl Known {
    /// Whether this is one of them.
    pub(crate) fn has(&self, tag: &str) -> bool {
        match self {
            Known::Any => true,
            Known::These(tags) => tags.iter().any(|known| known == tag),
        }
    }
}

/// The tags of `If-None-Match`, at most 100; weak ones count as strong ones, as the comparison of a
/// read is weak anyway (RFC 9110 section 13.1.2).
///
/// # Errors
/// 422 for a header that is no list of tags.
pub(crate) fn known(call: &Call<'_>) -> Result<Known> {
    let mut tags = Vec::new();
    let wrong = || {
        let detail = format!("Must be at most {MOST_KNOWN} entity tags such as \"12\", or *.");
        Error::header("If-None-Match", detail)
    };
    for value in call.request.headers().get_all(IF_NONE_MATCH) {
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Known::Any);
        }
        // None of our tags has a comma.
        for tag in text.split(',') {
            tags.push(opaque(tag.trim()).ok_or_else(wrong)?.to_owned());
            if tags.len() > MOST_KNOWN {
                return Err(wrong());
            }
        }
    }
    Ok(Known::These(tags))
}

/// What stands between the quotes of a tag, weak or strong.
fn opaque(tag: &str) -> Option<&str> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

/// The version that the caller has seen; none where the request makes no condition.
///
/// # Errors
/// As [`condition`]; 412 for a tag that no version ever had.
pub(crate) fn seen(call: &Call<'_>) -> Result<Option<i64>> {
    let version = condition(call)?.map(|inner| inner.parse());
    version.transpose().map_err(|_| {
        let detail = "If-Match does not name the present version; read it again.";
        Error::new(Code::PreconditionFailed, detail)
    })
}

/// A condition as the use cases of users and groups take it, whose versions the SCIM side moves too.
///
/// # Errors
/// As [`condition`].
pub(crate) fn preconditions(call: &Call<'_>) -> Result<Preconditions> {
    let Some(version) = seen(call)? else {
        return Ok(Preconditions::default());
    };
    Ok(Preconditions::parse(Some(&format!("\"{version}\"")), None)?)
}

/// The fingerprint of the plan that the caller has seen: `plan` in the query or the header
/// `If-Plan`. None where the request makes no such condition.
///
/// # Errors
/// 422 for what is no fingerprint, and where both are there and differ.
pub(crate) fn plan(call: &Call<'_>) -> Result<Option<String>> {
    let header = call.request.headers().get("if-plan");
    let header = header.map(|value| value.to_str().unwrap_or_default().trim());
    let (part, field, text) = match (call.query.get("plan"), header) {
        (Some(query), Some(header)) if query != header => {
            let detail = "Must be the same as the header If-Plan, or be left out.";
            return Err(Error::parameter("plan", detail));
        }
        (Some(query), _) => (Part::Query, "plan", query),
        (None, Some(header)) => (Part::Headers, "If-Plan", header),
        (None, None) => return Ok(None),
    };
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == FINGERPRINT && text.bytes().all(hex) {
        return Ok(Some(text.to_owned()));
    }
    let detail = "Must be the fingerprint of a plan: 64 lower-case hexadecimal digits.";
    Err(Error::fields(vec![FieldError::new(field, detail).of(part)]))
}

/// An answer with a version.
pub(crate) fn tagged(version: impl Display, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    set(&mut response, version);
    reply::json(&mut response, body)
}

/// The same for what was not there before.
pub(crate) fn created(version: impl Display, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Created();
    set(&mut response, version);
    reply::json(&mut response, body)
}

/// 304: the caller has what there is.
pub(crate) fn not_modified(version: impl Display) -> HttpResponse {
    let mut response = HttpResponse::NotModified();
    set(&mut response, version);
    response.finish()
}

fn set(response: &mut HttpResponseBuilder, version: impl Display) {
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.insert_header((ETAG, value));
    }
}
