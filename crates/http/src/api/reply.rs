//! JSON answers.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{HeaderValue, LOCATION},
};
use serde::Serialize;

use crate::{media::JSON, plane::API, refusal::to_json};

/// An answer about something new, whose place is a path below the admin API's prefix.
pub(crate) fn created(base: &str, path: &str, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Created();
    if let Ok(location) = HeaderValue::from_str(&format!("{base}{API}{path}")) {
        response.insert_header((LOCATION, location));
    }
    json(&mut response, body)
}

/// An answer that is JSON text already.
pub(crate) fn text(body: String) -> HttpResponse {
    HttpResponse::Ok().content_type(JSON).body(body)
}

/// A page of a list.
#[derive(Serialize)]
pub(crate) struct List<T> {
    pub items: Vec<T>,
    /// What to pass on to get the next page; none where this is the last one.
    pub next_cursor: Option<String>,
}

/// An answer with a JSON body.
pub(crate) fn json(response: &mut HttpResponseBuilder, body: &impl Serialize) -> HttpResponse {
    response.content_type(JSON).body(to_json(body))
}
