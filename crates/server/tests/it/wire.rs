//! Bytes on the wire that no HTTP library would send.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::support::{Db, Server, org_with_key};

/// Everything that comes back until the server closes the connection.
fn sent(server: &Server, request: &[u8]) -> String {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may refuse and close before all is sent.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request that two readers would end at different places is refused, and nothing that lies
/// behind it is taken for a request of its own.
#[test]
fn abuse_58_what_can_be_read_in_two_ways_is_refused_and_closed() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    let smuggled = format!(
        "DELETE /scim/v2/Users/{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n",
        client.add_user("ada@example.com")
    );
    let length = smuggled.len();
    let begin = "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let large = "a".repeat(1 << 20);
    for (what, head) in [
        (
            "a length and chunks",
            format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ),
        (
            "two lengths",
            format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n"),
        ),
        (
            "a length that is no number",
            format!("Content-Length: +{length}\r\n\r\n"),
        ),
        ("a folded header", "X-A: b\r\n c: d\r\n\r\n".to_owned()),
        (
            "a name with a space",
            format!("Content-Length : {length}\r\n\r\n"),
        ),
        (
            "another coding",
            "Transfer-Encoding: xchunked\r\n\r\n".to_owned(),
        ),
        ("a header of a megabyte", format!("X-A: {large}\r\n\r\n")),
    ] {
        let answer = sent(&server, format!("{begin}{head}{smuggled}").as_bytes());
        let statuses = answer.matches("HTTP/1.1 ").count();
        assert!(statuses <= 1, "{what}: two answers: {answer}");
        let refused = answer.is_empty()
            || ["400", "401", "431", "501"]
                .iter()
                .any(|status| answer.starts_with(&format!("HTTP/1.1 {status}")));
        assert!(refused, "{what}: {answer}");
    }
    let found = client.get("/Users?filter=userName%20eq%20%22ada@example.com%22");
    assert_eq!(found["totalResults"], 1, "somebody got through");
    server.stop();
}

/// HEAD has the head of GET, with the length of the body that is not there.
#[test]
fn head_has_the_length_of_what_it_leaves_out() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    let path = format!("/scim/v2/Users/{}", client.add_user("ada@example.com"));
    for path in [
        path.as_str(),
        "/scim/v2/Users",
        "/scim/v2/Users/x",
        "/livez",
    ] {
        let ask = |method: &str| {
            let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
            let request = format!("{head}Authorization: Bearer {token}\r\n\r\n");
            sent(&server, request.as_bytes())
        };
        let (get, head) = (ask("GET"), ask("HEAD"));
        let (get, body) = get.split_once("\r\n\r\n").unwrap();
        let (head, nothing) = head.split_once("\r\n\r\n").unwrap();
        let length = format!("content-length: {}", body.len());
        assert_eq!(nothing, "", "{path}");
        assert_eq!(head.lines().next(), get.lines().next(), "{path}");
        assert!(
            head.lines().any(|line| line.eq_ignore_ascii_case(&length)),
            "{head}"
        );
    }
    server.stop();
}
