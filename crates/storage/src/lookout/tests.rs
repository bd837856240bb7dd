//! A server that takes connections and never says anything. One test: sockets that another opened
//! meanwhile would be in the way.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::{Line, finding};

#[test]
fn a_call_has_a_deadline_and_a_connection_its_socket() {
    a_call_without_an_answer_ends();
    an_idle_connection_and_a_quick_call_are_let_be();
    a_socket_that_was_accepted_is_not_the_one();
}

fn a_call_without_an_answer_ends() {
    let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = server.local_addr().unwrap();
    let (mut client, socket) = finding(|| TcpStream::connect(address)).unwrap();
    let (_accepted, _) = server.accept().unwrap();
    let line = Line::watch(socket.expect("the one new socket"));
    line.begin(Duration::from_millis(1));
    // Nobody ever writes: without the deadline this never returns.
    assert_eq!(client.read(&mut [0; 1]).unwrap(), 0);
    assert!(line.end());
}

fn an_idle_connection_and_a_quick_call_are_let_be() {
    let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = server.local_addr().unwrap();
    let (client, socket) = finding(|| TcpStream::connect(address)).unwrap();
    let line = Line::watch(socket.expect("the one new socket"));
    line.look(u64::MAX);
    line.begin(Duration::from_hours(1));
    line.look(super::now());
    assert!(!line.end());
    line.look(u64::MAX);
    assert!(!line.end());
    drop(client);
}

/// What clients open towards us while a connection is made is not taken for it.
fn a_socket_that_was_accepted_is_not_the_one() {
    let own = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let database = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let visitor = TcpStream::connect(own.local_addr().unwrap()).unwrap();
    let made = finding(|| {
        let (accepted, _) = own.accept()?;
        let made = TcpStream::connect(database.local_addr()?)?;
        Ok::<_, std::io::Error>((made, accepted))
    });
    let ((made, _accepted), socket) = made.unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&made);
    assert_eq!(socket.map(|socket| socket.number), Some(number));
    drop(visitor);
}
