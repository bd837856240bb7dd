//! Media types in and out (D36).

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use app::{Error, Result, error::Code};

pub(crate) const SCIM: &str = "application/scim+json";
pub(crate) const JSON: &str = "application/json";
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Refuses bodies that are not read here. A body without a type is taken for JSON.
///
/// # Errors
/// 415.
pub(crate) fn check_body(headers: &HeaderMap, known: &[&str]) -> Result<()> {
    if headers
        .get_all(CONTENT_ENCODING)
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        return Err(Error::new(
            Code::UnsupportedMediaType,
            "Compressed bodies are not read; send the body without Content-Encoding.",
        ));
    }
    for value in headers.get_all(CONTENT_TYPE) {
        let essence = value.to_str().ok().map(essence);
        if !essence.is_some_and(|essence| {
            known
                .iter()
                .any(|known| essence.eq_ignore_ascii_case(known))
        }) {
            let detail = format!("Send the body with Content-Type: {}.", known.join(" or "));
            return Err(Error::new(Code::UnsupportedMediaType, detail));
        }
    }
    Ok(())
}

/// Said of a request whose answer is SCIM's own type whatever it accepts.
struct OwnType;

/// From here on every answer to this request, refusals too, is of SCIM's own type.
pub(crate) fn own_type(request: &HttpRequest) {
    request.extensions_mut().insert(OwnType);
}

/// The type of the SCIM answer to this request.
pub(crate) fn scim_answer(request: &HttpRequest) -> &'static str {
    if request.extensions().contains::<OwnType>() {
        return SCIM;
    }
    accepted(request.headers())
}

/// SCIM's own type, unless the client names `application/json` and neither that nor anything.
fn accepted(headers: &HeaderMap) -> &'static str {
    let (mut plain, mut scim) = (false, false);
    for value in headers
        .get_all(ACCEPT)
        .filter_map(|value| value.to_str().ok())
    {
        for range in value.split(',').map(essence) {
            plain |= range.eq_ignore_ascii_case(JSON);
            scim |= range == "*/*" || range.eq_ignore_ascii_case(SCIM);
        }
    }
    if plain && !scim { JSON } else { SCIM }
}

/// A media type without its parameters.
fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[track_caller]
    fn check_accept(accept: &str, answered: &str) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        assert_eq!(accepted(&headers), answered, "{accept}");
    }

    #[test]
    fn answers() {
        assert_eq!(accepted(&HeaderMap::new()), SCIM);
        check_accept("application/json", JSON);
        check_accept("Application/JSON; q=0.9", JSON);
        check_accept("application/json, */*", SCIM);
        check_accept("application/json, application/scim+json", SCIM);
        check_accept("text/html", SCIM);
    }

    #[track_caller]
    fn check(name: &str, value: &str, good: bool) {
        let mut headers = HeaderMap::new();
        let name: actix_web::http::header::HeaderName = name.parse().unwrap();
        headers.insert(name, value.parse().unwrap());
        assert_eq!(check_body(&headers, &[SCIM, JSON]).is_ok(), good, "{value}");
    }

    #[test]
    fn bodies() {
        assert!(check_body(&HeaderMap::new(), &[JSON]).is_ok());
        check("content-type", "application/scim+json; charset=utf-8", true);
        check("content-type", "APPLICATION/JSON", true);
        check("content-type", "text/plain", false);
        check("content-type", "application/jsonx", false);
        check("content-type", "", false);
        check("content-encoding", "gzip", false);
        check("content-encoding", "identity", true);
    }
}
