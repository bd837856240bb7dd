//! `rolecall healthcheck`: asks `/readyz` of the server that these settings describe.

mod tls;

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::json;

use super::Context;
use crate::{failure::Failure, settings::loopback_of};

/// Longest wait for the connection, and then for each part of the answer.
const WAIT: Duration = Duration::from_secs(5);
/// Enough for the status line; the rest is of no interest.
const ENOUGH: usize = 64;

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let settings = &context.settings;
    // The operator's own listener, where there is one, speaks no TLS.
    let encrypted = settings.tls.is_some() && settings.metrics_bind.is_none();
    let address = loopback_of(settings.metrics_bind.unwrap_or(settings.bind));
    let scheme = if encrypted { "https" } else { "http" };
    match ask(address, encrypted) {
        Ok(200) => context.out.answer("ready", &json!({"ready": true})),
        Ok(status) => Err(Failure::other(format!(
            "not ready: {scheme}://{address}/readyz answers {status}; the server's log says why"
        ))),
        Err(error) => Err(Failure::other(format!(
            "no server answers at {scheme}://{address}/readyz ({error}); is it running with the \
             same settings (http.bind, metrics.bind)?"
        ))),
    }
}

fn ask(address: SocketAddr, encrypted: bool) -> io::Result<u16> {
    let stream = TcpStream::connect_timeout(&address, WAIT)?;
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_write_timeout(Some(WAIT))?;
    if encrypted {
        status_of(tls::over(stream, address)?, address)
    } else {
        status_of(stream, address)
    }
}

fn status_of(mut stream: impl Read + Write, address: SocketAddr) -> io::Result<u16> {
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut answer = Vec::new();
    while !answer.contains(&b'\n') && answer.len() < ENOUGH {
        let mut part = [0; ENOUGH];
        match stream.read(&mut part)? {
            0 => break,
            length => answer.extend_from_slice(&part[..length]),
        }
    }
    status(&answer).ok_or_else(|| io::Error::other("the answer is not HTTP"))
}

fn status(answer: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(answer.split(|byte| *byte == b'\r').next()?).ok()?;
    line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}
