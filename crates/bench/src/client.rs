//! A small blocking HTTP/1.1 client: one connection that is kept, one buffer. It costs a few
//! microseconds a request, so that it is not what is measured.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Fault;

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The entity tag, where there is one.
    pub(crate) tag: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| {
            format!(
                "status {} with a body that is no JSON: {error}",
                self.status
            )
        })
    }

    /// This answer, where it has one of these statuses.
    pub(crate) fn expect(self, statuses: &[u16], what: &str) -> Result<Reply, Fault> {
        if statuses.contains(&self.status) {
            return Ok(self);
        }
        let body: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(240)
            .collect();
        Err(format!("{what}: status {} {body}", self.status))
    }
}

/// One client with one connection.
pub(crate) struct Client {
    address: SocketAddr,
    prefix: String,
    token: String,
    connection: Option<BufReader<TcpStream>>,
    out: Vec<u8>,
    /// How long every request took, in microseconds.
    pub(crate) micros: Vec<u32>,
}

impl Client {
    /// Talks to a server on loopback; paths are below the prefix.
    pub(crate) fn new(address: SocketAddr, prefix: &str, token: &str) -> Client {
        Client {
            address,
            prefix: prefix.to_owned(),
            token: token.to_owned(),
            connection: None,
            out: Vec::with_capacity(4096),
            micros: Vec::new(),
        }
    }

    /// GET.
    pub(crate) fn get(&mut self, path: &str) -> Result<Reply, Fault> {
        self.send("GET", path, "", None)
    }

    /// GET with `If-None-Match`.
    pub(crate) fn get_unless(&mut self, path: &str, tag: &str) -> Result<Reply, Fault> {
        self.send("GET", path, &format!("If-None-Match: {tag}\r\n"), None)
    }

    /// A request with a body.
    pub(crate) fn post(&mut self, method: &str, path: &str, body: &str) -> Result<Reply, Fault> {
        self.send(method, path, "", Some(body))
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: Option<&str>,
    ) -> Result<Reply, Fault> {
        let start = Instant::now();
        let kept = self.connection.is_some();
        let mut reply = self.exchange(method, path, headers, body);
        if reply.is_err() && kept {
            // The server may have closed an idle connection.
            self.connection = None;
            reply = self.exchange(method, path, headers, body);
        }
        let micros = start.elapsed().as_micros();
        self.micros.push(u32::try_from(micros).unwrap_or(u32::MAX));
        if reply.is_err() {
            self.connection = None;
        }
        reply.map_err(|error| format!("{method} {path}: {error}"))
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: Option<&str>,
    ) -> io::Result<Reply> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.address)?,
        };
        self.out.clear();
        write!(
            self.out,
            "{method} {}{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Accept: application/scim+json, application/json\r\n{headers}",
            self.prefix, self.address, self.token
        )?;
        if let Some(body) = body {
            // SCIM where it is SCIM; the admin API takes both.
            let length = body.len();
            write!(
                self.out,
                "Content-Type: application/scim+json\r\nContent-Length: {length}\r\n"
            )?;
        }
        self.out.extend_from_slice(b"\r\n");
        self.out
            .extend_from_slice(body.unwrap_or_default().as_bytes());
        connection.get_mut().write_all(&self.out)?;
        let (reply, keep) = read(&mut connection)?;
        self.connection = keep.then_some(connection);
        Ok(reply)
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_mins(2)))?;
    Ok(BufReader::with_capacity(64 * 1024, stream))
}

/// Reads an answer; the flag says whether the connection may be used again.
fn read(connection: &mut BufReader<TcpStream>) -> io::Result<(Reply, bool)> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    if connection.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|text| text.trim().parse().ok());
    let status: u16 = status.ok_or_else(|| bad("no status line"))?;
    let (mut length, mut tag, mut keep) = (None, None, true);
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else {
            continue;
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse::<usize>().ok();
        } else if name.eq_ignore_ascii_case("etag") {
            tag = Some(value.to_owned());
        } else if name.eq_ignore_ascii_case("connection") {
            keep = !value.eq_ignore_ascii_case("close");
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return read_chunks(connection, status, tag, keep);
        }
    }
    let mut body = vec![0; length.unwrap_or_default()];
    if matches!(status, 204 | 304) {
        body.clear();
    } else {
        connection.read_exact(&mut body)?;
    }
    Ok((Reply { status, tag, body }, keep))
}

/// The rest of the headers, and a body in chunks.
fn read_chunks(
    connection: &mut BufReader<TcpStream>,
    status: u16,
    tag: Option<String>,
    keep: bool,
) -> io::Result<(Reply, bool)> {
    let bad = |_| io::Error::new(io::ErrorKind::InvalidData, "bad size of a chunk");
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        connection.read_line(&mut line)?;
    }
    let mut body = Vec::new();
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16).map_err(bad)?;
        let at = body.len();
        body.resize(at + size, 0);
        connection.read_exact(&mut body[at..])?;
        line.clear();
        connection.read_line(&mut line)?;
        if size == 0 {
            return Ok((Reply { status, tag, body }, keep));
        }
    }
}

/// Percent-encodes the value of a query parameter.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
