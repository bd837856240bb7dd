//! Addresses, URLs, proxies and TLS: who can reach the server, and how it is called.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
};

use domain::address::Range;
use http::ForwardedHeader;

use super::Written;

/// PEM files for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// The chain, leaf first.
    pub(crate) certificate: PathBuf,
    /// The leaf's private key.
    pub(crate) key: PathBuf,
}

/// Certificate and key belong together.
pub(super) fn tls(written: &Written) -> Result<Option<TlsFiles>, String> {
    let (certificate, key) = (&written.http.tls_certificate, &written.http.tls_key);
    if certificate.is_empty() && key.is_empty() {
        return Ok(None);
    }
    if certificate.is_empty() || key.is_empty() {
        return Err(
            "http.tls_certificate and http.tls_key belong together: each has to be the path of a \
             PEM file, or both be empty"
                .to_owned(),
        );
    }
    Ok(Some(TlsFiles {
        certificate: certificate.into(),
        key: key.into(),
    }))
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric.parse().map_err(|_| {
        "must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned()
    })
}

/// An address, or none where the text is empty.
pub(super) fn maybe(text: &str) -> Result<Option<SocketAddr>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    address(text).map(Some)
}

pub(super) fn ranges(list: &[String]) -> Result<Vec<Range>, String> {
    let read = |(place, text): (usize, &String)| {
        text.parse()
            .map_err(|error| format!("entry {} of the list {error}", place + 1))
    };
    list.iter().enumerate().map(read).collect()
}

pub(super) fn header(text: &str) -> Result<ForwardedHeader, String> {
    match text {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        _ => Err("must be one of: x-forwarded-for, forwarded".to_owned()),
    }
}

/// A public bind without TLS gives keys away, so it has to be said aloud.
pub(super) fn reachable(bind: SocketAddr, written: &Written) -> Result<(), String> {
    let http = &written.http;
    let encrypted = http.behind_tls_proxy || !http.tls_certificate.is_empty();
    if bind.ip().is_loopback() || encrypted || http.insecure_plain_http {
        return Ok(());
    }
    Err(
        "others can reach this address and nothing encrypts. Say which of these it shall be:
    a certificate: `http.tls_certificate = \"/path/fullchain.pem\"` and \
         `http.tls_key = \"/path/key.pem\"`
    a proxy in front that ends TLS: `http.behind_tls_proxy = true` and `http.public_url` \
         (environment: ROLECALL__HTTP__BEHIND_TLS_PROXY=true)
    keys and personal data may cross this network in the clear: `http.insecure_plain_http = true` \
         (environment: ROLECALL__HTTP__INSECURE_PLAIN_HTTP=true)"
            .to_owned(),
    )
}

/// Metrics are answered there without a key, so that others may reach it only where that was said
/// aloud; and one port has one listener.
pub(super) fn operators_own(metrics: SocketAddr, written: &Written) -> Result<(), String> {
    if metrics.port() != 0 && address(&written.http.bind) == Ok(metrics) {
        return Err("must be another address or port than http.bind".to_owned());
    }
    if metrics.ip().is_loopback() || written.metrics.allow_others {
        return Ok(());
    }
    Err(
        "others can reach this address, and metrics are answered there without a key and without \
         TLS. Use a loopback address such as 127.0.0.1:9090, ask /metrics on http.bind with an \
         owner key, or, where only your monitoring reaches it, add `metrics.allow_others = true` \
         (environment: ROLECALL__METRICS__ALLOW_OTHERS=true)"
            .to_owned(),
    )
}

/// Where traces are sent, without a final slash; none where the text is empty.
pub(super) fn collector(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if cfg!(not(feature = "otlp")) {
        return Err(
            "this binary sends no traces: build one with `cargo build --release -p rolecall \
             --features otlp`, or leave it empty"
                .to_owned(),
        );
    }
    let text = text.strip_suffix('/').unwrap_or(text);
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    let visible = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic());
    if rest.is_some_and(visible) {
        return Ok(Some(text.to_owned()));
    }
    Err(
        "must be the http:// or https:// URL of a collector, such as http://127.0.0.1:4318; \
         /v1/traces is added to it"
            .to_owned(),
    )
}

/// Whether the public URL is what clients can use: behind a proxy nothing tells us our own name,
/// and where TLS is spoken a plain URL would lead nowhere.
pub(super) fn fits(url: Option<&str>, written: &Written) -> Result<(), String> {
    let secure = url.is_some_and(|url| url.starts_with("https://"));
    if written.http.behind_tls_proxy && !secure {
        return Err(
            "has to be the https:// URL of the proxy, such as https://scim.example.com, because \
             http.behind_tls_proxy is true"
                .to_owned(),
        );
    }
    if !written.http.tls_certificate.is_empty() && url.is_some() && !secure {
        return Err(
            "has to begin with https://, because http.tls_certificate is set and plain HTTP is \
             not spoken"
                .to_owned(),
        );
    }
    Ok(())
}

pub(super) fn public_url(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let text = text.strip_suffix('/').unwrap_or(text);
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let authority = |rest: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:[]%".contains(c);
        !rest.is_empty() && !rest.starts_with(':') && rest.chars().all(allowed)
    };
    if rest.is_some_and(authority) {
        return Ok(Some(text.to_owned()));
    }
    Err(
        "must be http:// or https:// and a host, perhaps a port, without a path: \
         https://scim.example.com"
            .to_owned(),
    )
}

/// Where to reach a server of this machine that listens at `address`.
pub(crate) fn loopback_of(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
