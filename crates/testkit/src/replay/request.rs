//! What is sent and what comes back.

use std::collections::BTreeMap;
use std::io;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::path;
use super::variables::Variables;

/// A request below the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET` and so on.
    pub method: String,
    /// Path and query below the base URL, percent-encoded.
    pub path: String,
    /// Names as sent, each once. Neither `Host` nor `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body, if any.
    pub body: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body, decoded; empty where there is none.
    pub body: Vec<u8>,
}

/// Takes a request to the server under test and brings the answer. Called from several threads
/// where a step is parallel.
pub trait Transport: Sync {
    /// Sends one request.
    ///
    /// # Errors
    /// No answer came.
    fn send(&self, request: &Request) -> io::Result<Answer>;
}

/// A step's request with all variables replaced.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    method: String,
    path: String,
    #[serde(default)]
    headers: Map<String, Value>,
    body: Option<Value>,
    #[serde(rename = "rawBody")]
    raw_body: Option<String>,
    #[serde(rename = "bodyFrom")]
    body_from: Option<String>,
    #[serde(rename = "bodySet", default)]
    body_set: Map<String, Value>,
}

/// The request of a step.
///
/// # Errors
/// A sentence on what is wrong with the step.
pub(super) fn build(step: &Value, variables: &Variables, token: &str) -> Result<Request, String> {
    let unresolved = |name: super::variables::Unresolved| {
        format!("variable {{{{{}}}}} was never captured", name.0)
    };
    let step = variables.substitute(step).map_err(unresolved)?;
    let written: Written =
        serde_json::from_value(step).map_err(|error| format!("the step's request: {error}"))?;
    let body = match (&written.raw_body, &written.body_from, &written.body) {
        (Some(text), _, _) => Some(text.clone()),
        (None, Some(from), _) => {
            let captured = variables.get(from).map_err(unresolved)?;
            Some(modified(captured.clone(), &written.body_set)?)
        }
        (None, None, body) => body.as_ref().map(Value::to_string),
    };
    Ok(Request {
        headers: headers(&written.headers, token, body.is_some()),
        method: written.method,
        path: encode(&written.path),
        body,
    })
}

fn modified(mut captured: Value, changes: &Map<String, Value>) -> Result<String, String> {
    for (path, value) in changes {
        path::put(&mut captured, path, value.clone())?;
    }
    Ok(captured.to_string())
}

/// The default headers with the step's own over them; null drops one.
fn headers(own: &Map<String, Value>, token: &str, has_body: bool) -> Vec<(String, String)> {
    let mut headers = vec![
        ("Accept".to_owned(), "application/scim+json".to_owned()),
        ("User-Agent".to_owned(), "replay".to_owned()),
    ];
    if !token.is_empty() {
        headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
    }
    if has_body {
        headers.push((
            "Content-Type".to_owned(),
            "application/scim+json".to_owned(),
        ));
    }
    for (name, value) in own {
        headers.retain(|(old, _)| !old.eq_ignore_ascii_case(name));
        if let Some(value) = value.as_str() {
            headers.push((name.clone(), value.to_owned()));
        }
    }
    headers
}

/// Percent-encodes what may not stand in a request line; everything else goes byte for byte.
fn encode(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && !br#""<>[]\^`{|}"#.contains(&byte);
    let written = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.bytes().map(written).collect()
}
