#![expect(clippy::unwrap_used, reason = "tests")]

use actix_web::http::header::{HeaderName, HeaderValue};

use super::*;

#[track_caller]
fn check(header: ForwardedHeader, peer: &str, sent: &[(&'static str, &str)], client: &str) {
    let trusted = ["10.0.0.0/8", "2001:db8::/32"];
    let trusted = trusted.map(|range| range.parse().unwrap()).to_vec();
    let mut headers = HeaderMap::new();
    for (name, value) in sent {
        let name = HeaderName::from_static(name);
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    let found = Proxies::new(trusted, header).client(peer.parse().unwrap(), &headers);
    assert_eq!(found.to_string(), client, "{peer} {sent:?}");
}

#[test]
fn abuse_57_only_a_trusted_proxy_names_the_client() {
    let x = |peer, value, client| {
        check(
            ForwardedHeader::XForwardedFor,
            peer,
            &[("x-forwarded-for", value)],
            client,
        );
    };
    x("203.0.113.9", "127.0.0.1", "203.0.113.9");
    x("10.0.0.1", "198.51.100.7", "198.51.100.7");
    x("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7");
    x("10.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7");
    x(
        "10.0.0.1",
        "127.0.0.1, 198.51.100.7, 10.0.0.2",
        "198.51.100.7",
    );
    x("10.0.0.1", "198.51.100.7:4711", "198.51.100.7");
    x("10.0.0.1", "[2a00::1]:4711", "2a00::1");
    x("2001:db8::1", "2a00::1", "2a00::1");
    x("10.0.0.1", "127.0.0.1, unknown", "10.0.0.1");
    x("10.0.0.1", "127.0.0.1, 10.0.0.2!", "10.0.0.1");
    x("10.0.0.1", "", "10.0.0.1");
    x("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3");
}

#[test]
fn several_headers_are_one_row_and_the_other_header_is_ignored() {
    let two = [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-for", "198.51.100.7"),
        ("forwarded", "for=192.0.2.1"),
    ];
    check(
        ForwardedHeader::XForwardedFor,
        "10.0.0.1",
        &two,
        "198.51.100.7",
    );
    check(ForwardedHeader::Forwarded, "10.0.0.1", &two, "192.0.2.1");
}

#[test]
fn the_standard_header_is_read_as_rfc_7239_writes_it() {
    let f = |value, client| {
        check(
            ForwardedHeader::Forwarded,
            "10.0.0.1",
            &[("forwarded", value)],
            client,
        );
    };
    f("for=192.0.2.60;proto=https;by=10.0.0.1", "192.0.2.60");
    f("For=\"[2a00:cafe::17]:4711\"", "2a00:cafe::17");
    f("for=192.0.2.43, for=10.0.0.7", "192.0.2.43");
    f("for=_hidden", "10.0.0.1");
    f("proto=https", "10.0.0.1");
}
