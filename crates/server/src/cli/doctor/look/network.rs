//! Who reaches the server, how, and under which name.

use std::net::ToSocketAddrs;

use app::{ending, port::Millis, representation::time};

use super::{Finding, Health};
use crate::{clock, serve, settings::Settings};

/// Public URL, listener, proxies and certificate.
pub(super) fn all(settings: &Settings) -> Vec<Finding> {
    let mut found = vec![url(settings), listener(settings)];
    found.extend(proxy(settings));
    if settings.tls.is_some() {
        found.push(tls(settings));
    }
    found
}

fn url(settings: &Settings) -> Finding {
    let url = settings.public_url(settings.bind);
    if settings.public_url.is_none() {
        let detail = format!(
            "links begin with {url}, because http.public_url is not set: good enough for trying, \
             but an identity provider needs a name that it can reach"
        );
        return Finding::new("public URL", Health::Warning, detail);
    }
    if resolves(&url) {
        let detail = format!("links begin with {url}, and the name is known here");
        return Finding::new("public URL", Health::Good, detail);
    }
    let detail = format!(
        "links begin with {url}, a name that this machine cannot find: look at the DNS, or at \
         http.public_url"
    );
    Finding::new("public URL", Health::Warning, detail)
}

/// Whether there is an address behind the URL's name.
fn resolves(url: &str) -> bool {
    let (port, authority) = match url.split_once("://") {
        Some(("https", rest)) => (443, rest),
        Some((_, rest)) => (80, rest),
        None => return false,
    };
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let target = if has_port {
        authority.to_owned()
    } else {
        format!("{authority}:{port}")
    };
    target
        .to_socket_addrs()
        .is_ok_and(|mut found| found.next().is_some())
}

fn listener(settings: &Settings) -> Finding {
    let bind = settings.bind;
    if settings.plain_in_public {
        let detail = format!(
            "others can reach {bind} and nothing encrypts (http.insecure_plain_http): set \
             http.tls_certificate and http.tls_key, or put a proxy in front"
        );
        return Finding::new("network", Health::Warning, detail);
    }
    let how = match (&settings.tls, bind.ip().is_loopback()) {
        (Some(_), _) => "speaks TLS",
        (None, true) => "is reached from this machine only",
        (None, false) => "stands behind a proxy that ends TLS",
    };
    Finding::new("network", Health::Good, format!("{bind} {how}"))
}

fn tls(settings: &Settings) -> Finding {
    match serve::tls_of(settings) {
        Ok(Some(tls)) => certificate(tls.ends()),
        Ok(None) => Finding::new("TLS", Health::Good, "is not spoken here"),
        Err(failure) => Finding::new("TLS", Health::Bad, super::sentence(&failure)),
    }
}

/// A certificate that is good now, and its key's.
fn certificate(ends: Millis) -> Finding {
    let detail = format!("certificate and key belong together, until {}", time(ends));
    if ending::due(ends, clock::now()).is_none() {
        return Finding::new("TLS", Health::Good, detail);
    }
    let detail = format!("{detail}: renew the certificate; a running server takes the new one");
    Finding::new("TLS", Health::Warning, detail)
}

/// Behind a proxy that is not named, all clients have its address.
fn proxy(settings: &Settings) -> Option<Finding> {
    if !settings.behind_tls_proxy {
        return None;
    }
    if settings.proxies.is_empty() {
        let detail = "http.behind_tls_proxy is set and http.trusted_proxies is empty: in limits, in \
                      ranges of keys and in the log every client has the proxy's address; name the \
                      proxy's address there";
        return Some(Finding::new("proxy", Health::Warning, detail));
    }
    let detail = "what the trusted proxies say of the client's address is believed";
    Some(Finding::new("proxy", Health::Good, detail))
}
