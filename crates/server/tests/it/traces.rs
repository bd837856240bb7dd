//! Traces: a collector of our own is sent the spans of requests.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use crate::support::{Db, Server, command, org_with_key, run};

/// Takes whatever is sent, answers 200, and hands on the first line and the body.
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, taken) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            take(stream.unwrap(), &sender);
        }
    });
    (url, taken)
}

fn take(stream: TcpStream, sender: &Sender<(String, Vec<u8>)>) {
    let mut stream = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    stream.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    // Before the answer, so that who has it has been told.
    let _ = sender.send((first.trim().to_owned(), body));
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.get_mut().write_all(answer).unwrap();
}

/// A request of a caller with a trace of its own.
fn called_from(server: &Server, token: &str, parent: &str) {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let request = format!("{head}Authorization: Bearer {token}\r\nTraceparent: {parent}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_collector_is_sent_the_spans_of_requests() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let (url, sent) = collector();
    let settings = [
        ("ROLECALL__OTLP__ENDPOINT", url.as_str()),
        // Traces are whole whatever is logged.
        ("ROLECALL__LOG__LEVEL", "warn,rolecall=info"),
    ];
    let server = Server::start_with(&database, &settings);
    let scim = server.client("/scim/v2", &token);
    let ada = scim.add_user("ada@example.com");
    scim.get(&format!("/Users/{ada}"));
    called_from(
        &server,
        &token,
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    );
    called_from(
        &server,
        &token,
        "00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
    );
    server.client("", "").ask("GET", "/nothing/here", None);
    server.stop();
    let all: Vec<(String, Vec<u8>)> = sent.try_iter().collect();
    let lines: Vec<&str> = all.iter().map(|(line, _)| line.as_str()).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| *line == "POST /v1/traces HTTP/1.1"));
    let bytes: Vec<u8> = all.into_iter().flat_map(|(_, body)| body).collect();
    let has = |id: &[u8]| bytes.windows(id.len()).any(|part| part == id);
    let (trace, caller) = (
        0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128,
        0x00f0_67aa_0ba9_02b7_u64,
    );
    assert!(
        has(&trace.to_be_bytes()) && has(&caller.to_be_bytes()),
        "no part of the caller's"
    );
    let unsampled = 0x5bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128;
    assert!(
        !has(&unsampled.to_be_bytes()),
        "the caller keeps nothing of it"
    );
    let text = String::from_utf8_lossy(&bytes);
    for wanted in [
        "GET /scim/v2/Users/{id}",
        "POST /scim/v2/Users",
        "http.route",
        "http.response.status_code",
        "rolecall.org",
        "acme",
        "rolecall.id",
        "service.name",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text:?}");
    }
    for secret in [&ada, "ada@example.com", "/nothing/here"] {
        assert!(!text.contains(secret), "{secret} is in {text:?}");
    }
    assert_eq!(testkit::secrets::find(&bytes), None);
}

#[test]
fn a_collector_that_is_away_keeps_nobody_waiting() {
    let database = Db::sqlite();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let server = Server::start_with(&database, &[("ROLECALL__OTLP__ENDPOINT", &url)]);
    assert_eq!(server.client("", "").ask("GET", "/livez", None).0, 200);
    server.stop();
    let log = std::fs::read_to_string(database.folder.path().join("server.log")).unwrap();
    assert!(
        log.contains("traces cannot be sent to the collector"),
        "{log}"
    );
}

#[test]
fn a_collectors_url_is_checked() {
    let database = Db::sqlite();
    let mut check = command(&database);
    check.args(["config", "check", "--set", "otlp.endpoint=127.0.0.1:4318"]);
    run(&mut check).refused(78, &["otlp.endpoint", "http://127.0.0.1:4318"]);
}
