//! A small HTTP/1.1 client: one connection a request, no TLS, no compression.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::request::{Answer, Request, Transport};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends requests to a server on `http://`.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    address: String,
    prefix: String,
}

impl HttpTransport {
    /// A client of this base URL, such as `http://127.0.0.1:8080/scim/v2`.
    ///
    /// # Errors
    /// It does not begin with `http://`.
    pub fn new(base: &str) -> io::Result<Self> {
        let wrong = || {
            let text = "the base URL must look like http://host:port/path";
            io::Error::new(io::ErrorKind::InvalidInput, text)
        };
        let rest = base
            .trim_end_matches('/')
            .strip_prefix("http://")
            .ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let address = if host.contains(':') {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("/{path}")
        };
        Ok(Self { address, prefix })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        stream.write_all(self.written(request).as_bytes())?;
        read(&mut BufReader::new(stream), &request.method)
    }
}

impl HttpTransport {
    fn written(&self, request: &Request) -> String {
        let Request {
            method,
            path,
            headers,
            body,
        } = request;
        let first = format!("{method} {}{path} HTTP/1.1", self.prefix);
        let mut head = vec![
            first,
            format!("Host: {}", self.address),
            "Connection: close".into(),
        ];
        head.extend(
            headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        let has_length = body.is_some() || matches!(method.as_str(), "POST" | "PUT" | "PATCH");
        let body = body.as_deref().unwrap_or_default();
        if has_length {
            head.push(format!("Content-Length: {}", body.len()));
        }
        format!("{}\r\n\r\n{body}", head.join("\r\n"))
    }
}

/// Reads one answer; an interim one (1xx) before it is passed over.
fn read(stream: &mut dyn BufRead, method: &str) -> io::Result<Answer> {
    loop {
        let status = status(&line(stream)?)?;
        let headers = headers(stream)?;
        if (100..200).contains(&status) {
            continue;
        }
        let coding = headers.get("content-encoding").map(String::as_str);
        if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
            return Err(bad("a compressed answer, which this client cannot read"));
        }
        let body = match status {
            204 | 304 => Vec::new(),
            _ if method == "HEAD" => Vec::new(),
            _ => body(stream, &headers)?,
        };
        return Ok(Answer {
            status,
            headers,
            body,
        });
    }
}

fn body(stream: &mut dyn BufRead, headers: &BTreeMap<String, String>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if headers
        .get("transfer-encoding")
        .is_some_and(|coding| coding.contains("chunked"))
    {
        while let Some(chunk) = chunk(stream)? {
            body.extend(chunk);
        }
    } else if let Some(length) = headers.get("content-length") {
        let length = length
            .parse()
            .map_err(|_| bad("Content-Length is no number"))?;
        stream.take(length).read_to_end(&mut body)?;
        if body.len() as u64 != length {
            return Err(bad("the answer ends before its Content-Length"));
        }
    } else {
        stream.read_to_end(&mut body)?;
    }
    Ok(body)
}

/// The next chunk; none at the last one.
fn chunk(stream: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let size = line(stream)?;
    let digits = size.split(';').next().unwrap_or_default().trim();
    let size = usize::from_str_radix(digits, 16).map_err(|_| bad("a chunk without a size"))?;
    if size == 0 {
        headers(stream)?;
        return Ok(None);
    }
    let mut chunk = vec![0; size];
    stream.read_exact(&mut chunk)?;
    line(stream)?;
    Ok(Some(chunk))
}

fn status(line: &str) -> io::Result<u16> {
    let code = line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split(' ').nth(1));
    code.and_then(|code| code.parse().ok())
        .ok_or_else(|| bad("no HTTP/1 status line"))
}

/// Header lines up to the empty one; several of one name are joined.
fn headers(stream: &mut dyn BufRead) -> io::Result<BTreeMap<String, String>> {
    let mut headers = BTreeMap::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| bad("a header without a colon"))?;
        headers
            .entry(name.to_lowercase())
            .and_modify(|old: &mut String| *old = format!("{old}, {}", value.trim()))
            .or_insert_with(|| value.trim().to_owned());
    }
}

/// One line without its end.
fn line(stream: &mut dyn BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(bad("the answer ends too early"));
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
