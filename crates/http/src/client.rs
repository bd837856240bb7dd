//! Where a request comes from: the one answer that logs, limits and the ranges of keys go by.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::{HttpRequest, http::header::HeaderMap};
use domain::address::Range;

/// The header in which a proxy names the client. One of them is believed: a proxy that sets the
/// one and passes the other on would let clients choose their address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses in a row, the nearest hop last.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239): the `for` of each element, in the same order.
    Forwarded,
}

/// Proxies that are believed what they say of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    trusted: Vec<Range>,
    header: ForwardedHeader,
}

impl Proxies {
    /// The proxies with these addresses, and the header that they set.
    pub fn new(trusted: Vec<Range>, header: ForwardedHeader) -> Proxies {
        Proxies { trusted, header }
    }

    /// Whether nobody is believed.
    pub fn is_empty(&self) -> bool {
        self.trusted.is_empty()
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|range| range.contains(address))
    }

    /// From the nearest hop outwards: the first that is no trusted proxy is the client. What lies
    /// behind it was written by the client and means nothing, nor does what is no address.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        for hop in hops(self.header, headers).iter().rev() {
            let Some(hop) = hop else { break };
            client = *hop;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// The client's address: that of the other end of the connection, or what a trusted proxy there
/// says. Other headers do not count, because anybody can send them.
pub(crate) fn address(request: &HttpRequest, proxies: &Proxies) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    Some(proxies.client(peer, request.headers()))
}

/// All hops that the header names, in its order; none for one that is no address.
fn hops(header: ForwardedHeader, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let name = match header {
        ForwardedHeader::XForwardedFor => "x-forwarded-for",
        ForwardedHeader::Forwarded => "forwarded",
    };
    headers
        .get_all(name)
        .flat_map(|value| match value.to_str() {
            Ok(text) => text.split(',').map(|hop| hop_of(header, hop)).collect(),
            Err(_) => vec![None],
        })
        .collect()
}

fn hop_of(header: ForwardedHeader, text: &str) -> Option<IpAddr> {
    let node = match header {
        ForwardedHeader::XForwardedFor => text,
        ForwardedHeader::Forwarded => text.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then_some(value)
        })?,
    };
    let node = node.trim().trim_matches('"');
    let bare = node
        .strip_prefix('[')
        .and_then(|node| node.strip_suffix(']'));
    let address = bare
        .unwrap_or(node)
        .parse::<IpAddr>()
        .or_else(|_| node.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()?;
    Some(address.to_canonical())
}

/// What counts as one source where sources are limited: an IPv4 address, or the /64 of an IPv6
/// address, which is what one client is usually given (RFC 6177).
pub(crate) fn source(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests;
