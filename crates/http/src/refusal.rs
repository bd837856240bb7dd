//! Why a request was not answered as it wanted, as a SCIM error and as a problem document.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{ALLOW, RETRY_AFTER},
    },
};
use app::{
    Error,
    error::{Code, FieldError, Part},
    port::StoreError,
};
use serde::Serialize;
use uuid::Uuid;

use crate::media::PROBLEM;

/// Seconds after which a refused client may come again. Some clients read whole numbers only.
const RETRY_AFTER_SECONDS: &str = "1";

/// A refused request.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// By the application or the protocol.
    Error(Error),
    /// The path is there, the method is not; these are.
    Method(Vec<&'static str>),
    /// More than is taken from there; what is in order again after so many seconds.
    Later(u64),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Refusal::Error(error.into())
    }
}

impl Refusal {
    /// Too much came from there; it may come again after so many seconds.
    pub(crate) fn later(seconds: u64) -> Refusal {
        Refusal::Later(seconds.max(1))
    }

    /// Another method than these, to which HEAD belongs where GET does.
    pub(crate) fn method(methods: impl Iterator<Item = &'static str>) -> Refusal {
        let with_head = |method| [Some(method), (method == "GET").then_some("HEAD")];
        Refusal::Method(methods.flat_map(with_head).flatten().collect())
    }

    /// A panic, which is our fault and tells nothing.
    pub(crate) fn panicked() -> Refusal {
        let cause = std::io::Error::other("the request's handler panicked");
        Error::Store(StoreError::Broken(std::sync::Arc::new(cause))).into()
    }

    /// As the SCIM surface answers it (RFC 7644 section 3.12).
    pub(crate) fn scim(&self, media: &'static str) -> HttpResponse {
        let error = self.scim_error();
        self.respond(error.status)
            .content_type(media)
            .body(error.body().to_string())
    }

    /// The refusal as an error of the protocol.
    pub(crate) fn scim_error(&self) -> scim::Error {
        match self {
            Refusal::Error(error) => error.to_scim(),
            Refusal::Method(_) => scim::Error::new(405, self.detail()),
            Refusal::Later(_) => scim::Error::new(429, self.detail()),
        }
    }

    /// As the admin API answers it (RFC 9457).
    pub(crate) fn problem(&self, request: Uuid) -> HttpResponse {
        let spec = self.code().spec();
        let fields: &[FieldError] = match self {
            Refusal::Error(Error::Coded { fields, .. }) => fields,
            _ => &[],
        };
        let fingerprint = match self {
            Refusal::Error(Error::PlanChanged { fingerprint, .. }) => Some(fingerprint.as_str()),
            _ => None,
        };
        let status = match self {
            Refusal::Error(Error::Scim(error)) => error.status,
            _ => spec.status,
        };
        let problem = Problem {
            r#type: format!("urn:rolecall:error:{}", spec.name),
            title: spec.title,
            status,
            detail: self.detail(),
            code: spec.name,
            errors: fields.iter().map(FaultView::new).collect(),
            snapshot_cursor: match self {
                Refusal::Error(Error::EventsGone { snapshot_cursor }) => {
                    Some(snapshot_cursor.to_string())
                }
                _ => None,
            },
            fingerprint,
            instance: format!("urn:uuid:{request}"),
        };
        self.respond(status)
            .content_type(PROBLEM)
            .body(to_json(&problem))
    }

    /// Tells the log, once per request: what is our fault or the database's with its causes, what
    /// the client got wrong by its code alone.
    pub(crate) fn log(&self) {
        let Refusal::Error(error) = self else { return };
        if !error.is_fault() {
            tracing::info!(code = self.code().spec().name, "a request was refused");
            return;
        }
        let causes = causes(error);
        if error.code() == Code::Unavailable {
            tracing::warn!(%causes, "a request was turned away");
        } else {
            tracing::error!(%causes, "a request failed");
        }
    }

    pub(crate) fn code(&self) -> Code {
        match self {
            Refusal::Error(error) => error.code(),
            Refusal::Method(_) => Code::MethodNotAllowed,
            Refusal::Later(_) => Code::TooManyRequests,
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Refusal::Error(error) => error.detail(),
            Refusal::Method(allowed) => format!("Allowed here: {}.", allowed.join(", ")),
            Refusal::Later(seconds) => format!(
                "More requests or more wrong keys come from there than are taken. Try again after \
                 {seconds} s."
            ),
        }
    }

    /// Status, and the headers that belong to it.
    fn respond(&self, status: u16) -> HttpResponseBuilder {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        match self.code() {
            Code::Unavailable | Code::TooManyRequests => {
                response.insert_header((RETRY_AFTER, RETRY_AFTER_SECONDS));
            }
            _ => {}
        }
        match self {
            Refusal::Method(allowed) => {
                response.insert_header((ALLOW, allowed.join(", ")));
            }
            Refusal::Later(seconds) => {
                response.insert_header((RETRY_AFTER, *seconds));
            }
            Refusal::Error(_) => {}
        }
        response
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultView<'a>>,
    /// Of events that are gone: where to follow the feed after reading all access.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot_cursor: Option<String>,
    /// Of the plan as it is now; with `plan_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    instance: String,
}

/// One field that is not right. Besides `field` it has at most one of the other three, which say
/// where it is.
#[derive(Serialize)]
struct FaultView<'a> {
    /// Dotted path, or name of the parameter or header.
    field: &'a str,
    /// JSON pointer into the body, as a URI fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// Name of the query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    /// Name of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
    detail: &'a str,
}

impl FaultView<'_> {
    fn new(fault: &FieldError) -> FaultView<'_> {
        let field = fault.field.as_str();
        FaultView {
            field,
            pointer: (fault.part == Part::Body).then(|| pointer(field)),
            parameter: Some(field).filter(|_| fault.part == Part::Query),
            header: Some(field).filter(|_| fault.part == Part::Headers),
            detail: &fault.detail,
        }
    }
}

/// `list[0].name` as `#/list/0/name`; the body itself is `#`.
fn pointer(field: &str) -> String {
    let mut pointer = "#".to_owned();
    if field == "body" {
        return pointer;
    }
    for name in field.split(['.', '[']) {
        pointer.push('/');
        pointer.push_str(name.trim_end_matches(']'));
    }
    pointer
}

/// JSON text of our own types, which have string keys only and so cannot fail.
pub(crate) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn pointers_into_bodies() {
        for (field, right) in [
            ("body", "#"),
            ("name", "#/name"),
            ("connection.sso.issuer", "#/connection/sso/issuer"),
            ("organization[10].role", "#/organization/10/role"),
        ] {
            assert_eq!(pointer(field), right);
        }
    }
}
