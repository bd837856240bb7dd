//! The socket under a connection of libpq, which diesel does not show.
//!
//! It is found by what the process has open before and after the connection is made (Linux: by
//! `/proc`). Only one connection is made at a time for that. Where it cannot be told which one it
//! is, there is none: then only the server's timeouts and those of TCP end a call.

use std::collections::{BTreeMap, BTreeSet};
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use nix::sys::socket::{AddressFamily, Shutdown, SockaddrLike, SockaddrStorage};
use nix::sys::socket::{getpeername, getsockname, shutdown};

/// A socket that stays what it is for as long as its number means the same file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Socket {
    pub(super) number: RawFd,
    /// As in `socket:[4711]`, which no two have.
    name: PathBuf,
}

impl Socket {
    /// Ends it for both sides; whoever waits at it is told so.
    pub(super) fn shut(&self) {
        // Its number may have passed to another since.
        if named(self.number).as_ref() == Some(&self.name) {
            // It may be closed already, which is as good.
            let _ = shutdown(self.number, Shutdown::Both);
        }
    }
}

/// Makes a connection and finds its socket.
///
/// # Errors
/// Those of `connect`.
pub(crate) fn finding<T, E>(
    connect: impl FnOnce() -> Result<T, E>,
) -> Result<(T, Option<Socket>), E> {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let before = open();
    let made = connect()?;
    Ok((made, one_of(&before, open())))
}

/// All sockets of this process by number.
fn open() -> BTreeMap<RawFd, PathBuf> {
    let entries = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
    let number = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    entries
        .filter_map(|entry| number(entry.ok()?))
        .filter_map(|number| Some((number, named(number)?)))
        .collect()
}

fn named(number: RawFd) -> Option<PathBuf> {
    let name = std::fs::read_link(format!("/proc/self/fd/{number}")).ok()?;
    let is_socket = name.to_str()?.starts_with("socket:");
    is_socket.then_some(name)
}

/// The one socket that is new and was not accepted from a client of ours.
fn one_of(before: &BTreeMap<RawFd, PathBuf>, after: BTreeMap<RawFd, PathBuf>) -> Option<Socket> {
    let known: BTreeSet<&PathBuf> = before.values().collect();
    let listening: BTreeSet<u16> = after
        .keys()
        .filter(|number| peer(**number).is_none())
        .filter_map(|number| port(&address(*number)?))
        .collect();
    let outward = |number: RawFd| match (address(number), peer(number)) {
        (Some(own), Some(peer)) => match port(&own) {
            Some(port) => !listening.contains(&port),
            None => is_named(&peer),
        },
        _ => false,
    };
    let mut new = after
        .into_iter()
        .filter(|(number, name)| !known.contains(name) && outward(*number));
    let (number, name) = new.next()?;
    new.next().is_none().then_some(Socket { number, name })
}

fn address(number: RawFd) -> Option<SockaddrStorage> {
    getsockname(number).ok()
}

fn peer(number: RawFd) -> Option<SockaddrStorage> {
    getpeername(number).ok()
}

fn port(address: &SockaddrStorage) -> Option<u16> {
    match address.family()? {
        AddressFamily::Inet => Some(address.as_sockaddr_in()?.port()),
        AddressFamily::Inet6 => Some(address.as_sockaddr_in6()?.port()),
        _ => None,
    }
}

/// A server's socket in the file system has a name, one of a pair has none.
fn is_named(address: &SockaddrStorage) -> bool {
    let unix = address.as_unix_addr();
    unix.is_some_and(|unix| unix.path().is_some() || unix.as_abstract().is_some())
}
