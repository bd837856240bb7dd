//! What systemd is told, where it wants to know (`sd_notify(3)`: one datagram to the socket that
//! `NOTIFY_SOCKET` names; nothing where it is not set).

use std::{
    ffi::OsStr,
    io,
    os::unix::{
        ffi::OsStrExt,
        net::{SocketAddr, UnixDatagram},
    },
    time::Duration,
};

/// The server answers.
pub(crate) const READY: &str = "READY=1";
/// It was told to stop and lets requests in flight end.
pub(crate) const STOPPING: &str = "STOPPING=1";
/// It is alive.
pub(crate) const ALIVE: &str = "WATCHDOG=1";

/// Tells the supervisor, if there is one. That it cannot be told changes nothing for us, nor is one
/// that does not listen waited for: this is called where signals are taken.
pub(crate) fn tell(state: &str) {
    match send(state) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            tracing::debug!(state, "systemd has not read what it was told before");
        }
        Err(error) => tracing::warn!(%error, state, "systemd could not be told"),
    }
}

fn send(state: &str) -> io::Result<()> {
    let Some(name) = variable("NOTIFY_SOCKET") else {
        return Ok(());
    };
    let address = match name.as_bytes() {
        [b'@', name @ ..] => in_abstract(name)?,
        _ => SocketAddr::from_pathname(&name)?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    socket.send_to_addr(state.as_bytes(), &address)?;
    Ok(())
}

/// A socket without a file, as Linux has them.
#[cfg(target_os = "linux")]
fn in_abstract(name: &[u8]) -> io::Result<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    SocketAddr::from_abstract_name(name)
}

#[cfg(not(target_os = "linux"))]
fn in_abstract(_: &[u8]) -> io::Result<SocketAddr> {
    Err(io::ErrorKind::Unsupported.into())
}

/// How often to say that the server is alive: twice in the time that the supervisor waits
/// (`WatchdogSec=`), as `sd_watchdog_enabled(3)` asks for.
pub(crate) fn watchdog() -> Option<Duration> {
    let micros: u64 = variable("WATCHDOG_USEC")?.to_str()?.parse().ok()?;
    (micros >= 2).then(|| Duration::from_micros(micros / 2))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the supervisor's protocol, not a setting"
)]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| value != OsStr::new(""))
}
