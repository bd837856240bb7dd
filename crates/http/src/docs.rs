//! What there is to read about the admin API: the OpenAPI document, and a page made of it. Both
//! need no key: they tell what is in the source. Nothing comes from elsewhere, and nothing runs.

mod page;
mod schemas;
mod text;

use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    http::{Method, header::CONTENT_SECURITY_POLICY},
};

use crate::{api::openapi, media::JSON, refusal::Refusal};

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/api/v1/openapi.json`
    OpenApi,
    /// `/docs`
    Docs,
    /// `/docs/style.css`
    Style,
}

/// The page may show itself and its style sheet, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("docs/style.css");

static OPENAPI: LazyLock<String> = LazyLock::new(|| openapi::text().unwrap_or_default());
static DOCS: LazyLock<String> = LazyLock::new(page::render);

impl Page {
    pub(crate) const ALL: &[Page] = &[Page::OpenApi, Page::Docs, Page::Style];

    pub(crate) fn of(path: &str) -> Option<Page> {
        match path {
            "/api/v1/openapi.json" => Some(Page::OpenApi),
            "/docs" | "/docs/" => Some(Page::Docs),
            "/docs/style.css" => Some(Page::Style),
            _ => None,
        }
    }

    /// For the span.
    pub(crate) fn template(self) -> &'static str {
        match self {
            Page::OpenApi => "/api/v1/openapi.json",
            Page::Docs => "/docs",
            Page::Style => "/docs/style.css",
        }
    }
}

/// Answers what is read.
pub(crate) fn answer(page: Page, method: &Method) -> Result<HttpResponse, Refusal> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Refusal::method(["GET"].into_iter()));
    }
    let (media, text) = match page {
        Page::OpenApi => (JSON, OPENAPI.as_str()),
        Page::Docs => ("text/html; charset=utf-8", DOCS.as_str()),
        Page::Style => ("text/css; charset=utf-8", STYLE),
    };
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(text))
}
