//! JSON answers.

use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use crate::{media::JSON, refusal::to_json};

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
