//! TLS in the process: what clients are shown, and what happens when the files change.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
    time::Duration,
};

use rcgen::{CertificateParams, CertifiedKey, KeyPair, date_time_ymd, generate_simple_self_signed};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};

use crate::support::{Db, Server, command, eventually, run};

type Made = CertifiedKey<KeyPair>;

const NAME: &str = "scim.example.com";

fn made() -> Made {
    generate_simple_self_signed([NAME.to_owned()]).unwrap()
}

/// Puts both files into a folder.
fn put(folder: &Path, certificate: &str, key: &str) {
    fs::write(folder.join("key.pem"), key).unwrap();
    fs::write(folder.join("chain.pem"), certificate).unwrap();
}

fn put_pair(folder: &Path, pair: &Made) {
    put(folder, &pair.cert.pem(), &pair.signing_key.serialize_pem());
}

/// The settings that name them.
fn settings(folder: &Path) -> [(&'static str, String); 2] {
    let path = |name| folder.join(name).to_str().unwrap().to_owned();
    [
        ("ROLECALL__HTTP__TLS_CERTIFICATE", path("chain.pem")),
        ("ROLECALL__HTTP__TLS_KEY", path("key.pem")),
    ]
}

fn start(database: &Db) -> Server {
    let settings = settings(database.folder.path());
    let settings = settings
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    Server::start_with(database, &settings)
}

type Connection = BufReader<StreamOwned<ClientConnection, TcpStream>>;

/// A connection that trusts this certificate alone.
fn connect(server: &Server, trusted: &CertificateDer<'static>) -> std::io::Result<Connection> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(NAME).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(server.url.strip_prefix("https://").unwrap())?;
    let mut stream = StreamOwned::new(connection, stream);
    // The handshake, so that a certificate that is not trusted fails here.
    stream.flush()?;
    Ok(BufReader::new(stream))
}

/// The status of a request on a connection that stays open.
fn livez(connection: &mut Connection) -> std::io::Result<String> {
    let request = format!("GET /livez HTTP/1.1\r\nHost: {NAME}\r\n\r\n");
    connection.get_mut().write_all(request.as_bytes())?;
    let (mut first, mut length) = (String::new(), 0);
    connection.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        connection.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    connection.read_exact(&mut vec![0; length])?;
    Ok(first.trim().to_owned())
}

#[test]
fn a_renewed_certificate_is_taken_and_open_connections_go_on() {
    let database = Db::sqlite();
    let folder = database.folder.path();
    let (first, second) = (made(), made());
    put_pair(folder, &first);
    let server = start(&database);
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let mut open = connect(&server, first.cert.der()).unwrap();
    assert_eq!(livez(&mut open).unwrap(), "HTTP/1.1 200 OK");
    assert!(connect(&server, second.cert.der()).is_err(), "not that one");
    // Another one's key: the pair before goes on, which the log says.
    put(
        folder,
        &second.cert.pem(),
        &first.signing_key.serialize_pem(),
    );
    eventually(|| server.log().contains("the one before goes on"));
    assert!(connect(&server, first.cert.der()).is_ok());
    put_pair(folder, &second);
    eventually(|| connect(&server, second.cert.der()).is_ok());
    assert!(
        connect(&server, first.cert.der()).is_err(),
        "it was renewed"
    );
    assert_eq!(livez(&mut open).unwrap(), "HTTP/1.1 200 OK");
    drop(open);
    let port = server.url.rsplit(':').next().unwrap();
    let mut check = command(&database);
    check.envs(settings(folder));
    check.args([
        "healthcheck",
        "--set",
        &format!("http.bind=127.0.0.1:{port}"),
    ]);
    assert_eq!(run(&mut check).code, 0);
    // Plain HTTP is not spoken on this port.
    let address = server.url.strip_prefix("https://").unwrap();
    let mut plain = TcpStream::connect(address).unwrap();
    plain
        .write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    // Closed with or without an alert; whichever, it is no HTTP.
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    server.stop();
}

/// A certificate that is good for so many more days, give or take a day.
fn ending_in(days: u64) -> (String, String) {
    let signing_key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new([NAME.to_owned()]).unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "the server has the machine's time"
    )]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let day = Duration::from_hours(24);
    parameters.not_before = date_time_ymd(2020, 1, 1);
    let days = u32::try_from(days).unwrap();
    parameters.not_after = date_time_ymd(1970, 1, 1) + since.unwrap() + day * days;
    let certificate = parameters.self_signed(&signing_key).unwrap();
    (certificate.pem(), signing_key.serialize_pem())
}

#[test]
fn the_end_of_the_certificate_is_told_by_the_server_and_the_doctor() {
    let database = Db::sqlite();
    let folder = database.folder.path();
    let (certificate, key) = ending_in(5);
    put(folder, &certificate, &key);
    let server = start(&database);
    let soon = "the TLS certificate (http.tls_certificate) ends soon: renew it";
    let told = |server: &Server, days: u32| {
        let days = format!("\"days\":{days},");
        let log = server.log();
        let mut lines = log.lines().filter(|line| line.contains(soon));
        lines.any(|line| line.contains(&days))
    };
    assert!(told(&server, 7), "{}", server.log());
    let doctor = || {
        let mut doctor = command(&database);
        doctor.envs(settings(folder)).args(["doctor", "--json"]);
        let found = run(&mut doctor).json();
        let items = found["items"].as_array().unwrap().clone();
        items
            .into_iter()
            .find(|item| item["what"] == "TLS")
            .unwrap()
    };
    let found = doctor();
    assert_eq!(found["health"], "warning");
    let detail = found["detail"].as_str().unwrap();
    assert!(detail.contains("renew the certificate"), "{detail}");
    let (certificate, key) = ending_in(20);
    put(folder, &certificate, &key);
    eventually(|| told(&server, 30));
    let (certificate, key) = ending_in(300);
    put(folder, &certificate, &key);
    let found = doctor();
    assert_eq!(found["health"], "good", "{found}");
    server.stop();
}

#[test]
fn files_that_are_not_right_are_named_at_the_start() {
    let database = Db::sqlite();
    let folder = database.folder.path();
    let refused = |says: &[&str]| {
        for arguments in [&["serve"][..], &["config", "check"]] {
            let mut command = command(&database);
            command.envs(settings(folder)).args(arguments);
            run(&mut command).refused(78, says);
        }
    };
    let (pair, other) = (made(), made());
    let (chain, key) = (pair.cert.pem(), pair.signing_key.serialize_pem());
    refused(&[
        "http.tls_certificate (environment, ROLECALL__HTTP__TLS_CERTIFICATE)",
        "cannot be read",
    ]);
    put(folder, &chain, &other.signing_key.serialize_pem());
    refused(&["http.tls_key", "is not the key of the certificate"]);
    put(folder, &key, &chain);
    refused(&["http.tls_certificate", "BEGIN CERTIFICATE"]);
    put(folder, &chain, &chain);
    refused(&["http.tls_key", "are the two files swapped?"]);
    put(folder, &chain, "no key");
    refused(&["http.tls_key", "BEGIN PRIVATE KEY"]);
    let signing_key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new([NAME.to_owned()]).unwrap();
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(2021, 1, 1);
    let old = parameters.self_signed(&signing_key).unwrap();
    put(folder, &old.pem(), &signing_key.serialize_pem());
    refused(&["http.tls_certificate", "has ended on 2021-01-01"]);
    let there = folder.join("rolecall.db").exists();
    assert!(!there, "the database was touched");
}
